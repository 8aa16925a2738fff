"""Step Functions: writes the events of executions to CloudWatch Logs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sfn_s3_cli.local.internals import LOGS, STATES, Action, Answer, Request
from sfn_s3_cli.local.repairs.express import express_arn

_FATAL = {"ExecutionAborted", "ExecutionFailed", "ExecutionTimedOut"}
# Every other event that ends so is logged with the level ERROR.
_ERROR = ("Aborted", "Failed", "TimedOut")
_DATA = ("input", "output", "parameters")
_LONGEST = 248 * 1024
_VALIDATION_STREAM = "log_stream_created_by_aws_to_validate_log_delivery_subscriptions"
_VALIDATION = (
    "Permissions are set correctly to allow AWS CloudWatch Logs to write into your logs while"
    " creating a subscription."
)


def install() -> None:
    """Makes executions log as their state machine's logging configuration says."""
    STATES.repair("_add_event", add_event)
    STATES.repair("_create_state_machine", validate)
    STATES.repair("_update_state_machine", validate)


def validate(original: Action, data: Request) -> Answer:
    """Logging to a group begins with a record that is not JSON (observed)."""
    answered = original(data)
    if answered[0] == HTTPStatus.OK:
        for group in _list_groups(data.get("loggingConfiguration") or {}):
            streams = LOGS["_log_groups"].get(group, {}).get("streams", {})
            if _VALIDATION_STREAM not in streams:
                _write(group, _VALIDATION_STREAM, {"message": _VALIDATION})
    return answered


def add_event(
    original: Callable[..., Request], execution: Request, kind: str, details: Any = None
) -> Request:
    """Logs each event that the level includes, with input and output only if `includeExecutionData`
    is set (Step Functions Guide, "Using CloudWatch Logs")."""
    event = original(execution, kind, details)
    first = event["id"] == 2  # noqa: PLR2004  (the emulator adds ExecutionStarted, which is 1, by itself)
    machine = STATES["_state_machines"].get(execution["stateMachineArn"])
    if machine is None:
        return event
    for logged in execution["events"][:2] if first else [event]:
        _log(machine, execution, logged)
    return event


def _log(machine: Request, execution: Request, event: Request) -> None:
    configuration = machine["loggingConfiguration"]
    if not _includes(configuration.get("level", "OFF"), event["type"]):
        return
    has_data = bool(configuration.get("includeExecutionData"))
    message = _format_event(machine, execution, event, has_data=has_data)
    line = {"timestamp": int(message["event_timestamp"]), "message": json.dumps(message)}
    for group in _list_groups(configuration):
        _write(group, _name_stream(machine, event["timestamp"]), line)


def _list_groups(configuration: Request) -> list[str]:
    return [
        each["cloudWatchLogsLogGroup"]["logGroupArn"].partition(":log-group:")[2].removesuffix(":*")
        for each in configuration.get("destinations") or ()
    ]


def _name_stream(machine: Request, moment: str) -> str:
    """STANDARD begins a stream each hour, EXPRESS more often (observed)."""
    period = moment[:13].replace("T", "-")
    if machine["type"] == "EXPRESS":
        period += f"-{moment[14]}0"
    return f"states/{machine['name']}/{period}/00000000"


def _write(group: str, stream: str, line: Request) -> None:
    where = {"logGroupName": group, "logStreamName": stream}
    LOGS["_create_log_stream"](where)
    LOGS["_put_log_events"]({**where, "logEvents": [line]})


def _includes(level: str, kind: str) -> bool:
    """https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html"""
    match level:
        case "ALL":
            return True
        case "ERROR":
            return kind == "FailStateEntered" or kind.endswith(_ERROR)
        case "FATAL":
            return kind in _FATAL
        case _:
            return False


def _format_event(
    machine: Request, execution: Request, event: Request, *, has_data: bool
) -> Request:
    """All numbers are strings; input and output are JSON within the JSON (observed)."""
    details: Request = next((event[key] for key in event if key.endswith("EventDetails")), {})
    moment = datetime.fromisoformat(event["timestamp"])
    arn = execution["executionArn"]
    return {
        "id": str(event["id"]),
        "type": event["type"],
        "details": dict(_format_details(details, has_data=has_data)),
        "redrive_count": str(execution.get("redriveCount", 0)),
        "previous_event_id": str(_find_previous(event)),
        "event_timestamp": str(int(moment.timestamp() * 1000)),
        "execution_arn": express_arn(arn) if machine["type"] == "EXPRESS" else arn,
    }


def _find_previous(event: Request) -> int:
    """The first state follows no event, like the start (observed); nor does what comes from
    outside of the states."""
    previous = event["id"] - 1
    is_alone = previous == 1 or event["type"] in {"ExecutionAborted", "ExecutionTimedOut"}
    return int(event.get("previousEventId", 0 if is_alone else previous))


def _format_details(details: Request, *, has_data: bool) -> Any:
    """Cuts off an input or output of more than 248 KB, escaped (Step Functions Guide, "CloudWatch
    Logs payloads")."""
    for name, value in details.items():
        if name.removesuffix("Details") in _DATA:
            if not has_data or name not in _DATA:
                continue
            size = len(json.dumps(value))
            if name == "parameters":
                yield name, value
                continue
            yield name, value[: len(value) * _LONGEST // size] if size > _LONGEST else value
            yield f"{name}Details", {"truncated": size > _LONGEST}
        else:
            is_number = isinstance(value, int) and not isinstance(value, bool)
            yield name, str(value) if is_number else value
