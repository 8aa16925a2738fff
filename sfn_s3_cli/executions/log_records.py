"""The records that Step Functions writes to CloudWatch Logs: one for each event of an execution.

https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.events.reader import read_object_text
from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.executions.steps import HistoryEvent

if TYPE_CHECKING:
    from sfn_s3_cli.json_types import JsonMapping

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATUS = {
    "ExecutionStarted": "RUNNING",
    "ExecutionRedriven": "RUNNING",
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionAborted": "ABORTED",
}


class LogRecord(NamedTuple):
    """An event of an execution. `previous` is the id of the event that led to it."""

    arn: str
    id: int
    previous: int
    type: str
    time: datetime
    redrives: int
    details: JsonMapping

    @property
    def is_end(self) -> bool:
        return _STATUS.get(self.type, "RUNNING") != "RUNNING"


def parse_record(message: str) -> LogRecord | None:
    """Parses a record, in which all numbers are strings.

    None for any other text: a log group begins with one that says that it may be written to.
    """
    try:
        record = json.loads(message)
        details = record.get("details")
        return LogRecord(
            arn=str(record["execution_arn"]),
            id=int(record["id"]),
            previous=int(record.get("previous_event_id", 0)),
            type=str(record["type"]),
            time=_EPOCH + timedelta(milliseconds=int(record["event_timestamp"])),
            redrives=int(record.get("redrive_count", 0)),
            details=details if isinstance(details, dict) else {},
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None


def read_change(record: LogRecord) -> Execution | None:
    """The execution in the status that the record is about; None for an event within it."""
    status, details = _STATUS.get(record.type), record.details
    if status is None:
        return None
    is_start, is_redrive = record.type == "ExecutionStarted", record.type == "ExecutionRedriven"
    text = read_input(record) if is_start else None
    return Execution(
        arn=record.arn,
        name=_find_name(record.arn),
        status=status,
        started=record.time if is_start else None,
        stopped=record.time if record.is_end else None,
        object=read_object_text(text),
        input=text,
        error=_read_text(details, "error"),
        cause=_read_text(details, "cause"),
        redrive_count=max(record.redrives, _read_number(details, "redriveCount")),
        redriven=record.time if is_redrive else None,
    )


def read_input(record: LogRecord) -> str | None:
    """The input; None if it is not logged, or cut off because it is longer than 248 KB."""
    cut = record.details.get("inputDetails")
    is_cut = isinstance(cut, dict) and bool(cut.get("truncated"))
    return None if is_cut else _read_text(record.details, "input")


def to_event(record: LogRecord) -> HistoryEvent:
    """The event that GetExecutionHistory would give, if it knew EXPRESS; without data that are cut
    off."""
    details = {**record.details}
    for name in find_cut(details):
        details.pop(name, None)
    return HistoryEvent(record.id, record.previous, record.type, record.time, details)


def find_cut(details: JsonMapping) -> list[str]:
    """Which of input and output the log cuts off, because they are longer than 248 KB."""
    found = ((name, details.get(f"{name}Details")) for name in ("input", "output"))
    return [name for name, about in found if isinstance(about, dict) and about.get("truncated")]


def _read_text(details: JsonMapping, name: str) -> str | None:
    value = details.get(name)
    return value if isinstance(value, str) else None


def _read_number(details: JsonMapping, name: str) -> int:
    text = str(details.get(name, ""))
    return int(text) if text.isdecimal() else 0


def _find_name(arn: str) -> str:
    """`…:express:MACHINE:NAME:UUID` or `…:execution:MACHINE:NAME`."""
    return arn.split(":")[7]
