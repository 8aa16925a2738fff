"""A validation report as a SARIF 2.1.0 log, which code scanning services read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from sfn_s3_cli import __version__
from sfn_s3_cli.checks.codes import CODES
from sfn_s3_cli.views import report_files
from sfn_s3_cli.views.github import find_repository_path
from sfn_s3_cli.views.problems import join_sentences

if TYPE_CHECKING:
    from pathlib import Path

    from sfn_s3_cli.checks.report import ValidationReport
    from sfn_s3_cli.errors import Problem
    from sfn_s3_cli.json_types import JsonObject


def document(report: ValidationReport) -> JsonObject:
    """Return a log of one run. Columns count characters, as everywhere in sfnctl."""
    driver = {
        "name": "sfnctl",
        "version": __version__,
        "rules": [{"id": id_, "shortDescription": {"text": CODES[id_]}} for id_ in CODES],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each) for each in report.problems],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return {"$schema": schema, "version": "2.1.0", "runs": [run]}


def _result(problem: Problem) -> JsonObject:
    location: JsonObject = {
        "artifactLocation": {"uri": quote(find_repository_path(problem.file))},
    }
    if problem.line:
        location["region"] = {"startLine": problem.line, "startColumn": problem.column}
    return {
        "ruleId": problem.code,
        "level": str(problem.severity),
        "message": {"text": join_sentences(problem)},
        "locations": [{"physicalLocation": location}],
    }


def write(report: ValidationReport, path: Path) -> None:
    report_files.write(json.dumps(document(report), indent=2) + "\n", path)
