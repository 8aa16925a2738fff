"""The result of `sfnctl test`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.counts import Count
from sfn_s3_cli.testing.coverage import DEFAULT
from sfn_s3_cli.testing.report import Absent, Verdict
from sfn_s3_cli.testing.words import explain_failure, write_value
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.testing.coverage import Coverage, Part
    from sfn_s3_cli.testing.report import CaseResult, Difference, TestReport

_STYLES = {Verdict.PASSED: "green", Verdict.FAILED: "red", Verdict.ERROR: "red"}
MARKS = {Verdict.PASSED: ".", Verdict.FAILED: "F", Verdict.ERROR: "E"}
_MOST_LINES = 50
"""With more cases than this, each has a letter instead of a line."""
_WIDTH = 80


def lines(report: TestReport) -> Iterator[Line]:
    """Write each case, what differs in those that did not pass, and the counts."""
    if not report.is_listed:
        yield from _list_cases(report)
    elif not has_lines(len(report.results)):
        yield Line("")  # ends the letters
    for each in report.results:
        if each.verdict is not Verdict.PASSED:
            yield Line("")
            yield from _explain(each)
    if report.coverage is not None:
        yield Line("")
        yield from _cover(report.coverage)
    yield Line("")
    counts = (
        _count(each, report.counts[each]) for each in reversed(Verdict) if report.counts[each]
    )
    style = "bold green" if report.has_passed else "bold red"
    yield Line(f"{', '.join(counts)} in {report.seconds:.2f} s", style)


def _count(verdict: Verdict, number: int) -> str:
    if verdict is Verdict.ERROR:
        return f"{Count(number):error}"
    return f"{number:,} {verdict}"


def has_lines(count: int) -> bool:
    """Whether each of so many cases has a line, and not only a letter."""
    return count <= _MOST_LINES


def line(result: CaseResult) -> Line:
    text = f"{result.location}  {result.name}  {result.verdict.upper()}"
    return Line(escape(text), _STYLES[result.verdict])


def _list_cases(report: TestReport) -> Iterator[Line]:
    if has_lines(len(report.results)):
        yield from map(line, report.results)
        return
    marks = "".join(MARKS[each.verdict] for each in report.results)
    for start in range(0, len(marks), _WIDTH):
        yield Line(marks[start : start + _WIDTH])


def _explain(result: CaseResult) -> Iterator[Line]:
    yield Line(escape(f"{result.location}: {result.name}"), "bold")
    if result.failure is not None:
        message, remedy = explain_failure(result.failure)
        yield Line(f"    {escape(message)}", "red")
        if "arguments" in result.failure:
            yield Line(f"    arguments  {escape(write_value(result.failure['arguments']))}")
        yield Line(f"    {escape(remedy)}")
        return
    for each in result.differences:
        note = f": {each.note}" if each.note else ""
        yield Line(f"    {escape(each.where)}{escape(note)}", "red")
        yield Line(f"        expected  {escape(write_value(each.expected))}")
        yield Line(f"        found     {escape(write_value(each.found))}")


def _cover(coverage: Coverage) -> Iterator[Line]:
    for each in coverage.missed:
        place = f"{each.file}:{each.line}:{each.column}"
        yield Line(escape(f"{place}: no case reaches {_describe_part(each.part)}"), "yellow")
    count = coverage.parts - len(coverage.missed)
    share = f"{count} of {coverage.parts} ({100 * count // coverage.parts}%)"
    yield Line(f"Covered: {share} states, rules, retries and catches")


def _describe_part(part: Part) -> str:
    if not part.field:
        return f"the state {part.state!r}"
    if part.number == DEFAULT:
        return f"the Default of {part.state!r}"
    return f"{part.field}[{part.number}] of {part.state!r}"


def document(report: TestReport) -> JsonObject:
    return {
        "type": "test",
        "passed": report.has_passed,
        "counts": {str(each): report.counts[each] for each in Verdict},
        "seconds": report.seconds,
        "cases": [_document_case(each) for each in report.results],
        **({"coverage": _document_coverage(report.coverage)} if report.coverage else {}),
    }


def _document_coverage(coverage: Coverage) -> JsonObject:
    missed = [
        {
            "state": each.part.state,
            "field": each.part.field,
            "index": None if each.part.number == DEFAULT else each.part.number,
            "file": each.file,
            "line": each.line,
            "column": each.column,
        }
        for each in coverage.missed
    ]
    return {"parts": coverage.parts, "missed": missed}


def _document_case(result: CaseResult) -> JsonObject:
    found: JsonObject = {
        "name": result.name,
        "file": result.file,
        "line": result.line,
        "verdict": result.verdict,
        "seconds": result.seconds,
        "status": result.status,
        "error": result.error,
        "cause": result.cause,
        "path": result.path,
        "calls": list(result.calls),
        "differences": [_document_difference(each) for each in result.differences],
    }
    if result.status == "SUCCEEDED":
        found["output"] = result.output
    if result.failure is not None:
        message, remedy = explain_failure(result.failure)
        found["failure"] = {**result.failure, "message": message, "remedy": remedy}
    return found


def _document_difference(difference: Difference) -> JsonObject:
    sides = {"expected": difference.expected, "found": difference.found}
    known = {name: each for name, each in sides.items() if not isinstance(each, Absent)}
    note = {"note": difference.note} if difference.note else {}
    return {"where": difference.where, **known, **note}
