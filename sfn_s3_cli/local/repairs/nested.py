"""Step Functions: executions that a task starts.

Their forms are measured: https://github.com/floci-io/floci (AslExecutorNestedStartExecutionTest),
and https://github.com/localstack/localstack (test_task_service_sfn).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sfn_s3_cli.local.internals import STATES, Answer, Request

_TIMES = ("startDate", "stopDate", "redriveDate")
_PAYLOADS = ("Input", "Output")


def install() -> None:
    """Answers as AWS does: what a nested execution did, or States.TaskFailed."""
    STATES.repair("_invoke_nested_start_execution", start)
    STATES.repair("_invoke_nested_start_execution_sync", run)


def start(_original: Callable[..., Any], _resource: str, arguments: Any) -> Request:
    """Starts an execution, and does not wait for it."""
    request = STATES["_nested_start_execution_request"](arguments)
    return _to_pascal_case(_read(STATES["_start_execution"](request)))


def run(_original: Callable[..., Any], resource: str, arguments: Any) -> Request:
    """The DescribeExecution of the nested execution when it has ended; with `.sync:2` its Input and
    Output are JSON, not texts (Guide, "Start a new state machine from a running execution")."""
    request = STATES["_nested_start_execution_request"](arguments)
    started = _read(STATES["_start_sync_execution"](request))
    described = json.loads(
        STATES["_describe_execution"]({"executionArn": started["executionArn"]})[2]
    )
    redrive = {"redriveCount": 0, "redriveStatus": "NOT_REDRIVABLE"}
    found = _to_pascal_case({**redrive, **started, **described})
    if found["Status"] != "SUCCEEDED":
        cause = json.dumps(found, separators=(",", ":"), ensure_ascii=False)
        raise STATES["_ExecutionError"]("States.TaskFailed", cause)
    if resource.endswith(".sync:2"):
        found |= {name: json.loads(found[name]) for name in _PAYLOADS if name in found}
    return found


def _read(answered: Answer) -> Request:
    """The body; an error such as `StepFunctions.StateMachineDoesNotExistException`."""
    body: Request = json.loads(answered[2])
    if answered[0] == HTTPStatus.OK:
        return body
    name = body["__type"].removesuffix("Exception")
    raise STATES["_ExecutionError"](f"StepFunctions.{name}Exception", body.get("message", ""))


def _to_pascal_case(body: Request) -> Request:
    """Names that begin with a capital letter, in order, and times in milliseconds."""
    found: Request = {}
    for name, value in sorted(body.items()):
        pascal = f"{name[0].upper()}{name[1:]}"
        if name in _TIMES and value is not None:
            found[pascal] = _to_milliseconds(value)
        elif isinstance(value, dict):
            found[pascal] = _to_pascal_case(value)
        elif value is not None:
            found[pascal] = value
    return found


def _to_milliseconds(time: Any) -> int:
    """An answer of the emulator has seconds, or a text."""
    seconds = datetime.fromisoformat(time).timestamp() if isinstance(time, str) else time
    return round(seconds * 1000)
