"""Step Functions: writes the events of executions to CloudWatch Logs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sfn_s3_cli.local.internals import LOGS, STATES, Request
from sfn_s3_cli.local.repairs.executions import express_arn

_FATAL = ("ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted")
_PAYLOADS = ("input", "output")


def install() -> None:
    """Makes executions log as their state machine's logging configuration says."""
    STATES.repair("_add_event", add_event)


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
    message = _format_event(machine, execution, event)
    if not configuration.get("includeExecutionData"):
        for name in _PAYLOADS:
            message["details"].pop(name, None)
    hour = event["timestamp"][:13].replace("T", "-")
    for destination in configuration["destinations"]:
        arn = destination["cloudWatchLogsLogGroup"]["logGroupArn"]
        stream = {
            "logGroupName": arn.partition(":log-group:")[2].removesuffix(":*"),
            "logStreamName": f"states/{machine['name']}/{hour}/00000000",
        }
        line = {"timestamp": int(message["event_timestamp"]), "message": json.dumps(message)}
        LOGS["_create_log_stream"](stream)
        LOGS["_put_log_events"]({**stream, "logEvents": [line]})


def _includes(level: str, kind: str) -> bool:
    match level:
        case "ALL":
            return True
        case "ERROR":
            return kind.endswith(("Failed", "TimedOut", "Aborted"))
        case "FATAL":
            return kind in _FATAL
        case _:
            return False


def _format_event(machine: Request, execution: Request, event: Request) -> Request:
    """All numbers are strings; input and output are JSON within the JSON."""
    details: Request = next((event[key] for key in event if key.endswith("EventDetails")), {})
    moment = datetime.fromisoformat(event["timestamp"])
    arn = execution["executionArn"]
    return {
        "id": str(event["id"]),
        "type": event["type"],
        "details": {
            **details,
            **{f"{name}Details": {"truncated": False} for name in _PAYLOADS if name in details},
        },
        "redrive_count": str(execution.get("redriveCount", 0)),
        "previous_event_id": str(event["id"] - 1),
        "event_timestamp": str(int(moment.timestamp() * 1000)),
        "execution_arn": express_arn(arn) if machine["type"] == "EXPRESS" else arn,
    }
