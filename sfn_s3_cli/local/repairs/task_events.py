"""Step Functions: writes the events of a Task as AWS does, depending on what it calls."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sfn_s3_cli.asl.language.locations import read_location
from sfn_s3_cli.local.internals import RESPONSES, STATES, Request
from sfn_s3_cli.local.repairs import running

_LIMITS = {"TimeoutSeconds": "timeoutInSeconds", "HeartbeatSeconds": "heartbeatInSeconds"}


@dataclass
class _Task:
    """An attempt. A call with a timeout is made in another thread, so this is not replaced."""

    execution: Request
    resource: str
    has_begun: bool = False


_state: ContextVar[Request | None] = ContextVar("state", default=None)
# The task whose call has not begun: the emulator adds TaskScheduled without its parameters.
_scheduled: ContextVar[_Task | None] = ContextVar("scheduled", default=None)


def install() -> None:
    """Gives the events of tasks the types, the order and the details that they have on AWS."""
    STATES.repair("_execute_task", execute)
    STATES.repair("_add_event", add_event)
    STATES.repair("_invoke_resource", invoke)
    STATES.repair("_invoke_with_callback", invoke)


def execute(original: Callable[..., Any], state: Request, *more: Any) -> Any:
    token = _state.set(state)
    _scheduled.set(None)
    try:
        return original(state, *more)
    finally:
        _state.reset(token)


def add_event(
    original: Callable[..., Request], execution: Request, kind: str, details: Any = None
) -> Request | None:
    """Step Functions API, HistoryEvent: a function and an activity have events of their own."""
    match kind:
        case "TaskScheduled" if "parameters" not in details["taskScheduledEventDetails"]:
            _scheduled.set(_Task(execution, details["taskScheduledEventDetails"]["resource"]))
            return None
        case "TaskFailed" if not ((task := _scheduled.get()) and task.has_begun):
            return _note_evaluation(original, execution, details["taskFailedEventDetails"])
        case "TaskSucceeded" | "TaskFailed":
            found = next(iter(details.values()))
            resource, rest = found["resource"], {**found}
            del rest["resource"]
            if rest.get("error") == "States.Timeout":
                kind = "TaskTimedOut"
            return _add(original, execution, resource, kind.removeprefix("Task"), rest)
    return original(execution, kind, details)


def _note_evaluation(
    original: Callable[..., Request], execution: Request, failed: Request
) -> Request | None:
    """A task that was refused before it was scheduled has no event but that of its expression."""
    context = running.find_context()
    if failed["error"] != "States.QueryEvaluationError" or context is None:
        return None
    details = {
        "error": failed["error"],
        "cause": failed["cause"],
        "state": context["State"]["Name"],
    }
    if location := read_location(failed["cause"]):
        details["location"] = location
    return original(execution, "EvaluationFailed", {"evaluationFailedEventDetails": details})


def invoke(original: Callable[..., Any], resource: str, arguments: Any, *more: Any) -> Any:
    """Adds the two events before a call."""
    task = _scheduled.get()
    if task is not None and not task.has_begun:
        task.has_begun = True
        add, execution = STATES["_add_event"], task.execution
        _add(add, execution, task.resource, "Scheduled", _describe(task.resource, arguments))
        if ":activity:" not in task.resource:  # it starts when a worker takes it
            _add(add, execution, task.resource, "Started", {})
    return original(resource, arguments, *more)


def _add(
    add: Callable[..., Request], execution: Request, resource: str, what: str, details: Request
) -> Request:
    kind = _find_kind(resource)
    if kind == "Task":
        service, version = resource.partition(":::")[2], ""
        if service.endswith(".sync:2"):
            service, version = service.removesuffix(":2"), ":2"
        type_, _, name = service.rpartition(":")
        name += version
        details = {"resourceType": type_, "resource": name, **details}
    key = f"{kind[0].lower()}{kind[1:]}{what}EventDetails"
    is_bare = kind == "LambdaFunction" and what == "Started"
    return add(execution, f"{kind}{what}", None if is_bare else {key: details})


def _find_kind(resource: str) -> str:
    if ":function:" in resource and ":::" not in resource:
        return "LambdaFunction"
    return "Activity" if ":activity:" in resource else "Task"


def _describe(resource: str, arguments: Any) -> Request:
    state = _state.get() or {}
    limits = {new: state[old] for old, new in _LIMITS.items() if isinstance(state.get(old), int)}
    text = json.dumps(arguments)
    if _find_kind(resource) != "Task":
        return {"resource": resource, "input": text, **limits}
    return {"region": RESPONSES["get_region"](), "parameters": text, **limits}
