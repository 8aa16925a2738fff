"""The records that Step Functions writes to CloudWatch Logs: one for each event of an execution.

https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.events.reader import read_object_text
from sfn_s3_cli.executions.model import Execution

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def find_failed_state(end: LogRecord, records: Mapping[int, LogRecord]) -> str | None:
    """The name of the state in which an execution failed, from its records by their ids."""
    return _follow_causes(end, records) or _find_open_state(end, records)


def _follow_causes(end: LogRecord, records: Mapping[int, LogRecord]) -> str | None:
    """Goes from each event to the one that led to it, back to the entry of a state."""
    record: LogRecord | None = end
    while record is not None and not record.type.endswith(("StateEntered", "StateExited")):
        previous = record.previous
        record = records.get(previous) if previous < record.id else None
    is_entry = record is not None and record.type.endswith("StateEntered")
    return _read_text(record.details, "name") if record and is_entry else None


def _find_open_state(end: LogRecord, records: Mapping[int, LogRecord]) -> str | None:
    """The state that was entered last and not left: no event of a state leads to a timeout or an
    abort."""
    left: Counter[str] = Counter()
    if end.type == "ExecutionFailed":
        return None
    for number in sorted(records, reverse=True):
        record = records[number]
        name = _read_text(record.details, "name") or ""
        if record.type.endswith("StateExited"):
            left[name] += 1
        elif record.type.endswith("StateEntered"):
            if not left[name]:
                return name
            left[name] -= 1
    return None


def _read_text(details: JsonMapping, name: str) -> str | None:
    value = details.get(name)
    return value if isinstance(value, str) else None


def _read_number(details: JsonMapping, name: str) -> int:
    text = str(details.get(name, ""))
    return int(text) if text.isdecimal() else 0


def _find_name(arn: str) -> str:
    """`…:express:MACHINE:NAME:UUID` or `…:execution:MACHINE:NAME`."""
    return arn.split(":")[7]
