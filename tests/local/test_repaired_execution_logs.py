from __future__ import annotations

import json
import re
from typing import Any

import pytest
from local.local_account import REGION, Account, wait_until

GROUP = "/aws/vendedlogs/states/machine"
FAILS = json.dumps(
    {
        "StartAt": "Read",
        "States": {
            "Read": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:s3:headBucket",
                "Parameters": {"Bucket": "nowhere"},
                "End": True,
            }
        },
    }
)
PASS = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": True}}})


STREAM = "log_stream_created_by_aws_to_validate_log_delivery_subscriptions"
WAIT = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}}


def _read_log(account: Account, last: str, definition: str = PASS, **options: Any) -> list[Any]:
    """The records of an execution named `run`, up to the one of type `last`."""
    _start(account, definition, **options)
    return _wait_for(account, last)


def _wait_for(account: Account, last: str) -> list[Any]:
    logs = account.client("logs")

    def records() -> Any:
        events = logs.filter_log_events(logGroupName=GROUP, filterPattern='{ $.id = "*" }')
        found = [json.loads(event["message"]) for event in events["events"]]
        return found if last in [record["type"] for record in found] else None

    return list(wait_until(records))


def _start(account: Account, definition: str = PASS, **options: Any) -> str:
    """Starts the execution, and returns its ARN."""
    logs = account.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    arn = f"arn:aws:logs:{REGION}:{account.id}:log-group:{GROUP}:*"
    destinations = [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}]
    kind, text = options.pop("type", "STANDARD"), options.pop("input", '{"n": 1}')
    machine = account.create_machine(
        definition, type=kind, loggingConfiguration={**options, "destinations": destinations}
    )
    started = account.client("stepfunctions").start_execution(
        stateMachineArn=machine, name="run", input=text
    )
    return str(started["executionArn"])


def test_all_events_are_logged_as_aws_writes_them(account: Account) -> None:
    records = _read_log(
        account, "ExecutionSucceeded", level="ALL", includeExecutionData=True, type="EXPRESS"
    )
    assert [(record["id"], record["previous_event_id"], record["type"]) for record in records] == [
        ("1", "0", "ExecutionStarted"),
        ("2", "0", "PassStateEntered"),
        ("3", "2", "PassStateExited"),
        ("4", "3", "ExecutionSucceeded"),
    ]
    started = records[0]
    assert started["execution_arn"].startswith(
        f"arn:aws:states:{REGION}:{account.id}:express:machine:run:"
    )
    assert started["event_timestamp"].isdecimal()
    assert started["redrive_count"] == "0"
    assert started["details"] == {
        "input": '{"n": 1}',
        "inputDetails": {"truncated": False},
        "roleArn": f"arn:aws:iam::{account.id}:role/machine",
    }
    assert records[-1]["details"]["output"] == '{"n": 1}'


def test_input_and_output_are_logged_only_on_request(account: Account) -> None:
    records = _read_log(account, "ExecutionSucceeded", level="ALL")
    role = {"roleArn": f"arn:aws:iam::{account.id}:role/machine"}
    assert [record["details"] for record in records] == [
        role,
        {"name": "Done"},
        {"name": "Done"},
        {},
    ]


@pytest.mark.parametrize(
    ("level", "types"),
    [("ERROR", ["TaskFailed", "ExecutionFailed"]), ("FATAL", ["ExecutionFailed"])],
)
def test_a_level_logs_failures_only(level: str, types: list[str], account: Account) -> None:
    records = _read_log(account, "ExecutionFailed", FAILS, level=level)
    assert [record["type"] for record in records] == types


