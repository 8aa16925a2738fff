"""Compares what an execution did with what its case expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.testing import paths
from sfn_s3_cli.testing.coverage import list_states
from sfn_s3_cli.testing.failures import describe_failure
from sfn_s3_cli.testing.report import ABSENT, CaseResult, Difference, Verdict

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from sfn_s3_cli.executions.steps import History
    from sfn_s3_cli.local.testing.wire import Call, Outcome
    from sfn_s3_cli.testing.paths import Path
    from sfn_s3_cli.testing.runs import PlannedCase
    from sfn_s3_cli.testing.schema import Expect


def judge(planned: PlannedCase, outcome: Outcome) -> CaseResult:
    """Judges one case."""
    failure = outcome.get("failure")
    differences: tuple[Difference, ...] = ()
    path: Path = []
    if "status" in outcome:
        history, children = _read_histories(outcome)
        path = paths.list_path(history.steps, children)
        if failure is None:
            every = [history, *(each for found in children.values() for each in found)]
            attempts = paths.count_attempts(every)
            note = describe_failure(outcome, history.failed_state, planned.workflow)
            differences = (
                *find_differences(planned.case.expect, outcome, path, attempts, note),
                *_check_end(planned.case.to, outcome, path),
            )
    verdict = Verdict.ERROR if failure else Verdict.FAILED if differences else Verdict.PASSED
    return CaseResult(
        planned.case.name,
        planned.file,
        *planned.mark,
        verdict=verdict,
        seconds=outcome["seconds"],
        differences=differences,
        failure=failure,
        status=outcome.get("status"),
        error=outcome.get("error"),
        cause=outcome.get("cause"),
        output=outcome.get("output"),
        path=path,
        calls=outcome.get("calls", ()),
        taken=outcome.get("taken", ()),
    )


def _read_histories(outcome: Outcome) -> tuple[History, dict[str, list[History]]]:
    children: dict[str, list[History]] = {}
    for each in outcome["children"]:
        children.setdefault(each["map_run"] or "", []).append(paths.read(each))
    return paths.read(outcome["history"]), children


def find_differences(
    expect: Expect, outcome: Outcome, path: Path, attempts: Mapping[str, int], failure: str
) -> Iterator[Difference]:
    """What is not as expected; not what follows from another status."""
    status = outcome["status"]
    if status != expect.expected_status:
        note = failure if status == "FAILED" else ""
        yield Difference("status", expect.expected_status, status, note)
    if expect.path is not None and expect.path != path:
        yield Difference("path", expect.path, path, find_split(expect.path, path))
    yield from _compare_calls(expect.calls, outcome["calls"], attempts)
    for name, count in expect.attempts.items():
        if attempts.get(name, 0) != count:
            yield Difference(f"attempts.{name}", count, attempts.get(name, 0))
    if status != expect.expected_status:
        return
    if expect.has("output"):
        yield from compare(expect.output, outcome["output"], "output")
    if expect.has("exactly"):
        yield from compare(expect.exactly, outcome["output"], "output", is_exact=True)
    if expect.error is not None and expect.error != outcome["error"]:
        yield Difference("error", expect.error, outcome["error"], outcome["cause"])
    if expect.cause is not None and expect.cause not in outcome["cause"]:
        yield Difference("cause", expect.cause, outcome["cause"])


def _check_end(end: str | None, outcome: Outcome, path: Path) -> Iterator[Difference]:
    """A part must end after the state that `to` names, unless it fails before."""
    reached = {each.state for each in list_states(path)}
    if end is not None and outcome["status"] == "SUCCEEDED" and end not in reached:
        yield Difference("to", end, ABSENT, f"the execution never reached {end!r}")


def _compare_calls(
    expected: Mapping[str, object], calls: Sequence[Call], entered: Container[str]
) -> Iterator[Difference]:
    for state, wanted in expected.items():
        made = [each["arguments"] for each in calls if each["state"] == state]
        where = f"calls.{state}"
        if isinstance(wanted, list):
            if len(wanted) != len(made):
                yield Difference(where, wanted, made, f"{len(made)} calls, not {len(wanted)}")
                continue
            for number, (one, other) in enumerate(zip(wanted, made, strict=True)):
                yield from compare(one, other, f"{where}[{number}]")
        elif not made:
            why = "it failed before its call" if state in entered else "it was not called"
            yield Difference(where, wanted, ABSENT, why)
        else:
            for number, each in enumerate(made):
                place = f"{where}[{number}]" if len(made) > 1 else where
                yield from compare(wanted, each, place)


def compare(
    expected: object, found: object, where: str, *, is_exact: bool = False
) -> Iterator[Difference]:
    """Compares two values of JSON. Mappings may have more keys than expected, unless `is_exact`;
    lists have the same length, and numbers the same value."""
    match expected, found:
        case dict(), dict():
            for key, value in expected.items():
                place = f"{where}.{key}"
                if key in found:
                    yield from compare(value, found[key], place, is_exact=is_exact)
                else:
                    yield Difference(place, value, ABSENT)
            if is_exact:
                for key in sorted(found.keys() - expected.keys()):
                    yield Difference(f"{where}.{key}", ABSENT, found[key])
        case list(), list() if len(expected) == len(found):
            for number, (one, other) in enumerate(zip(expected, found, strict=True)):
                yield from compare(one, other, f"{where}[{number}]", is_exact=is_exact)
        case _ if expected != found or isinstance(expected, bool) != isinstance(found, bool):
            yield Difference(where, expected, found)


def find_split(expected: Sequence[object], found: Sequence[object], around: str = "") -> str:
    """Says where two paths, which differ, part."""
    after, name, inside = "the start", "", 0
    for number in range(max(len(expected), len(found))):
        one = expected[number] if number < len(expected) else ABSENT
        other = found[number] if number < len(found) else ABSENT
        if isinstance(other, str):
            name, inside = other, 0
        if one == other:
            after = repr(other) if isinstance(other, str) else after
            inside += isinstance(other, list)
            continue
        if isinstance(one, list) and isinstance(other, list):
            return find_split(one, other, f" in {name!r}[{inside}]{around}")
        return (
            f"left the expected path after {after}{around}:"
            f" expected {_describe_next(one)}, found {_describe_next(other)}"
        )
    return ""


def _describe_next(entry: object) -> str:
    if entry is ABSENT:
        return "the end"
    return repr(entry) if isinstance(entry, str) else f"an iteration or branch {entry}"
