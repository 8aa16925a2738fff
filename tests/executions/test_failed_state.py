"""Where an execution failed, from histories as AWS writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.executions.failed_state import Failure, find_failure
from sfn_s3_cli.executions.steps import HistoryEvent

if TYPE_CHECKING:
    from sfn_s3_cli.json_types import JsonObject

START = datetime(2026, 1, 2, tzinfo=UTC)

# A line is an event: its id, the one of its cause, its type, and the name of a state.
HISTORIES = {
    "a task fails": (
        """
        1 0 ExecutionStarted
        2 0 PassStateEntered Begin
        3 2 PassStateExited Begin
        4 3 TaskStateEntered Validate
        5 4 TaskScheduled
        6 5 TaskStarted
        7 6 TaskFailed
        8 7 ExecutionFailed
        """,
        "Validate",
    ),
    "a task fails after a retry": (
        """
        1 0 ExecutionStarted
        2 0 TaskStateEntered Validate
        3 2 LambdaFunctionScheduled
        4 3 LambdaFunctionStarted
        5 4 LambdaFunctionFailed
        6 5 LambdaFunctionScheduled
        7 6 LambdaFunctionStarted
        8 7 LambdaFunctionTimedOut
        9 8 ExecutionFailed
        """,
        "Validate",
    ),
    "an error that is caught leads to a Fail": (
        """
        1 0 ExecutionStarted
        2 0 TaskStateEntered Validate
        3 2 TaskScheduled
        4 3 TaskFailed
        5 4 TaskStateExited Validate
        6 5 FailStateEntered Reject
        7 6 ExecutionFailed
        """,
        "Reject",
    ),
    "one of four iterations fails, the others are aborted": (
        """
        1 0 ExecutionStarted
        2 0 MapStateEntered Each
        3 2 MapStateStarted
        4 3 MapIterationStarted
        5 3 MapIterationStarted
        6 4 TaskStateEntered Invoke
        7 5 PassStateEntered Prepare
        8 6 TaskScheduled
        9 7 PassStateExited Prepare
        10 9 TaskStateEntered Beside
        11 8 TaskTimedOut
        12 11 MapIterationFailed
        13 11 TaskStateAborted
        14 11 MapIterationAborted
        15 11 MapStateFailed
        16 15 ExecutionFailed
        """,
        "Invoke",
    ),
    "a distributed Map fails": (
        """
        1 0 ExecutionStarted
        2 0 MapStateEntered Each
        3 2 MapRunStarted
        4 3 MapRunFailed
        5 4 MapStateFailed
        6 5 ExecutionFailed
        """,
        "Each",
    ),
    "an execution times out in a Wait": (
        """
        1 0 ExecutionStarted
        2 0 PassStateEntered Begin
        3 2 PassStateExited Begin
        4 3 WaitStateEntered Pause
        5 0 ExecutionTimedOut
        """,
        "Pause",
    ),
    "an execution times out while a Parallel runs": (
        """
        1 0 ExecutionStarted
        2 0 ParallelStateEntered Both
        3 2 ParallelStateStarted
        4 3 PassStateEntered Quick
        5 3 TaskStateEntered Slow
        6 4 PassStateExited Quick
        7 0 ExecutionTimedOut
        """,
        "Slow",
    ),
    "an execution is stopped": (
        """
        1 0 ExecutionStarted
        2 0 TaskStateEntered Slow
        3 2 TaskScheduled
        4 3 TaskStarted
        5 0 ExecutionAborted
        """,
        "Slow",
    ),
    "a loop times out in its second round": (
        """
        1 0 ExecutionStarted
        2 0 WaitStateEntered Pause
        3 2 WaitStateExited Pause
        4 3 WaitStateEntered Pause
        5 0 ExecutionTimedOut
        """,
        "Pause",
    ),
    "an execution fails again after a redrive": (
        """
        1 0 ExecutionStarted
        2 0 TaskStateEntered First
        3 2 TaskFailed
        4 3 ExecutionFailed
        5 4 ExecutionRedriven
        6 5 TaskScheduled
        7 6 TaskSucceeded
        8 7 TaskStateExited First
        9 8 TaskStateEntered Second
        10 9 TaskFailed
        11 10 ExecutionFailed
        """,
        "Second",
    ),
    "the state that failed is not entered again after a redrive": (
        """
        1 0 ExecutionStarted
        2 0 TaskStateEntered First
        3 2 TaskFailed
        4 3 ExecutionFailed
        5 4 ExecutionRedriven
        6 5 TaskScheduled
        7 6 TaskFailed
        8 7 ExecutionFailed
        """,
        "First",
    ),
    "a redrive is running already": (
        """
        1 0 ExecutionStarted
        2 0 TaskStateEntered First
        3 2 TaskFailed
        4 3 ExecutionFailed
        5 4 ExecutionRedriven
        6 5 TaskStateEntered Second
        """,
        "First",
    ),
    "the history names no causes": (
        """
        1 0 ExecutionStarted
        2 0 PassStateEntered Begin
        3 0 PassStateExited Begin
        4 0 TaskStateEntered Validate
        5 0 TaskFailed
        6 0 ExecutionFailed
        """,
        "Validate",
    ),
    "an execution ends before its first state": (
        """
        1 0 ExecutionStarted
        2 0 ExecutionAborted
        """,
        None,
    ),
}


def parse(lines: str) -> list[HistoryEvent]:
    """The events, the latest first."""
    events = []
    for line in lines.strip().splitlines():
        number, previous, kind, *name = line.split()
        details: JsonObject = {"name": name[0]} if name else {}
        if kind == "ExecutionFailed":
            details = {"error": "E", "cause": "because"}
        events.append(HistoryEvent(int(number), int(previous), kind, START, details))
    return events[::-1]


@pytest.mark.parametrize("name", HISTORIES)
def test_the_failed_state_is_found(name: str) -> None:
    lines, state = HISTORIES[name]
    why = ("E", "because") if "ExecutionFailed" in lines else (None, None)
    assert find_failure(parse(lines)) == Failure(state, *why)


def test_a_page_without_the_beginning_is_enough() -> None:
    lines, _ = HISTORIES["one of four iterations fails, the others are aborted"]
    assert find_failure(parse(lines)[:11]).state == "Invoke"
    assert find_failure(parse(lines)[:2]) == Failure(None, "E", "because")


def test_a_cause_on_another_page_leaves_the_state_open() -> None:
    """A state that another iteration entered later is not the one that failed."""
    quick = "\n".join(f"{number} 3 TaskStateEntered Quick" for number in range(6, 12))
    lines = f"""
        1 0 ExecutionStarted
        2 0 MapStateEntered Each
        3 2 MapStateStarted
        4 3 MapIterationStarted
        5 4 TaskStateEntered Slow
        {quick}
        12 5 TaskFailed
        13 12 ExecutionFailed
        """
    assert find_failure(parse(lines)).state == "Slow"
    assert find_failure(parse(lines)[:6]) == Failure(None, "E", "because")


def test_a_running_execution_has_no_failure() -> None:
    assert find_failure(parse("1 0 ExecutionStarted")) == Failure()
    assert find_failure([]) == Failure()


@given(st.lists(st.sampled_from([*"abcdefgh"]), max_size=12), st.data())
def test_any_history_is_read_to_an_end(words: list[str], data: st.DataObject) -> None:
    """Whatever a history says, even causes that come later."""
    kinds = ["TaskStateEntered X", "TaskStateExited X", "TaskFailed", "ExecutionFailed"]
    lines = "\n".join(
        f"{number} {data.draw(st.integers(0, 13))} {data.draw(st.sampled_from(kinds))}"
        for number, _ in enumerate(words, 1)
    )
    assert find_failure(parse(lines)).state in {"X", None}