def test_a_failing_state_is_logged_at_level_error(account: Account) -> None:
    fails = {"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "Bad", "Cause": "odd"}}}
    entered, failed = _read_log(account, "ExecutionFailed", json.dumps(fails), level="ERROR")
    assert (entered["type"], entered["details"]) == ("FailStateEntered", {"name": "No"})
    assert failed["details"] == {"error": "Bad", "cause": "odd"}


def test_the_first_record_of_a_group_is_no_json(account: Account) -> None:
    _read_log(account, "ExecutionSucceeded", level="ALL")
    first, *others = account.client("logs").filter_log_events(logGroupName=GROUP)["events"]
    assert first["logStreamName"] == STREAM
    assert first["message"].startswith("Permissions are set correctly to allow AWS CloudWatch Logs")
    assert STREAM not in [each["logStreamName"] for each in others]


@pytest.mark.parametrize(("kind", "stream"), [("STANDARD", "HH"), ("EXPRESS", "HH-MM")])
def test_each_type_has_its_own_names_of_streams(account: Account, kind: str, stream: str) -> None:
    _read_log(account, "ExecutionSucceeded", level="ALL", type=kind)
    name = account.client("logs").filter_log_events(logGroupName=GROUP)["events"][-1]
    digits = stream.replace("H", r"\d").replace("M", r"\d")
    pattern = rf"states/machine/\d{{4}}-\d\d-\d\d-{digits}/00000000"
    assert re.fullmatch(pattern, name["logStreamName"])


def test_a_long_input_is_cut_off(account: Account) -> None:
    text = json.dumps("x" * 255 * 1024)
    options: Any = {"level": "ALL", "includeExecutionData": True, "input": text}
    details = _read_log(account, "ExecutionSucceeded", **options)[0]["details"]
    assert details["inputDetails"] == {"truncated": True}
    assert text.startswith(details["input"])
    assert len(json.dumps(details["input"])) < 249 * 1024


def test_timeouts_are_logged(account: Account) -> None:
    definition = json.dumps({**WAIT, "TimeoutSeconds": 1})
    [ended] = _read_log(account, "ExecutionTimedOut", definition, level="FATAL", type="EXPRESS")
    assert ended["details"] == {}


def test_aborts_and_redrives_are_logged(account: Account) -> None:
    arn = _start(account, json.dumps(WAIT), level="ALL", includeExecutionData=True)
    stepfunctions = account.client("stepfunctions")
    _wait_for(account, "WaitStateEntered")
    stepfunctions.stop_execution(executionArn=arn, error="Enough", cause="of it")
    aborted = _wait_for(account, "ExecutionAborted")[-1]
    assert (aborted["execution_arn"], aborted["redrive_count"]) == (arn, "0")
    assert aborted["details"] == {"error": "Enough", "cause": "of it"}
    stepfunctions.redrive_execution(executionArn=arn)
    redriven = _wait_for(account, "ExecutionRedriven")[-1]
    assert (redriven["redrive_count"], redriven["details"]) == ("1", {"redriveCount": "1"})


def test_pages_of_records_end_with_a_token(account: Account) -> None:
    _read_log(account, "ExecutionSucceeded", level="ALL")
    logs, types, sizes = account.client("logs"), [], []
    more: dict[str, str] = {}
    while True:
        page = logs.filter_log_events(
            logGroupName=GROUP,
            limit=1,
            filterPattern='{ ($.type = "Pass*" || $.type = "ExecutionS*") && $.id != "4" }',
            **more,
        )
        types += [json.loads(each["message"])["type"] for each in page["events"]]
        sizes.append(len(page["events"]))
        if "nextToken" not in page:
            break
        more = {"nextToken": page["nextToken"]}
    assert types == ["ExecutionStarted", "PassStateEntered", "PassStateExited"]
    assert sizes == [0, 1, 1, 1, 0]  # those without a match have a token all the same


@pytest.mark.parametrize("pattern", ["{ $.type = }", '{ $.a = "b" && }', '{ ($.a = "b" }', "{ a }"])
def test_a_wrong_pattern_is_refused(account: Account, pattern: str) -> None:
    logs = account.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.filter_log_events(logGroupName=GROUP, filterPattern=pattern)
