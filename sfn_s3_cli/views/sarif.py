"""A validation report as a SARIF 2.1.0 log, which code scanning services read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from sfn_s3_cli import __version__
from sfn_s3_cli.checks.codes import CODES
from sfn_s3_cli.errors import SfnctlError, UsageError
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


def check_path(path: Path) -> None:
    """Raise UsageError if no log can be written to this path."""
    if str(path) == "-":
        raise UsageError("--sarif does not accept `-`", "name a file")
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113  (never raise)
        raise UsageError(f"{path} is not a regular file", "name another file for --sarif")
    if not os.path.isdir(path.parent):  # noqa: PTH112
        raise UsageError(
            f"the folder {path.parent} does not exist", "create it, or name another file"
        )


def write(report: ValidationReport, path: Path) -> None:
    """Replace the file atomically, so that nobody reads half a log."""
    target = path.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(document(report), indent=2) + "\n", encoding="utf-8")
        draft.replace(target)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise SfnctlError(f"cannot write {path}: {error.strerror}") from None
