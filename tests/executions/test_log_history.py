"""An EXPRESS execution from the records of its log."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from error_responses import make_error
from executions.fake_logs import PREFIX as LOGGED
from executions.fake_logs import FakeLogs as BusyLogs
from executions.fake_logs import make_arn
from executions.history_events import START
from fake_clock import FakeClock

from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.executions.details import ExecutionDetails
from sfn_s3_cli.executions.log_history import Wanted, read_express, sort_events
from sfn_s3_cli.executions.log_records import parse_record, to_event

PREFIX = "arn:aws:states:eu-west-1:123456789012:express:orders"
ARN = f"{PREFIX}:run:0b1f"
INPUT = json.dumps(
    {
        "bucket": "acme",
        "object": {"key": "a.json"},
        "event": "PutObject",
        "time": "2026-01-02T12:00:00Z",
        "via": "s3",
    }
)
STATE = {"name": "Work", "inputDetails": {"truncated": False}}


def make_record(number: int, kind: str, details: Any, *, arn: str = ARN) -> dict[str, Any]:
    """A message as Step Functions logs it: every number is text."""
    moment = START + timedelta(seconds=number)
    record = {
        "id": str(number),
        "type": kind,
        "details": details,
        "redrive_count": "0",
        "previous_event_id": str(number - 1 if number > 2 else 0),
        "event_timestamp": str(int(moment.timestamp() * 1000)),
        "execution_arn": arn,
    }
    return {"message": json.dumps(record), "timestamp": int(moment.timestamp() * 1000)}


RECORDS = [
    make_record(1, "ExecutionStarted", {"input": INPUT, "roleArn": "role"}),
    make_record(2, "TaskStateEntered", {**STATE, "input": INPUT}),
    make_record(3, "TaskScheduled", {"resourceType": "lambda", "resource": "invoke"}),
    make_record(4, "TaskFailed", {"resourceType": "lambda", "error": "Boom", "cause": "broke"}),
    make_record(5, "ExecutionFailed", {"error": "Boom", "cause": "broke"}),
]
VALIDATION = {"message": "Permissions are set correctly to allow AWS CloudWatch Logs to write"}


class FakeLogs:
    """FilterLogEvents over these records; it ignores the pattern, and has empty pages."""

    def __init__(self, records: list[Any]) -> None:
        self.records = records
        self.patterns: list[str] = []

    def filter_log_events(self, **request: Any) -> Any:
        self.patterns.append(request["filterPattern"])
        start, token = request["startTime"], int(request.get("nextToken", 0))
        found = [
            each
            for each in self.records
            if start <= each.get("timestamp", start) < request["endTime"]
        ]
        page = found[token // 2 : token // 2 + 1] if token % 2 else []  # every other page is empty
        more = {"nextToken": str(token + 1)} if token < 2 * len(found) + 1 else {}
        return {"events": page, **more}


def read(records: list[Any], arn: str = ARN, key: str | None = None) -> ExecutionDetails | None:
    clock = FakeClock()
    now = START + timedelta(seconds=60)
    aws: Any = SimpleNamespace(
        logs_without_retries=FakeLogs(records), clock=clock, is_local=True, now=lambda: now
    )
    return read_express(aws, "group", Wanted(arn, key))


@pytest.mark.parametrize("seed", range(5))
def test_records_in_any_order_and_twice_are_one_execution(seed: int) -> None:
    records = [*RECORDS, VALIDATION, *RECORDS[1:3]]
    random.Random(seed).shuffle(records)
    details = read(records)
    assert details
    execution = details.execution
    assert (execution.name, execution.status, execution.failed_state) == ("run", "FAILED", "Work")
    assert (execution.error, execution.cause) == ("Boom", "broke")
    assert execution.object
    assert execution.object.key == "a.json"
    assert execution.duration == timedelta(seconds=4)
    assert [(each.name, each.status, each.attempts) for each in details.history.steps] == [
        ("Work", "FAILED", 1)
    ]
    assert details.data_not_read == ""


def test_the_latest_of_a_name_and_of_an_object_is_found() -> None:
    other = f"{PREFIX}:run:ffff"
    later = [
        make_record(30, "ExecutionStarted", {"input": "{}"}, arn=other),
        make_record(31, "ExecutionSucceeded", {"output": "1"}, arn=other),
        make_record(32, "ExecutionStarted", {"input": INPUT}, arn=f"{PREFIX}2:run:1"),
    ]
    latest = read([*RECORDS, *later], f"{PREFIX}:run:*")
    assert latest
    assert (latest.execution.arn, latest.output) == (other, "1")
    of_object = read([*RECORDS, *later], f"{PREFIX}:*", "a.json")
    assert of_object
    assert of_object.execution.arn == ARN
    assert read(RECORDS, f"{PREFIX}:*", "a*") is None
    assert read(RECORDS, f"{PREFIX}:ru:*") is None


def test_a_log_without_inputs_says_what_to_change() -> None:
    bare = [make_record(1, "ExecutionStarted", {"roleArn": "role"}), *RECORDS[4:]]
    details = read(bare)
    assert details
    assert details.data_not_read == "the log has none: set `include_data: true` under `logging`"
    assert details.execution.input is None
    errors = read(RECORDS[3:])
    assert errors
    assert errors.data_not_read == (
        "the log lacks its start: set `logging: {level: all, include_data: true}`"
    )
    assert errors.execution.started is None


def test_data_that_the_log_cuts_off_is_not_shown() -> None:
    torn = {"input": '{"bucket": "acm', "inputDetails": {"truncated": True}}
    output = {"output": '{"a', "outputDetails": {"truncated": True}}
    end = make_record(6, "ExecutionSucceeded", output)
    for cut in (
        [make_record(1, "ExecutionStarted", torn), *RECORDS[1:]],
        [*RECORDS[:1], make_record(2, "TaskStateEntered", {**torn, "name": "Work"}), *RECORDS[2:]],
        [*RECORDS[:4], end],
    ):
        details = read(cut)
        assert details
        assert details.data_not_read == "the log cuts off those of more than 248 KB"
        assert details.output is None
        assert {details.execution.input, *(each.input for each in details.history.steps)} <= {
            INPUT,
            None,
        }


def test_the_last_of_a_busy_log_costs_few_pages() -> None:
    """Of 15 minutes, only the starts and ends of the latest ones are read."""
    clock = FakeClock()
    logs = BusyLogs(clock)
    kinds = ("ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded")
    for number in range(2000):
        for event, kind in enumerate(kinds, 1):
            logs.log(make_arn(f"n{number}"), kind, -800 + number * 0.4, event)
    logs.lines.sort()
    logs.page_limit = 1000
    aws: Any = SimpleNamespace(logs_without_retries=logs, clock=clock, is_local=True, now=clock.now)
    details = read_express(aws, "group", Wanted(f"{LOGGED}*", type="Execution*"))
    assert details
    assert details.execution.name == "n1999"
    assert '$.type = "Execution*"' in logs.requests[0]["pattern"]
    assert len(logs.requests) <= 6


def test_a_throttled_log_is_read_more_slowly() -> None:
    clock = FakeClock()
    logs = BusyLogs(clock, faults=[make_error("ThrottlingException")])
    arn = logs.run("a", -5, -1)
    aws: Any = SimpleNamespace(
        logs_without_retries=logs, clock=clock, is_local=False, now=clock.now
    )
    details = read_express(aws, "group", Wanted(arn))
    assert details
    assert details.execution.status == "SUCCEEDED"
    assert clock.slept > 0


def test_an_execution_without_an_end_runs() -> None:
    details = read(RECORDS[:3])
    assert details
    assert details.execution.status == "RUNNING"
    assert [each.name for each in details.history.waiting] == ["Work"]


def test_a_missing_log_group_is_named() -> None:
    def refuse(**_: Any) -> Any:
        raise make_error("ResourceNotFoundException")

    aws: Any = SimpleNamespace(
        logs_without_retries=SimpleNamespace(filter_log_events=refuse),
        clock=FakeClock(),
        is_local=True,
        now=lambda: START,
    )
    with pytest.raises(AwsError, match="the log group group does not exist"):
        read_express(aws, "group", Wanted(ARN))


def test_a_long_log_is_sorted_without_being_held() -> None:
    def events() -> Any:
        for number in range(1, 5001):
            record = parse_record(make_record(number ^ 1, "PassStateEntered", {})["message"])
            assert record
            yield to_event(record)
            assert len(given) >= number - 1001

    given: list[int] = []
    for event in sort_events(events()):
        given.append(event.id)  # noqa: PERF401  (the generator reads it)
    assert given == sorted(given)
