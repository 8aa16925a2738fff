"""Step Functions: writes the events of branches, iterations and Map Runs into the history."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from sfn_s3_cli.local.internals import STATES, Request
from sfn_s3_cli.local.repairs import event_chain


class _Container(NamedTuple):
    """A Map or Parallel: the event that started it, and how many iterations run at once."""

    kind: str
    name: str
    started: int
    limit: int
    is_express: bool = False
    """Whether a Map runs its items as EXPRESS executions."""


_container: ContextVar[_Container | None] = ContextVar("container", default=None)
# The states that this thread runs inside it; None for those of the execution itself, whose events
# the emulator writes.
_branch: ContextVar[_Branch | None] = ContextVar("branch", default=None)


def install() -> None:
    """Adds the events that the emulator leaves out."""
    STATES.repair("_run_execution", run)
    STATES.repair("_run_sub_machine", run_inside)
    STATES.repair("_run_parallel_branches", run_branches)
    STATES.repair("_run_map_items", run_map)
    STATES.replace("_map_runs", _create_map_runs())
    for kind in ("pass", "task", "choice", "wait", "parallel", "map"):
        STATES.repair(f"_execute_{kind}", execute)


class _Branch(dict[str, Request]):
    """The states of a branch. It writes the events of those that have no function of their own."""

    def __init__(self, states: Request, execution: Request, value: Any) -> None:
        super().__init__(states)
        self.execution = execution
        self.value = value
        self.succeeds: str | None = None

    def get(self, name: str, default: Any = None) -> Any:
        """Is called for each state that is entered."""
        state = super().get(name, default)
        if state and state.get("Type") in {"Succeed", "Fail"}:
            self.enter(state, name)
            self.succeeds = name if state["Type"] == "Succeed" else None
        return state

    def enter(self, state: Request, name: str) -> None:
        _add_state(self.execution, state, "Entered", name, "input", self.value)

    def exit(self, state: Request, name: str, value: Any) -> None:
        self.value = value
        _add_state(self.execution, state, "Exited", name, "output", value)

    def finish(self, value: Any) -> None:
        if self.succeeds is not None:
            self.exit(self[self.succeeds], self.succeeds, value)


def _add_state(
    execution: Request, state: Request, what: str, name: str, key: str, value: Any
) -> None:
    details = {f"state{what}EventDetails": {"name": name, key: json.dumps(value)}}
    STATES["_add_event"](execution, f"{state['Type']}State{what}", details)


def run(original: Callable[[str], None], execution_arn: str) -> None:
    """The first state follows no event; after a redrive, the event of that."""
    execution = STATES["_executions"].get(execution_arn)
    events = execution["events"] if execution else []
    event_chain.begin(events[-1]["id"] if len(events) > 1 else 0)
    original(execution_arn)


def execute(original: Callable[..., Any], state: Request, value: Any, *more: Any) -> Any:
    branch = _branch.get()
    if branch is None:
        return original(state, value, *more)
    name = more[-1]["State"]["Name"]
    branch.enter(state, name)
    token = _branch.set(None)  # what runs inside this state has a branch of its own
    try:
        output, following = original(state, value, *more)
    finally:
        _branch.reset(token)
    branch.exit(state, name, output)
    return output, following


def run_inside(
    original: Callable[..., Any],
    states: Request,
    start_at: str,
    value: Any,
    execution: Request,
    context: Request,
) -> Any:
    """Runs a branch, an iteration, or an execution of a Map Run."""
    frame = _frame_execution if is_new_child(execution) else _frame_iteration
    branch = _Branch(states, execution, value)
    token = _branch.set(branch)
    try:
        with frame(execution, context) as end:
            output = original(branch, start_at, value, execution, context)
            branch.finish(output)
            end(output)
        return output
    finally:
        _branch.reset(token)


def is_new_child(execution: Request) -> bool:
    """Whether this is an execution of a Map Run that has not begun yet."""
    return "mapRunArn" in execution and not execution["events"]


@contextmanager
def _frame_iteration(execution: Request, context: Request) -> Iterator[Callable[[Any], None]]:
    """An iteration follows the start of the Map, or if it had to wait, the end of another one."""
    container = _container.get()
    if container is None or container.kind != "Map":
        with event_chain.branch(container.started if container else None):
            yield lambda _: None
        return
    index = context["Map"]["Item"]["Index"]
    is_first = container.limit == 0 or index < container.limit
    details = {"name": container.name, "index": index}

    def add(outcome: str) -> None:
        key = f"mapIteration{outcome}EventDetails"
        STATES["_add_event"](execution, f"MapIteration{outcome}", {key: {**details}})

    with event_chain.branch(container.started if is_first else None):
        add("Started")
        try:
            yield lambda _: add("Succeeded")
        except STATES["_ExecutionError"]:
            add("Failed")
            raise


@contextmanager
def _frame_execution(execution: Request, _context: Request) -> Iterator[Callable[[Any], None]]:
    """It has a history of its own; its thread runs nothing else of the one around it."""
    event_chain.begin(0)
    started = {"input": execution["input"], "roleArn": _find_role(execution)}
    _add(execution, "ExecutionStarted", started)
    event_chain.begin(0)
    try:
        yield lambda output: _succeed(execution, output)
    except STATES["_ExecutionError"] as error:
        _add(execution, "ExecutionFailed", {"error": error.error, "cause": error.cause})
        raise


def _succeed(execution: Request, output: Any) -> None:
    _add(execution, "ExecutionSucceeded", {"output": json.dumps(output)})


def _find_role(execution: Request) -> str:
    run = STATES["_map_runs"][execution["mapRunArn"]]
    return str(STATES["_executions"][run["executionArn"]]["machine"]["roleArn"])


def _add(execution: Request, kind: str, details: Request) -> Request:
    key = f"{kind[0].lower()}{kind[1:]}EventDetails"
    event: Request = STATES["_add_event"](execution, kind, {key: details})
    return event


def run_branches(
    original: Callable[..., Any], state: Request, value: Any, execution: Request, context: Request
) -> Any:
    """Each attempt of a Parallel starts and ends."""
    started = STATES["_add_event"](execution, "ParallelStateStarted")
    container = _Container("Parallel", context["State"]["Name"], started["id"], 0)
    return _run_container(original, container, state, value, execution, context)


def run_map(
    original: Callable[..., Any], state: Request, value: Any, execution: Request, context: Request
) -> Any:
    """Each attempt of a Map starts with the number of its items, and ends."""
    length = _count_items(state, value, context)
    if length is None:
        return original(state, value, execution, context)
    started = _add(execution, "MapStateStarted", {"length": length})
    limit = state.get("MaxConcurrency", 0)
    limit = limit if isinstance(limit, int) else 0
    processor = state.get("ItemProcessor", {}).get("ProcessorConfig", {})
    is_express = processor.get("ExecutionType") == "EXPRESS"
    container = _Container("Map", context["State"]["Name"], started["id"], limit, is_express)
    return _run_container(original, container, state, value, execution, context)


def _run_container(original: Callable[..., Any], container: _Container, *arguments: Any) -> Any:
    kind, execution = container.kind, arguments[2]
    token = _container.set(container)
    try:
        output = original(*arguments)
    except STATES["_ExecutionError"] as error:
        _end_map_run(execution, kind, error)
        STATES["_add_event"](execution, f"{kind}StateFailed")
        raise
    finally:
        _container.reset(token)
    _end_map_run(execution, kind, None)
    STATES["_add_event"](execution, f"{kind}StateSucceeded")
    return output


def _count_items(state: Request, value: Any, context: Request) -> int | None:
    """The number of items; None if they cannot be found, and 0 if a Map Run reads them."""
    if "ItemReader" in state:
        return 0
    try:
        if "Items" in state:
            items = STATES["_apply_jsonata_template"](state["Items"], value, context)
        else:
            effective = STATES["_apply_input_path"](state, value, context)
            items = STATES["_resolve_path_or_ctx"](state.get("ItemsPath", "$"), effective, context)
    except STATES["_ExecutionError"]:
        return None
    return len(items) if isinstance(items, list | dict) else None


def _create_map_runs() -> Any:
    """The emulator's store of Map Runs; but it writes the start of each into the history."""
    store = type(STATES["_map_runs"])

    def setitem(self: Any, arn: str, run: Request) -> None:
        store.__setitem__(self, arn, run)
        execution = STATES["_executions"].get(run["executionArn"])
        if execution is not None and run["status"] == "RUNNING":
            container = _container.get()
            run["_isExpress"] = container is not None and container.is_express
            execution["mapRuns"] = [*execution.get("mapRuns", ()), arn]
            _add(execution, "MapRunStarted", {"mapRunArn": arn})

    return type("MapRuns", (store,), {"__slots__": (), "__setitem__": setitem})()


def _end_map_run(execution: Request, kind: str, error: Any) -> None:
    started = execution.get("mapRuns")
    if kind != "Map" or not started:
        return
    run = STATES["_map_runs"].get(started[-1])
    execution["mapRuns"] = started[:-1]
    if run and run["status"] != "RUNNING":
        if error is None:
            STATES["_add_event"](execution, "MapRunSucceeded")
        else:
            _add(execution, "MapRunFailed", {"error": error.error, "cause": error.cause})
