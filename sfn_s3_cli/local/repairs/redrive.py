"""Step Functions: continues an execution that failed, from the state that failed."""

from __future__ import annotations

import json
import threading
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from sfn_s3_cli.local.internals import STATES, Action, Answer, Request, refuse, respond
from sfn_s3_cli.local.repairs import running
from sfn_s3_cli.local.repairs.express import find_refusal

_ENDED = ("FAILED", "TIMED_OUT", "ABORTED")
_PERIOD = timedelta(days=14)
_EVENTS = 24_999
_TOKENS, _TOKEN_MINUTES = 10, 15
_RESUME = "sfnctl:resume"


def install() -> None:
    """Adds RedriveExecution, which the emulator lacks."""
    STATES.repair("handle_request", handle_request)
    STATES.repair("_describe_execution", describe)
    STATES.repair("_execution_sort_key", sort_key)
    STATES.repair("_execute_pass", resume)
    STATES.repair("_add_event", add_event)


async def handle_request(
    original: Callable[..., Awaitable[Answer]],
    method: str,
    path: str,
    headers: Any,
    body: Any,
    query: Any,
) -> Answer:
    """Step Functions API, RedriveExecution."""
    if headers.get("x-amz-target", "").rpartition(".")[2] == "RedriveExecution":
        answer = redrive(json.loads(body))
        return STATES["_finalize_response"](answer)  # type: ignore[no-any-return]
    return await original(method, path, headers, body, query)


def redrive(data: Request) -> Answer:
    """Only an unsuccessful STANDARD execution of the last 14 days can be redriven; a request with
    the same token is the same redrive (Step Functions API, RedriveExecution)."""
    arn = data["executionArn"]
    if refused := find_refusal(arn):
        return refused
    execution = STATES["_executions"].get(arn)
    if execution is None:
        return refuse("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
    token = data.get("clientToken")
    if token and (earlier := _find_redrive(execution, token)):
        return respond({"redriveDate": earlier})
    if reason := find_obstacle(execution):
        return refuse("ExecutionNotRedrivable", f"Execution {arn} is not redrivable: {reason}")
    now = STATES["now_iso"]()
    count = execution.get("redriveCount", 0) + 1
    tokens = [*execution.get("redriveTokens", ()), (token, now)][-_TOKENS:]
    execution.update(
        status="RUNNING",
        stopDate=None,
        output=None,
        redriveCount=count,
        redriveDate=now,
        redriveTokens=tokens,
        resumesAt=_find_last_state(execution),
    )
    for name in ("error", "cause"):
        execution.pop(name, None)
    STATES["_add_event"](
        execution, "ExecutionRedriven", {"executionRedrivenEventDetails": {"redriveCount": count}}
    )
    STATES["_emit_execution_status_event"](execution)
    threading.Thread(
        target=copy_context().run, args=(STATES["_run_execution"], arn), daemon=True
    ).start()
    return respond({"redriveDate": now})


def _find_redrive(execution: Request, token: str) -> str | None:
    since = datetime.now(UTC) - timedelta(minutes=_TOKEN_MINUTES)
    for used, moment in execution.get("redriveTokens", ()):
        if used == token and datetime.fromisoformat(moment) >= since:
            return str(moment)
    return None


def find_obstacle(execution: Request) -> str | None:
    """Why an execution cannot be redriven, as DescribeExecution says it."""
    machine = STATES["_state_machines"].get(execution["stateMachineArn"])
    if running.is_deleting(machine):
        return "State machine is in DELETING status"
    if execution["status"] not in _ENDED:
        return f"Execution is {execution['status']} and cannot be redriven"
    if len(execution["events"]) >= _EVENTS:
        return "Execution history event limit exceeded"
    if datetime.fromisoformat(execution["stopDate"]) < datetime.now(UTC) - _PERIOD:
        return "Execution redrivable period exceeded"
    if machine is None or machine["type"] == "EXPRESS":
        return "EXPRESS executions cannot be redriven"
    return None


def _find_last_state(execution: Request) -> Request | None:
    """The name and the input of the state that was entered last, and the variables before it.

    Not of a state in a branch or an iteration: the state around it runs again.
    """
    for event in reversed(execution["events"]):
        details = event.get("stateEnteredEventDetails")
        if details and details["name"] in _list_states(execution):
            variables = execution.get("variables", {})
            return {"name": details["name"], "input": details["input"], "variables": variables}
    return None


def _list_states(execution: Request) -> frozenset[str]:
    """The states of the execution itself; none of one that a Map Run started."""
    machine = execution.get("machine")
    return _read_names(machine["definition"]) if machine else frozenset()


@lru_cache(maxsize=64)
def _read_names(definition: str) -> frozenset[str]:
    return frozenset(json.loads(definition).get("States", {}))


def make_definition(execution: Request) -> str:
    """The definition of the execution; after a redrive it begins where that continues.

    A Pass before it brings back the input and the variables.
    """
    text: str = execution["machine"]["definition"]
    resumed = execution.get("resumesAt")
    if not resumed:
        return text
    definition = json.loads(text)
    before = {
        "Type": "Pass",
        "QueryLanguage": "JSONPath",
        "Next": resumed["name"],
        _RESUME: resumed,
    }
    states = {**definition["States"], _RESUME: before}
    return json.dumps({**definition, "StartAt": _RESUME, "States": states})


def resume(
    original: Callable[..., Any], state: Request, value: Any, context: Request
) -> tuple[Any, str]:
    """Brings back what the execution had when it entered the state that failed."""
    resumed = state.get(_RESUME)
    if resumed is None:
        return original(state, value, context)  # type: ignore[no-any-return]
    context["variables"].update(resumed["variables"])
    return json.loads(resumed["input"]), resumed["name"]


def add_event(
    original: Callable[..., Request], execution: Request, kind: str, details: Any = None
) -> Request | None:
    """The history goes on behind ExecutionRedriven: no event for what brings back the input, and
    none for a state that was entered before. Keeps the variables for a redrive."""
    exits = (details or {}).get("stateExitedEventDetails", {}).get("name") == _RESUME
    entered = (details or {}).get("stateEnteredEventDetails", {}).get("name")
    if exits or entered == _RESUME:
        return None
    resumed = execution.get("resumesAt")
    if entered and resumed and entered == resumed["name"]:
        execution["resumesAt"] = None
        return None
    if entered in _list_states(execution) and (context := running.find_context()):
        execution["variables"] = json.loads(json.dumps(context["variables"], default=str))
    return original(execution, kind, details)


def describe(original: Action, data: Request) -> Answer:
    """Says whether the execution can be redriven (Step Functions API, DescribeExecution)."""
    answered = original(data)
    if answered[0] != HTTPStatus.OK:
        return answered
    body = json.loads(answered[2])
    execution = STATES["_executions"].get(body["executionArn"])
    if execution is None or execution.get("mapRunArn"):
        return answered
    reason = find_obstacle(execution)
    body |= {
        "redriveCount": execution.get("redriveCount", 0),
        "redriveStatus": "NOT_REDRIVABLE" if reason else "REDRIVABLE",
        **({"redriveStatusReason": reason} if reason else {}),
        **({"redriveDate": execution["redriveDate"]} if "redriveDate" in execution else {}),
    }
    return respond(body)


def sort_key(original: Callable[[Request], Any], execution: Request) -> Any:
    """A running execution is listed by its redrive (Step Functions API, ListExecutions)."""
    known = STATES["_executions"].get(execution["executionArn"]) or execution
    if execution["stopDate"] is None and "redriveDate" in known:
        return known["redriveDate"], execution["executionArn"]
    return original(execution)
