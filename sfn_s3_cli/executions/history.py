"""Reads the steps of an execution from the events of its history.

The events of branches and iterations are mixed. Where one belongs is known from the event that it
names as the previous one; docs/facts.md says what AWS was seen to write there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.executions.history_nodes import CONTAINERS, ITERATION, Node, freeze
from sfn_s3_cli.executions.steps import CallResult, History, StepStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from sfn_s3_cli.executions.steps import HistoryEvent

MOST_KEPT = 32 * 1024 * 1024
"""Characters of inputs and outputs that are kept, so that no history fills the memory."""

_ENDS = {
    "ExecutionFailed": StepStatus.FAILED,
    "ExecutionTimedOut": StepStatus.TIMED_OUT,
    "ExecutionAborted": StepStatus.ABORTED,
}


def read_history(events: Iterable[HistoryEvent], *, keep_all: bool = False) -> History:
    """Reads the events in the order of their ids; with `keep_all` also the data of each step."""
    reader = _Reader(keep_all=keep_all)
    for event in events:
        reader.add(event)
    return reader.finish()


class _Reader:
    """Takes one event after the other. `_nodes` has the node of each event, by the event's id."""

    def __init__(self, *, keep_all: bool) -> None:
        self._keep_all = keep_all
        self._left = MOST_KEPT
        self._omits_data = False
        self._steps: list[Node] = []
        self._open: dict[int, Node] = {}
        self._nodes: dict[int, Node | None] = {}
        self._exited: dict[int, Node] = {}
        """The state that each event of an exit is about; in `_nodes` is what is around it."""
        self._redrives: dict[int, datetime] = {}
        self._failed_state: str | None = None

    def add(self, event: HistoryEvent) -> None:
        node = self._apply(event)
        if node is not None:
            node.last_type = event.type
        exits = event.type.endswith("StateExited")
        self._nodes[event.id] = node.parent if exits and node else node
        if exits and node and node.parent:
            self._exited[event.id] = node

    def _apply(self, event: HistoryEvent) -> Node | None:
        """Notes what the event says, and returns the node that it is about."""
        match event.type:
            case "ExecutionStarted" | "ExecutionSucceeded":
                return None
            case "ExecutionRedriven":
                self._redrives[event.id] = event.moment
                self._failed_state = None
                return None
            case "ExecutionFailed" | "ExecutionTimedOut" | "ExecutionAborted":
                self._end(event)
                return None
            case "MapStateStarted" | "ParallelStateStarted" | "MapRunRedriven":
                return self._start_container(event)
            case "MapStateFailed" | "ParallelStateFailed":
                return self._fail_container(event)
            case "MapRunStarted" | "MapRunFailed" | "MapRunAborted" | "MapRunSucceeded":
                return self._note_map_run(event)
            case "MapIterationStarted":
                return self._start_iteration(event)
            case "MapIterationSucceeded" | "MapIterationFailed" | "MapIterationAborted":
                return self._end_iteration(event)
        if event.type.endswith("StateEntered"):
            return self._enter(event)
        if event.type.endswith("StateExited"):
            return self._exit(event)
        if event.type.endswith(("StateSucceeded", "StateAborted")):
            return self._nodes.get(event.previous)  # without a name; what ended is known anyway
        return self._note_task(event)

    def _enter(self, event: HistoryEvent) -> Node:
        name = str(event.details.get("name", ""))
        node = Node(name, event.type.removesuffix("StateEntered"), None, event.moment)
        node.parent = self._find_scope(event, name)
        self._find_branch(node, event)
        node.input, node.number = event.details.get("input"), len(self._steps)
        self._open[node.number] = node
        self._steps.append(node)
        return node

    def _find_scope(self, event: HistoryEvent, name: str) -> Node | None:
        """The Parallel or the iteration in which a state is entered."""
        if event.previous in self._redrives:
            earlier = self._find_open(lambda each: each.name == name)
            return earlier.parent if earlier else None
        for each in self._list_around(event):
            if each.type in {ITERATION, "Parallel"} and not each.has_exited:
                return each
        return None

    def _find_branch(self, node: Node, event: HistoryEvent) -> None:
        """Notes the branch of a state in a Parallel: that of the state before it, or a new one."""
        around = node.parent
        if around is None or around.type != "Parallel":
            return
        before = self._exited.get(event.previous) or self._nodes.get(event.previous)
        for each in before.list_around() if before else ():
            if each.parent is around:
                node.index, node.attempt = each.index, each.attempt
                return
        node.index, node.attempt = around.branches, around.attempts
        around.branches += 1

    def _exit(self, event: HistoryEvent) -> Node | None:
        name = event.details.get("name")
        node = self._find(event, lambda each: each.name == name)
        if node is None:
            return None
        node.has_exited, node.ended = True, event.moment
        node.status = StepStatus.CAUGHT if node.is_failing else StepStatus.SUCCEEDED
        node.output = event.details.get("output")
        self._open.pop(node.number, None)
        for each in self._list_open_in(node):
            self._stop(each, event.moment, StepStatus.ABORTED)
            del self._open[each.number]
            self._keep_data(each)
        self._keep_data(node)
        return node

    def _start_container(self, event: HistoryEvent) -> Node | None:
        """The first start, or that of a retry: then of the outermost container that failed."""
        kind = "Parallel" if event.type.startswith("Parallel") else "Map"
        around = [each for each in self._list_around(event) if self._is_open(each, kind)]
        failed = [each for each in around if each.is_failing]
        node = failed[-1] if failed else around[0] if around else None
        node = node or self._find_open(lambda each: each.type == kind)
        if node is not None:
            self._begin_attempt(node)
            if event.type == "MapStateStarted":
                node.total = _read_length(event)
            node.counts, node.iterations, node.branches = {}, {}, 0
        return node

    def _fail_container(self, event: HistoryEvent) -> Node | None:
        kind = event.type.removesuffix("StateFailed")
        origin = self._nodes.get(event.previous)
        run = origin if origin and origin.last_type == "MapRunFailed" else None
        node = self._find(
            event, lambda each: each.type == kind and (each is run or not each.is_failing)
        )
        if node is None:
            return None
        is_inside = origin is not None and origin is not node and node in origin.list_around()
        node.origin = origin if is_inside else None
        node.is_failing = True
        if origin is not None:
            node.error, node.cause = origin.error, origin.cause
        self._stop_inside(node, event.moment, origin)
        return node

    def _start_iteration(self, event: HistoryEvent) -> Node | None:
        around = self._find_map(event)
        if around is None:
            return None
        index = int(event.details.get("index", 0))
        node = Node(around.name, ITERATION, around, event.moment, index)
        node.attempt = around.attempts
        around.iterations[index] = node
        return node

    def _end_iteration(self, event: HistoryEvent) -> Node | None:
        around = self._find_map(event)
        if around is None:
            return None
        node = around.iterations.pop(int(event.details.get("index", 0)), None)
        outcome = event.type.removeprefix("MapIteration").lower()
        around.counts[outcome] = around.counts.get(outcome, 0) + 1
        if node is not None and outcome != "succeeded":
            origin = self._nodes.get(event.previous) if outcome == "failed" else None
            self._stop_inside(node, event.moment, origin)
        return around

    def _find_map(self, event: HistoryEvent) -> Node | None:
        name = event.details.get("name")
        return self._find(event, lambda each: each.type == "Map" and each.name == name)

    def _note_map_run(self, event: HistoryEvent) -> Node | None:
        node = self._find(event, lambda each: each.type == "Map")
        if node is not None:
            node.map_run_arn = event.details.get("mapRunArn", node.map_run_arn)
            if event.type == "MapRunFailed":
                self._note_failure(node, event)
        return node

    def _note_task(self, event: HistoryEvent) -> Node | None:
        """An event of a Task, or of an expression that failed."""
        node = self._nodes.get(event.previous)
        if node is None or node.has_exited or node.type in {ITERATION, *CONTAINERS}:
            node = self._find_task(event.details.get("state"))
        if node is None:
            return None
        if event.type.endswith("Scheduled"):
            self._begin_attempt(node)
            kind, resource = (event.details.get(key) for key in ("resourceType", "resource"))
            node.resource = f"{kind}:{resource}" if kind else resource
        elif event.type.endswith(("Failed", "TimedOut")):
            self._note_failure(node, event)
        elif event.type.endswith("Succeeded"):
            node.is_failing = False
        if self._keep_all and (result := _read_result(event)):
            node.results.append(result)
        return node

    def _find_task(self, name: str | None) -> Node | None:
        """The state of that name; without one, a Task that a redrive continues, or the latest."""
        if name:
            return self._find_open(lambda each: each.name == name)
        tasks = [each for each in self._open.values() if each.type == "Task"]
        ended = [each for each in tasks if each.status is not StepStatus.RUNNING]
        return next(iter([*reversed(ended), *reversed(tasks)]), None)

    def _begin_attempt(self, node: Node) -> None:
        node.attempts += 1
        node.is_failing, node.origin = False, None
        for each in node.list_around():
            if not each.has_exited:
                each.status, each.ended = StepStatus.RUNNING, None

    def _note_failure(self, node: Node, event: HistoryEvent) -> None:
        node.is_failing = True
        node.error = event.details.get("error", event.type)
        node.cause = event.details.get("cause")

    def _end(self, event: HistoryEvent) -> None:
        """The execution ended without success, and with it every step that is still open."""
        status = _ENDS[event.type]
        if status is StepStatus.FAILED and (failed := self._nodes.get(event.previous)):
            while failed.origin:
                failed = failed.origin
            self._failed_state = failed.name
            for each in failed.list_around():
                each.is_failing = True
                if each.error is None:
                    each.error, each.cause = event.details.get("error"), event.details.get("cause")
        elif status is not StepStatus.FAILED and self._open:
            self._failed_state = self._open[max(self._open)].name
        for each in self._open.values():
            self._stop(each, event.moment, status)

    def _stop_inside(self, node: Node, moment: datetime, origin: Node | None) -> None:
        for each in self._list_open_in(node):
            each.is_failing = each.is_failing or each is origin
            self._stop(each, moment, StepStatus.ABORTED)

    def _stop(self, node: Node, moment: datetime, status: StepStatus) -> None:
        """Ends a step that has no event of its own for its end."""
        if node.status is not StepStatus.RUNNING:
            return
        node.ended = moment
        if node.is_failing:
            node.status = StepStatus.FAILED
        else:
            node.status = StepStatus.ABORTED if status is StepStatus.FAILED else status

    def _find(self, event: HistoryEvent, fits: Callable[[Node], bool]) -> Node | None:
        """The innermost open step around the previous event that fits; else the latest of all."""
        for each in self._list_around(event):
            if self._is_open(each) and fits(each):
                return each
        return self._find_open(fits)

    def _find_open(self, fits: Callable[[Node], bool]) -> Node | None:
        return next((each for each in reversed(self._open.values()) if fits(each)), None)

    def _list_around(self, event: HistoryEvent) -> Iterator[Node]:
        node = self._nodes.get(event.previous)
        return node.list_around() if node else iter(())

    def _is_open(self, node: Node, kind: str | None = None) -> bool:
        return not node.has_exited and node.type == (kind or node.type) != ITERATION

    def _list_open_in(self, node: Node) -> list[Node]:
        """The open steps inside a Parallel, a Map or an iteration."""
        if node.type not in {ITERATION, *CONTAINERS}:
            return []
        every = self._open.values()
        return [each for each in every if each is not node and node in each.list_around()]

    def _keep_data(self, node: Node) -> None:
        """Drops the data of a step that nobody asked for, or for which there is no room."""
        if not self._keep_all:
            node.output = None
            if node.status in {StepStatus.SUCCEEDED, StepStatus.RUNNING}:
                node.input = None
        self._left -= len(node.input or "") + len(node.output or "")
        self._left -= sum(len(each.output or "") for each in node.results)
        if self._left < 0 and (node.input or node.output):
            node.input = node.output = None
            node.results.clear()
            self._omits_data = True

    def finish(self) -> History:
        for each in self._open.values():
            self._keep_data(each)
        return History(
            steps=tuple(map(freeze, self._steps)),
            events=len(self._nodes),
            redrives=tuple(self._redrives.values()),
            failed_state=self._failed_state,
            omits_data=self._omits_data,
        )


def _read_result(event: HistoryEvent) -> CallResult | None:
    """What a call came to; None if the event is about something else.

    AWS may leave out the error of a call that timed out.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_TaskTimedOutEventDetails.html
    """
    output = event.details.get("output")
    if event.type == "EvaluationFailed":
        return None
    if event.type.endswith("TimedOut"):
        error = event.details.get("error") or "States.Timeout"
        return CallResult(error=error, cause=event.details.get("cause"))
    if event.type.endswith("Failed"):
        error = event.details.get("error") or event.type
        return CallResult(error=error, cause=event.details.get("cause"))
    if event.type.endswith(("Succeeded", "Submitted")):
        return CallResult(output, is_submitted=event.type.endswith("Submitted"))
    return None


def _read_length(event: HistoryEvent) -> int:
    """The number of iterations; text in a log record, and 0 for a Map Run, which reads its own."""
    return int(event.details.get("length") or 0)
