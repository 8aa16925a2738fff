"""The verdict on a config as a SARIF 2.1.0 log, which code scanning services read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sfn_s3_cli import __version__
from sfn_s3_cli.documents.findings import RULES
from sfn_s3_cli.errors import SfnctlError, UsageError
from sfn_s3_cli.views.problems import in_repository, sentences

if TYPE_CHECKING:
    from pathlib import Path

    from sfn_s3_cli.checks.report import Verdict
    from sfn_s3_cli.errors import Problem

Document = dict[str, Any]


def document(verdict: Verdict) -> Document:
    """A log of one run. Columns are counted in characters, as everywhere in sfnctl."""
    driver = {
        "name": "sfnctl",
        "version": __version__,
        "rules": [{"id": id_, "shortDescription": {"text": RULES[id_]}} for id_ in RULES],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each) for each in verdict.problems],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return {"$schema": schema, "version": "2.1.0", "runs": [run]}


def _result(problem: Problem) -> Document:
    artifact = {"artifactLocation": {"uri": quote(in_repository(problem.file))}}
    start = {"startLine": problem.line, "startColumn": problem.column}
    region = {"region": start} if problem.line else {}
    return {
        "ruleId": problem.code,
        "level": str(problem.severity),
        "message": {"text": sentences(problem)},
        "locations": [{"physicalLocation": {**artifact, **region}}],
    }


def check(path: Path) -> None:
    """UsageError for what is no place for a log."""
    if str(path) == "-":
        raise UsageError("--sarif takes no `-`", "name a file")
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113  (never raise)
        raise UsageError(f"{path} is not a regular file", "name another file for --sarif")
    if not os.path.isdir(path.parent):  # noqa: PTH112
        raise UsageError(f"{path} is in no folder", f"make the folder {path.parent} first")


def write(verdict: Verdict, path: Path) -> None:
    """Replaces the file at once, so that nobody reads a part of it."""
    target = path.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(document(verdict), indent=2) + "\n", encoding="utf-8")
        draft.replace(target)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise SfnctlError(f"{path} cannot be written: {error.strerror}") from None
