"""The steps that a history tells, with events as AWS writes them (docs/facts.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from executions.history_events import make_events, state
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.executions import history as history_module
from sfn_s3_cli.executions.failed_state import find_failure
from sfn_s3_cli.executions.history import read_history
from sfn_s3_cli.executions.steps import Activity, History, MapCounts

if TYPE_CHECKING:
    from sfn_s3_cli.executions.steps import HistoryEvent

TASK = {"resourceType": "lambda", "resource": "invoke"}
BOOM = {**TASK, "error": "Boom", "cause": "it broke"}
STARTED = (0, "ExecutionStarted", {"input": "{}"})


def outline(history: History) -> list[str]:
    """One line for each step: where, its status, attempts and error."""
    return [
        " ".join(
            [
                "/".join([*each.path, each.name]),
                each.status,
                *([f"x{each.attempts}"] if each.attempts else []),
                *([each.error] if each.error else []),
            ]
        )
        for each in history.steps
    ]


def test_a_task_that_is_retried_and_succeeds_is_one_step() -> None:
    history = read_history(
        make_events(
            STARTED,
            (0, "TaskStateEntered", state("Work", input="{}")),
            (2, "TaskScheduled", TASK),
            (3, "TaskStarted", TASK),
            (4, "TaskFailed", BOOM),
            (5, "TaskScheduled", TASK),
            (6, "TaskStarted", TASK),
            (7, "TaskSucceeded", {**TASK, "output": "1"}),
            (8, "TaskStateExited", state("Work", output="1")),
            (9, "ExecutionSucceeded", {"output": "1"}),
        )
    )
    assert outline(history) == ["Work SUCCEEDED x2 Boom"]
    (step,) = history.steps
    assert (step.resource, step.input, step.output) == ("lambda:invoke", None, None)
    assert step.duration is not None
    assert step.duration.total_seconds() == 7
    assert (history.events, history.failed_state) == (10, None)


def test_a_caught_error_keeps_the_input() -> None:
    history = read_history(
        make_events(
            STARTED,
            (0, "TaskStateEntered", state("Work", input='{"n": 1}')),
            (2, "LambdaFunctionScheduled", {"resource": "arn:aws:lambda:f"}),
            (3, "LambdaFunctionStarted"),
            (4, "LambdaFunctionTimedOut", {"error": "States.Timeout"}),
            (5, "TaskStateExited", state("Work", output="{}")),
            (6, "PassStateEntered", state("Mend", input="{}")),
            (7, "PassStateExited", state("Mend", output="{}")),
            (8, "ExecutionSucceeded"),
        )
    )
    assert outline(history) == ["Work CAUGHT x1 States.Timeout", "Mend SUCCEEDED"]
    assert [each.input for each in history.steps] == ['{"n": 1}', None]


def test_a_state_that_fails_by_itself_gets_the_error() -> None:
    history = read_history(
        make_events(
            STARTED,
            (0, "ChoiceStateEntered", state("Route", input="{}")),
            (2, "ExecutionFailed", {"error": "States.NoChoiceMatched", "cause": "no"}),
        )
    )
    assert outline(history) == ["Route FAILED States.NoChoiceMatched"]
    assert history.failed_state == "Route"


def test_an_expression_that_fails_belongs_to_its_state() -> None:
    failed = {"error": "States.QueryEvaluationError", "cause": "bad", "state": "Sum"}
    history = read_history(
        make_events(
            STARTED,
            (0, "PassStateEntered", state("Sum", input="{}")),
            (2, "EvaluationFailed", failed),
            (3, "ExecutionFailed", {"error": failed["error"]}),
        )
    )
    assert outline(history) == ["Sum FAILED States.QueryEvaluationError"]


PARALLEL = (
    STARTED,
    (0, "ParallelStateEntered", state("Both", input="{}")),
    (2, "ParallelStateStarted"),
    (3, "TaskStateEntered", state("Left", input="{}")),
    (3, "WaitStateEntered", state("Right", input="{}")),
    (4, "TaskScheduled", TASK),
)


def test_a_failed_branch_aborts_the_other() -> None:
    history = read_history(
        make_events(
            *PARALLEL,
            (6, "TaskFailed", BOOM),
            (7, "WaitStateAborted"),
            (7, "ParallelStateFailed"),
            (9, "ExecutionFailed", BOOM),
        )
    )
    assert outline(history) == [
        "Both FAILED x1 Boom",
        "Both/Left FAILED x1 Boom",
        "Both/Right ABORTED",
    ]
    assert history.failed_state == "Left"


def test_a_caught_parallel_goes_on_outside() -> None:
    history = read_history(
        make_events(
            *PARALLEL,
            (6, "TaskFailed", BOOM),
            (7, "ParallelStateFailed"),
            (7, "ParallelStateExited", state("Both", output="{}")),
            (9, "PassStateEntered", state("After", input="{}")),
            (10, "PassStateExited", state("After", output="{}")),
            (11, "ExecutionSucceeded"),
        )
    )
    assert outline(history) == [
        "Both CAUGHT x1 Boom",
        "Both/Left FAILED x1 Boom",
        "Both/Right ABORTED",
        "After SUCCEEDED",
    ]


def test_an_outer_failure_follows_the_inner_one() -> None:
    history = read_history(
        make_events(
            STARTED,
            (0, "ParallelStateEntered", state("Outer")),
            (2, "ParallelStateStarted"),
            (3, "ParallelStateEntered", state("Inner")),
            (4, "ParallelStateStarted"),
            (5, "ChoiceStateEntered", state("Route")),
            (6, "ParallelStateFailed"),
            (6, "ParallelStateFailed"),
            (8, "ExecutionFailed", {"error": "States.NoChoiceMatched"}),
        )
    )
    assert outline(history) == [
        "Outer FAILED x1 States.NoChoiceMatched",
        "Outer/Inner FAILED x1 States.NoChoiceMatched",
        "Outer/Inner/Route FAILED States.NoChoiceMatched",
    ]
    assert history.failed_state == "Route"


def test_branches_end_before_what_follows_the_parallel() -> None:
    history = read_history(
        make_events(
            STARTED,
            (0, "ParallelStateEntered", state("Both")),
            (2, "ParallelStateStarted"),
            (3, "PassStateEntered", state("Left")),
            (3, "PassStateEntered", state("Right")),
            (4, "PassStateExited", state("Left")),
            (5, "PassStateExited", state("Right")),
            (6, "PassStateEntered", state("Left2")),
            (8, "PassStateExited", state("Left2")),
            (9, "ParallelStateSucceeded"),
            (9, "ParallelStateExited", state("Both")),
            (11, "SucceedStateEntered", state("Done")),
            (12, "SucceedStateExited", state("Done")),
            (13, "ExecutionSucceeded"),
        )
    )
    assert outline(history) == [
        "Both SUCCEEDED x1",
        "Both/Left SUCCEEDED",
        "Both/Right SUCCEEDED",
        "Both/Left2 SUCCEEDED",
        "Done SUCCEEDED",
    ]


def test_iterations_one_by_one_follow_each_other() -> None:
    """With MaxConcurrency 1 the second iteration names the end of the first one."""
    history = read_history(
        make_events(
            STARTED,
            (0, "MapStateEntered", state("Each")),
            (2, "MapStateStarted", {"length": 2}),
            (3, "MapIterationStarted", state("Each", index=0)),
            (4, "PassStateEntered", state("One")),
            (5, "PassStateExited", state("One")),
            (6, "MapIterationSucceeded", state("Each", index=0)),
            (6, "MapIterationStarted", state("Each", index=1)),
            (8, "PassStateEntered", state("One")),
            (9, "PassStateExited", state("One")),
            (10, "MapIterationSucceeded", state("Each", index=1)),
            (10, "MapStateSucceeded"),
            (10, "MapStateExited", state("Each")),
            (13, "ExecutionSucceeded"),
        )
    )
    assert outline(history) == [
        "Each SUCCEEDED x1",
        "Each[0]/One SUCCEEDED",
        "Each[1]/One SUCCEEDED",
    ]
    assert history.steps[0].iterations == MapCounts(2, succeeded=2)


def iterate(index: str | int, previous: int) -> tuple[Any, ...]:
    return (previous, "MapIterationStarted", state("Each", index=index))


MAP_FAILS = (
    STARTED,
    (0, "MapStateEntered", state("Each", input="[]")),
    (2, "MapStateStarted", {"length": "3"}),  # a log record writes numbers as text
    iterate("0", 3),
    iterate("1", 3),
    (4, "TaskStateEntered", state("Work", input="0")),
    (5, "TaskStateEntered", state("Work", input="1")),
    (6, "TaskScheduled", TASK),
    (7, "TaskScheduled", TASK),
    (9, "TaskFailed", BOOM),
    (10, "MapIterationFailed", state("Each", index="1")),
    (10, "TaskStateAborted"),
    (10, "MapIterationAborted", state("Each", index="0")),
    (10, "MapStateFailed"),
)


def test_a_failed_iteration_aborts_the_others() -> None:
    history = read_history(make_events(*MAP_FAILS, (14, "ExecutionFailed", BOOM)))
    assert outline(history) == [
        "Each FAILED x1 Boom",
        "Each[0]/Work ABORTED x1",
        "Each[1]/Work FAILED x1 Boom",
    ]
    assert history.steps[0].iterations == MapCounts(3, failed=1, aborted=1)
    assert history.steps[2].input == "1"
    assert history.failed_state == "Work"


@pytest.mark.parametrize("previous", [10, 14])
def test_a_retried_map_counts_its_iterations_anew(previous: int) -> None:
    history = read_history(
        make_events(
            *MAP_FAILS,
            (previous, "MapStateStarted", {"length": 1}),
            iterate(0, 15),
            (16, "PassStateEntered", state("One")),
            (17, "PassStateExited", state("One")),
            (18, "MapIterationSucceeded", state("Each", index=0)),
            (18, "MapStateExited", state("Each")),
            (20, "ExecutionSucceeded"),
        )
    )
    assert outline(history)[0] == "Each SUCCEEDED x2 Boom"
    assert history.steps[0].iterations == MapCounts(1, succeeded=1)


def test_a_map_run_that_failed_is_the_failed_state() -> None:
    run, failure = {"mapRunArn": "arn"}, {"error": "States.ItemReaderFailed", "cause": "no file"}
    events = (
        STARTED,
        (0, "ParallelStateEntered", state("Both")),
        (2, "ParallelStateStarted"),
        (3, "MapStateEntered", state("Each")),
        (4, "MapStateStarted", {"length": 0}),
        (5, "MapRunStarted", run),
        (6, "MapRunFailed", failure),
        (7, "MapStateFailed"),
    )
    for previous in (7, 8):
        history = read_history(
            make_events(*events, (previous, "ParallelStateFailed"), (9, "ExecutionFailed", failure))
        )
        assert outline(history) == [
            "Both FAILED x1 States.ItemReaderFailed",
            "Both/Each FAILED x1 States.ItemReaderFailed",
        ]
        assert history.failed_state == "Each"
        caught = (previous, "ParallelStateFailed"), (9, "ParallelStateExited", state("Both"))
        history = read_history(make_events(*events, *caught))
        assert outline(history)[0] == "Both CAUGHT x1 States.ItemReaderFailed"


def test_a_map_around_a_map_run_fails_too() -> None:
    history = read_history(
        make_events(
            STARTED,
            (0, "MapStateEntered", state("Outer")),
            (2, "MapStateStarted", {"length": 1}),
            (3, "MapIterationStarted", state("Outer", index=0)),
            (4, "MapStateEntered", state("Each")),
            (5, "MapStateStarted", {"length": 0}),
            (6, "MapRunStarted", {"mapRunArn": "arn"}),
            (7, "MapRunFailed", BOOM),
            (8, "MapStateFailed"),
            (8, "MapIterationFailed", state("Outer", index=0)),
            (8, "MapStateFailed"),
            (11, "ExecutionFailed", BOOM),
        )
    )
    assert outline(history) == ["Outer FAILED x1 Boom", "Outer[0]/Each FAILED x1 Boom"]
    assert history.failed_state == "Each"


def test_a_redrive_forgets_where_it_failed_before() -> None:
    failed = (STARTED, (0, "TaskStateEntered", state("A")), (2, "TaskFailed", BOOM))
    events = make_events(*failed, (3, "ExecutionFailed", BOOM), (4, "ExecutionRedriven"))
    assert read_history(events[:4]).failed_state == "A"
    assert read_history(events).failed_state is None


def test_a_map_run_is_named() -> None:
    run = "arn:aws:states:eu-west-1:123456789012:mapRun:orders/Each:1"
    history = read_history(
        make_events(
            STARTED,
            (0, "MapStateEntered", state("Each", input="{}")),
            (2, "MapStateStarted", {"length": 0}),
            (3, "MapRunStarted", {"mapRunArn": run}),
            (4, "MapRunFailed", {"error": "States.ExceedToleratedFailureThreshold"}),
            (5, "MapStateFailed"),
            (6, "ExecutionFailed", {"error": "States.ExceedToleratedFailureThreshold"}),
        )
    )
    assert outline(history) == ["Each FAILED x1 States.ExceedToleratedFailureThreshold"]
    assert (history.steps[0].map_run_arn, history.steps[0].iterations) == (run, None)
    assert history.failed_state == "Each"


@pytest.mark.parametrize("end", ["ExecutionTimedOut", "ExecutionAborted"])
def test_what_was_open_ends_with_the_execution(end: str) -> None:
    status = {"ExecutionTimedOut": "TIMED_OUT", "ExecutionAborted": "ABORTED"}[end]
    history = read_history(make_events(*PARALLEL, (0, end)))
    assert outline(history) == [
        f"Both {status} x1",
        f"Both/Left {status} x1",
        f"Both/Right {status}",
    ]
    assert history.failed_state == "Right"


REDRIVEN = (
    STARTED,
    (0, "TaskStateEntered", state("Work", input="{}")),
    (2, "TaskScheduled", TASK),
    (3, "TaskFailed", BOOM),
    (4, "ExecutionFailed", BOOM),
    (5, "ExecutionRedriven", {"redriveCount": 1}),
)


def test_a_redrive_continues_the_task_that_failed() -> None:
    history = read_history(
        make_events(
            *REDRIVEN,
            (6, "TaskScheduled", TASK),
            (7, "TaskSucceeded", TASK),
            (8, "TaskStateExited", state("Work")),
            (9, "ExecutionSucceeded"),
        )
    )
    assert outline(history) == ["Work SUCCEEDED x2 Boom"]
    assert len(history.redrives) == 1


def test_a_redrive_may_enter_the_state_again() -> None:
    history = read_history(
        make_events(
            *REDRIVEN,
            (6, "TaskStateEntered", state("Work", input="{}")),
            (7, "TaskScheduled", TASK),
            (8, "TaskSucceeded", TASK),
            (9, "TaskStateExited", state("Work")),
            (10, "ExecutionSucceeded"),
        )
    )
    assert outline(history) == ["Work FAILED x1 Boom", "Work SUCCEEDED x1"]


def test_a_redriven_branch_stays_in_its_parallel() -> None:
    history = read_history(
        make_events(
            *PARALLEL,
            (6, "TaskFailed", BOOM),
            (7, "ParallelStateFailed"),
            (8, "ExecutionFailed", BOOM),
            (9, "ExecutionRedriven", {"redriveCount": 1}),
            (10, "TaskStateEntered", state("Left", input="{}")),
            (11, "TaskScheduled", TASK),
        )
    )
    assert outline(history) == [
        "Both RUNNING x1 Boom",
        "Both/Left FAILED x1 Boom",
        "Both/Right ABORTED",
        "Both/Left RUNNING x1",
    ]


@pytest.mark.parametrize(
    ("more", "activity"),
    [
        ([(2, "TaskScheduled", TASK)], Activity.NOT_STARTED),
        ([(2, "TaskScheduled", TASK), (3, "TaskStarted", TASK)], Activity.WORKING),
        ([(2, "TaskScheduled", TASK), (3, "TaskFailed", BOOM)], Activity.RETRY),
        (
            [
                (2, "TaskScheduled", {**TASK, "resource": "startJobRun.sync"}),
                (3, "TaskSubmitted", TASK),
            ],
            Activity.JOB,
        ),
        (
            [
                (2, "TaskScheduled", {**TASK, "resource": "invoke.waitForTaskToken"}),
                (3, "TaskSubmitted", TASK),
            ],
            Activity.TASK_TOKEN,
        ),
    ],
)
def test_what_a_running_task_waits_for(more: Any, activity: Activity) -> None:
    history = read_history(make_events(STARTED, (0, "TaskStateEntered", state("Work")), *more))
    assert [(each.name, each.activity) for each in history.waiting] == [("Work", activity)]


def test_a_running_map_counts_and_names_the_innermost() -> None:
    history = read_history(make_events(*MAP_FAILS[:9]))
    assert history.steps[0].iterations == MapCounts(3, running=2, pending=1)
    assert [(each.path, each.activity) for each in history.waiting] == [
        (("Each[0]",), Activity.NOT_STARTED),
        (("Each[1]",), Activity.NOT_STARTED),
    ]


def test_data_of_all_steps_is_kept_only_on_request() -> None:
    events = make_events(
        STARTED,
        (0, "PassStateEntered", state("One", input="1")),
        (2, "PassStateExited", state("One", output="2")),
    )
    assert [(each.input, each.output) for each in read_history(events).steps] == [(None, None)]
    kept = read_history(events, keep_all=True)
    assert [(each.input, each.output) for each in kept.steps] == [("1", "2")]


def test_no_history_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """25,000 events, with all data kept as far as there is room."""
    monkeypatch.setattr(history_module, "MOST_KEPT", 5_000)

    def events() -> Any:
        yield from make_events(STARTED)
        for number in range(2, 25_000, 2):
            one = make_events(
                (number - 1, "PassStateEntered", state("A", input=f"{number:100}")),
                (number, "PassStateExited", state("A", output=f"{number:100}")),
            )
            yield from (each._replace(id=number + at) for at, each in enumerate(one))

    def count(history: History) -> int:
        return sum(len(each.input or "") + len(each.output or "") for each in history.steps)

    history = read_history(events(), keep_all=True)
    assert len(history.steps) == 12_499
    assert (count(history), history.omits_data) == (5_000, True)
    lean = read_history(events())
    assert (count(lean), lean.omits_data) == (0, False)


@st.composite
def histories(draw: st.DrawFn) -> list[HistoryEvent]:
    """States in turn, some of them in two branches; then a failure, a timeout or a stop."""
    lines: list[tuple[Any, ...]] = [STARTED]
    last = 0
    for number in range(draw(st.integers(0, 3))):
        lines.append((last, "PassStateEntered", state(f"Pass{number}")))
        lines.append((len(lines), "PassStateExited", state(f"Pass{number}")))
        last = len(lines)
    lines.append((last, "ParallelStateEntered", state("Both")))
    lines.append((len(lines), "ParallelStateStarted"))
    heads, running = [len(lines)] * 2, ["", ""]
    for number in range(draw(st.integers(1, 8))):
        branch = draw(st.integers(0, 1))
        name = running[branch]
        kind = "TaskStateExited" if name else "TaskStateEntered"
        lines.append((heads[branch], kind, state(name or f"Task{number}")))
        running[branch] = "" if name else f"Task{number}"
        heads[branch] = len(lines)
    end = draw(st.sampled_from(["ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"]))
    failing = next((branch for branch in (0, 1) if running[branch]), None)
    if end == "ExecutionFailed" and failing is not None:
        lines.append((heads[failing], "TaskFailed", BOOM))
        failed = len(lines)
        lines += [(failed, "ParallelStateFailed"), (failed + 1, end, BOOM)]
    elif end != "ExecutionFailed":
        lines.append((0, end))
    return make_events(*lines)


@given(histories())
def test_show_and_the_watch_name_the_same_state(events: list[HistoryEvent]) -> None:
    shown = read_history(events).failed_state
    assert shown == find_failure(events[::-1]).state
    assert (shown is None) == (not events[-1].type.startswith("Execution"))


EVENTS = (
    *("ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskFailed", "TaskSucceeded"),
    *("TaskStateExited", "MapStateEntered", "MapStateStarted", "MapIterationStarted"),
    *("MapIterationFailed", "MapIterationAborted", "MapStateFailed", "MapStateExited"),
    *("ParallelStateEntered", "ParallelStateStarted", "ParallelStateFailed", "EvaluationFailed"),
    *("ExecutionFailed", "ExecutionRedriven", "MapRunStarted", "MapRunFailed", "SomethingNew"),
)


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(EVENTS), st.integers(0, 2))))
def test_lost_and_unknown_events_never_break_it(found: list[tuple[int, str, int]]) -> None:
    """The records of a log may be incomplete, and AWS may add types."""
    lines = [(min(p, n), kind, state("ABC"[i], index=i)) for n, (p, kind, i) in enumerate(found)]
    history = read_history(make_events(*lines))
    assert len(history.steps) == sum(kind.endswith("StateEntered") for _, kind, _ in found)
    assert all((each.ended is None) == (each.status == "RUNNING") for each in history.steps)
