"""The result of `sfnctl validate`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import Problem, Severity
from sfn_s3_cli.views import problems
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sfn_s3_cli.checks.report import ValidationReport
    from sfn_s3_cli.json_types import JsonObject


def lines(report: ValidationReport) -> Iterator[Line]:
    """Write every problem, what was not checked, and a summary."""
    yield from problems.lines(report.problems)
    for each in report.not_checked:
        yield Line(escape(f"Not checked: {each}"), "dim")
    yield from _summary(report)


def _summary(report: ValidationReport) -> Iterator[Line]:
    if report.is_valid:
        counts = "".join(f", {each}" for each in _count(report.problems))
        yield Line(escape(f"{report.config} and {report.definition} are valid{counts}."))
        return
    has_errors = any(each.severity is Severity.ERROR for each in report.problems)
    reason = "" if has_errors else "; --strict treats warnings as errors"
    for file in dict.fromkeys(each.file for each in report.problems):
        in_file = [each for each in report.problems if each.file == file]
        yield Line(escape(f"{file}: {', '.join(_count(in_file))}{reason}"), "bold")


def _count(problems: Iterable[Problem]) -> Iterator[str]:
    counts = Counter(each.severity for each in problems)
    for severity in Severity:
        if count := counts[severity]:
            yield f"{count} {severity}{'s' if count > 1 else ''}"


def document(report: ValidationReport) -> JsonObject:
    return {
        "type": "validate",
        "valid": report.is_valid,
        "config": str(report.config),
        "definition": report.definition and str(report.definition),
        "problems": problems.documents(report.problems),
        "not_checked": list(report.not_checked),
    }
