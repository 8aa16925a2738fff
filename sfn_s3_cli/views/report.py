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

    from sfn_s3_cli.checks.report import Verdict
    from sfn_s3_cli.views import JsonObject


def lines(verdict: Verdict) -> Iterator[Line]:
    """Write every problem, what was not checked, and a summary."""
    yield from problems.lines(verdict.problems)
    for each in verdict.not_checked:
        yield Line(escape(f"Not checked: {each}"), "dim")
    yield from _summary(verdict)


def _summary(verdict: Verdict) -> Iterator[Line]:
    if verdict.is_valid:
        counts = "".join(f", {each}" for each in _count(verdict.problems))
        yield Line(escape(f"{verdict.config} and {verdict.definition} are valid{counts}."))
        return
    has_errors = any(each.severity is Severity.ERROR for each in verdict.problems)
    reason = "" if has_errors else "; --strict treats warnings as errors"
    for file in dict.fromkeys(each.file for each in verdict.problems):
        in_file = [each for each in verdict.problems if each.file == file]
        yield Line(escape(f"{file}: {', '.join(_count(in_file))}{reason}"), "bold")


def _count(problems: Iterable[Problem]) -> Iterator[str]:
    counts = Counter(each.severity for each in problems)
    for severity in Severity:
        if count := counts[severity]:
            yield f"{count} {severity}{'s' if count > 1 else ''}"


def document(verdict: Verdict) -> JsonObject:
    return {
        "type": "validate",
        "valid": verdict.is_valid,
        "config": str(verdict.config),
        "definition": verdict.definition and str(verdict.definition),
        "problems": problems.documents(verdict.problems),
        "not_checked": list(verdict.not_checked),
    }
