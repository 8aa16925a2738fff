"""Step Functions: the execution that a thread runs, and how it ends before its last state."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from typing import Any, NamedTuple

from sfn_s3_cli.local.internals import STATES, Request
from sfn_s3_cli.local.repairs import entries
from sfn_s3_cli.local.repairs.express import express_arn, is_express_child

_EXPRESS_SECONDS = 5 * 60
_CONTEXT_FIELDS = {"Execution", "Map", "State", "StateMachine", "Task"}
_log = logging.getLogger(__name__)


class EndedError(SystemExit):
    """Ends a thread whose execution has ended. Python ends a thread quietly with a SystemExit."""


class Run(NamedTuple):
    """One run of an execution: a redrive is another one."""

    execution_arn: str
    ended: threading.Event


_run: ContextVar[Run | None] = ContextVar("run", default=None)
_context: ContextVar[Request | None] = ContextVar("context", default=None)
_runs: dict[int, Run] = {}
"""By the identity of the execution: two accounts can have executions with the same ARN."""
_end: threading.Lock = threading.Lock()


def install() -> None:
    """Lets executions end by time, by a stop, and with their state machine."""
    STATES.repair("_run_execution", run)
    STATES.repair("_scaled_sleep", sleep)
    STATES.repair("_add_event", add_event)
    STATES.repair("_fail_execution", fail)
    STATES.repair("_emit_execution_status_event", announce)
    STATES.repair("_run_sub_machine", run_inside)
    STATES.repair("_run_sub_machine", note_crash)
    STATES.repair("reset", reset)
    STATES.repair("_fail_state_error", read_failure)
    for kind in ("pass", "task", "choice", "wait", "parallel", "map"):
        STATES.repair(f"_execute_{kind}", execute)


def find_execution() -> Request | None:
    """The execution of this thread; None in TestState."""
    current = _run.get()
    execution: Request | None = (
        STATES["_executions"].get(current.execution_arn) if current else None
    )
    return execution


def find_context() -> Request | None:
    """The context object of the state that this thread executes, or has executed."""
    return _context.get()


def list_fields(context: Request) -> Request:
    """What a workflow can read of its context object: the emulator keeps more in it."""
    found = {key: each for key, each in context.items() if key in _CONTEXT_FIELDS}
    match context.get("Map"):
        case {"Item": {"Index": int(index), "Value": value}}:
            found["Map"] = {"Item": entries.describe_item(index, value)}
    return found


def make_runtime_error(cause: str) -> Exception:
    """A States.Runtime error, which no Retry or Catch matches."""
    return make_error("States.Runtime", cause)


def make_error(name: str, cause: str) -> Exception:
    """An error of a state, which names the state and its event in the words of AWS."""
    context, execution = find_context(), find_execution()
    place = ""
    if context and execution:
        state = context["State"]["Name"]
        entered = [
            event["id"]
            for event in execution["events"]
            if event.get("stateEnteredEventDetails", {}).get("name") == state
        ]
        at = f" (entered at the event id #{entered[-1]})" if entered else ""
        place = f"An error occurred while executing the state '{state}'{at}. "
    error: Exception = STATES["_ExecutionError"](name, f"{place}{cause}")
    return error


def make_gap_error(cause: str) -> Exception:
    """A States.Runtime error of the embedded cloud itself: AWS would go on. The execution keeps its
    cause for `list_gaps`."""
    execution = find_execution()
    if execution is not None:
        execution.setdefault("gap", cause)
    return make_runtime_error(cause)


def list_gaps() -> list[str]:
    """What the embedded cloud lacked, for each execution of the account that failed by it."""
    return [each["gap"] for each in STATES["_executions"].values() if "gap" in each]


def note_crash(original: Callable[..., Any], *arguments: Any) -> Any:
    """An error of the embedded cloud itself in a child of a Distributed Map says so, also between
    two states."""
    try:
        return original(*arguments)
    except STATES["_ExecutionError"]:
        raise
    except Exception as error:  # noqa: BLE001  (whatever it is, the child fails)
        raise make_gap_error(_describe_unexpected(error)) from None


def is_active() -> bool:
    """Whether an execution is running."""
    return bool(_runs)


def run(original: Callable[[str], None], execution_arn: str) -> None:
    """An execution keeps the definition and the role with which it started, and ends after the
    `TimeoutSeconds` of the definition; one of EXPRESS after five minutes (Amazon States Language,
    "Top-level fields"; Step Functions Guide, "Quotas")."""
    execution = STATES["_executions"].get(execution_arn)
    if execution is None:
        return
    seconds = _freeze(execution)
    current = Run(execution_arn, threading.Event())
    _runs[id(execution)] = current
    tokens = _run.set(current), _context.set(None)
    timer = threading.Timer(seconds or 0, copy_context().run, (_time_out, execution))
    timer.daemon = True
    if seconds is not None:
        timer.start()
    try:
        original(execution_arn)
    except EndedError:
        pass
    finally:
        timer.cancel()
        _run.reset(tokens[0])  # a nested execution runs in the thread of its parent
        _context.reset(tokens[1])


def _freeze(execution: Request) -> float | None:
    """Keeps the state machine as it is now; gives the seconds that the execution may take."""
    machine = STATES["_state_machines"].get(execution["stateMachineArn"])
    if machine is None:
        return None
    frozen = {name: machine[name] for name in ("definition", "roleArn", "type")}
    frozen = execution.setdefault("machine", frozen)
    limits = [_EXPRESS_SECONDS] if frozen["type"] == "EXPRESS" else []
    match json.loads(frozen["definition"]):
        case {"TimeoutSeconds": int(seconds)}:
            limits.append(seconds)
    return min(limits, default=None)


def _time_out(execution: Request) -> None:
    end(execution, "TIMED_OUT", "ExecutionTimedOut")


def end(execution: Request, status: str, event: str) -> None:
    """Ends a running execution."""
    with _end:
        if execution["status"] != "RUNNING":
            return
        execution.update(status=status, stopDate=STATES["now_iso"]())
        STATES["_add_event"](execution, event, {f"{event[0].lower()}{event[1:]}EventDetails": {}})
    STATES["_emit_execution_status_event"](execution)


def sleep(_original: Callable[[float], None], seconds: float) -> None:
    """A state that waits ends with its execution."""
    current, scaled = _run.get(), seconds * STATES["_SFN_WAIT_SCALE"]
    waiting = current.ended if current else threading.Event()
    if scaled > 0 and waiting.wait(scaled):
        raise EndedError


def add_event(
    original: Callable[..., Request], execution: Request, kind: str, details: Any = None
) -> Request:
    """An execution that has ended gets no more events. A Fail without Error or Cause leaves those
    out."""
    _check_end()
    if kind == "ExecutionFailed" and details:
        details = {name: _drop_empty(each) for name, each in details.items()}
    return original(execution, kind, details)


def _drop_empty(fields: Request) -> Request:
    return {name: each for name, each in fields.items() if each != ""}


def fail(original: Callable[..., None], execution: Request, error: str, cause: str) -> None:
    """An execution that has ended cannot fail any more. An error of the embedded cloud itself says
    so, also between two states."""
    _check_end()
    found = sys.exc_info()[1]
    if found is not None and not isinstance(found, STATES["_ExecutionError"]):
        execution.setdefault("gap", _describe_unexpected(found))
        cause = execution["gap"]
    original(execution, error, cause)


def read_failure(
    original: Callable[..., tuple[str, str]], state: Request, *more: Any
) -> tuple[str, str]:
    """A Fail needs no Error (Guide, "Fail workflow state")."""
    has_error = "Error" in state or "ErrorPath" in state
    error, cause = original(state, *more)
    return (error if has_error else ""), cause


def execute(original: Callable[..., Any], state: Request, value: Any, *more: Any) -> Any:
    """An execution ends at the next state when its state machine is deleted (Step Functions API,
    DeleteStateMachine). The context object has all fields (Guide, "Context object"). An error of
    the embedded cloud itself says so."""
    _check_end()
    context = more[-1]
    execution = find_execution()
    if execution is not None:
        if is_deleting(STATES["_state_machines"].get(execution["stateMachineArn"])):
            end(execution, "ABORTED", "ExecutionAborted")
            raise EndedError
        context["Execution"] |= _describe(execution)
    _context.set(context)
    try:
        return original(state, value, *more)
    except STATES["_ExecutionError"]:
        raise
    except Exception as error:  # noqa: BLE001  (whatever it is, the execution fails)
        _log.exception("unexpected error in the state '%s'", context["State"]["Name"])
        raise make_gap_error(_describe_unexpected(error)) from None


def _describe_unexpected(error: BaseException) -> str:
    return f"unexpected error in the embedded cloud: {type(error).__name__}: {error}"


def run_inside(
    original: Callable[..., Any],
    states: Any,
    start_at: Any,
    value: Any,
    execution: Any,
    context: Any,
) -> Any:
    """A branch and an iteration have a context object and variables of their own. A child of a
    Distributed Map is an execution of its own too."""
    own = {**context, "variables": dict(context["variables"])}
    if "mapRunArn" in execution:
        own["Execution"] = {**context["Execution"], **_describe_child(execution)}
    return original(states, start_at, value, execution, own)


def _describe(execution: Request) -> Request:
    count = execution.get("redriveCount", 0)
    redrive = {"RedriveTime": execution["redriveDate"]} if count else {}
    role = {"RoleArn": execution["machine"]["roleArn"]}
    if execution["machine"]["type"] != "EXPRESS":
        return {**role, "RedriveCount": count, **redrive}
    arn = express_arn(execution["executionArn"])
    return {**role, "RedriveCount": count, "Id": arn, "Name": arn.split(":")[-2]}


def _describe_child(child: Request) -> Request:
    arn = child["executionArn"]
    return {
        "Id": express_arn(arn) if is_express_child(arn) else arn,
        "Input": json.loads(child["input"]),
        "Name": child["name"],
        "StartTime": child["startDate"],
    }


def _check_end() -> None:
    current = _run.get()
    if current and current.ended.is_set():
        raise EndedError


def is_deleting(machine: Request | None) -> bool:
    return machine is not None and machine["status"] == "DELETING"


def announce(original: Callable[[Request], None], execution: Request) -> None:
    """When an execution has ended, its thread ends, and a deleted state machine after its last."""
    original(execution)
    if execution["status"] == "RUNNING":
        return
    if current := _runs.pop(id(execution), None):
        current.ended.set()
    arn = execution["stateMachineArn"]
    if is_deleting(STATES["_state_machines"].get(arn)):
        STATES["_delete_state_machine"]({"stateMachineArn": arn})


def reset(original: Callable[[], None]) -> None:
    """Ends the threads of all executions: they must not write into the emptied cloud."""
    for current in list(_runs.values()):
        current.ended.set()
    _runs.clear()
    original()
