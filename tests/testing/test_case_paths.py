"""The path of an execution, from histories in which branches and iterations are mixed."""

from __future__ import annotations

from typing import Any

from executions.history_events import make_events, state

from sfn_s3_cli.executions.history import read_history
from sfn_s3_cli.testing.paths import list_path

BOTH: tuple[tuple[Any, ...], ...] = (
    (0, "ExecutionStarted"),
    (0, "ParallelStateEntered", state("Both")),
    (2, "ParallelStateStarted"),
    (3, "PassStateEntered", state("A")),
    (3, "TaskStateEntered", state("B")),
    (4, "PassStateExited", state("A")),
    (6, "PassStateEntered", state("A2")),
    (5, "TaskScheduled"),
)


def read_path(*lines: tuple[Any, ...]) -> list[Any]:
    return list_path(read_history(make_events(*lines)).steps)


def test_mixed_branches_are_told_apart() -> None:
    end = (
        (7, "PassStateExited", state("A2")),
        (8, "TaskSucceeded"),
        (10, "TaskStateExited", state("B")),
        (11, "PassStateEntered", state("B2")),
    )
    assert read_path(*BOTH, *end) == ["Both", ["A", "A2"], ["B", "B2"]]


def test_a_retried_parallel_begins_new_branches() -> None:
    again = (
        (8, "TaskFailed", {"error": "Again"}),
        (9, "ParallelStateFailed"),
        (9, "ParallelStateStarted"),
        (11, "PassStateEntered", state("A")),
        (11, "TaskStateEntered", state("B")),
    )
    assert read_path(*BOTH, *again) == ["Both", ["A", "A2"], ["B"], ["A"], ["B"]]


def test_mixed_iterations_come_in_their_order() -> None:
    def iteration(what: str, index: int) -> tuple[str, dict[str, Any]]:
        return f"MapIteration{what}", {"name": "Each", "index": index}

    assert read_path(
        (0, "ExecutionStarted"),
        (0, "MapStateEntered", state("Each")),
        (2, "MapStateStarted", {"length": 2}),
        (3, *iteration("Started", 1)),
        (4, "ParallelStateEntered", state("Both")),
        (3, *iteration("Started", 0)),
        (5, "ParallelStateStarted"),
        (6, "PassStateEntered", state("First")),
        (7, "PassStateEntered", state("A")),
        (9, "PassStateExited", state("A")),
        (10, "PassStateEntered", state("A2")),
    ) == ["Each", ["First"], ["Both", ["A", "A2"]]]
