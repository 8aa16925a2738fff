"""What a terminal shows of an execution: map runs, long values and hostile text."""

from __future__ import annotations

from typing import Any

from executions.history_events import START, make_events, state

from sfn_s3_cli.executions.details import ExecutionDetails, MapRun
from sfn_s3_cli.executions.history import read_history
from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.executions.steps import MapCounts
from sfn_s3_cli.views.history import document, lines

TASK = {"resourceType": "lambda", "resource": "invoke"}


def show(*events: tuple[Any, ...], only_failed: bool = False, **more: Any) -> list[str]:
    execution = Execution("arn", "run", "FAILED", START, START, input=more.pop("text", None))
    history = read_history(make_events((0, "ExecutionStarted"), *events))
    details = ExecutionDetails(execution, history, START, only_failed=only_failed, **more)
    return [each.text for each in lines(details)]


def fail_iterations(count: int) -> Any:
    yield (0, "MapStateEntered", state("Each"))
    yield (2, "MapStateStarted", {"length": count})
    for number in range(count):
        first = 4 + 5 * number
        yield (3, "MapIterationStarted", state("Each", index=number))
        yield (first, "TaskStateEntered", state("Work", input=str(number)))
        yield (first + 1, "TaskScheduled", TASK)
        yield (first + 2, "TaskFailed", {**TASK, "error": "Boom"})
        yield (first + 3, "MapIterationFailed", state("Each", index=number))


def test_many_failed_iterations_are_counted() -> None:
    shown = show(*fail_iterations(25))
    assert sum("] Work" in line for line in shown) == 10
    assert shown[-1] == "  … 15 more failed steps in iterations: --failed"
    every = show(*fail_iterations(25), only_failed=True)
    assert sum("] Work" in line for line in every) == 25


def test_map_runs_are_summarised() -> None:
    runs = (
        MapRun("arn:aws:states:r:1:mapRun:orders/Each:7", "FAILED", MapCounts(100, 97, 3)),
        MapRun("arn:aws:states:r:1:mapRun:orders/Each:8", "", not_read="denied"),
    )
    shown = show((0, "PassStateEntered", state("A")), map_runs=runs)
    assert shown[-2:] == [
        "Map Run orders/Each:7 FAILED: 97 of 100 items succeeded, 3 failed",
        "Map Run orders/Each:8, not read: denied",
    ]


def test_no_text_of_others_reaches_the_terminal_raw() -> None:
    hostile = "a\x1b[31mb\u202e"
    failed = {"error": hostile, "cause": hostile}
    shown = show(
        (0, "TaskStateEntered", state(hostile, input=f'"{hostile}"')),
        (2, "ExecutionFailed", failed),
        text=f'{{"{hostile}": 1}}',
        data_not_read=hostile,
        places={hostile: hostile},
    )
    assert not any("\x1b" in line or "\u202e" in line for line in shown)
    assert any(r"\x1b[31mb\u202e" in line for line in shown)


def test_long_lists_are_cut_and_complete_on_request() -> None:
    text = str([*range(100)])
    cut = show((0, "PassStateEntered", state("A")), text=text)
    assert "  … 72 more lines: --full" in cut
    full = show((0, "PassStateEntered", state("A")), text=text, is_full=True)
    assert not any("--full" in line for line in full)
    assert sum(line.strip().rstrip(",").isdecimal() for line in full) == 100


def test_input_that_is_no_json_is_shown_as_it_is() -> None:
    nested = "[" * 100_000
    for text in ("{cut off", nested):
        shown = show((0, "PassStateEntered", state("A")), text=text, is_full=True)
        assert f"  {text}" in shown
        details = ExecutionDetails(
            Execution("arn", "run", "FAILED", START, START, input=text), read_history([]), START
        )
        assert document(details)["input"] == text
