from __future__ import annotations

import json
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


def _read_log(account: Account, last: str, definition: str = PASS, **options: Any) -> list[Any]:
    """The records of an execution named `run`, up to the one of type `last`."""
    logs = account.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    arn = f"arn:aws:logs:{REGION}:{account.id}:log-group:{GROUP}:*"
    destinations = [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}]
    kind = options.pop("type", "STANDARD")
    machine = account.create_machine(
        definition, type=kind, loggingConfiguration={**options, "destinations": destinations}
    )
    account.client("stepfunctions").start_execution(
        stateMachineArn=machine, name="run", input='{"n": 1}'
    )

    def records() -> Any:
        events = logs.filter_log_events(logGroupName=GROUP)["events"]
        found = [json.loads(event["message"]) for event in events]
        return found if last in [record["type"] for record in found] else None

    return list(wait_until(records))


def test_all_events_are_logged_as_aws_writes_them(account: Account) -> None:
    records = _read_log(
        account, "ExecutionSucceeded", level="ALL", includeExecutionData=True, type="EXPRESS"
    )
    assert [(record["id"], record["previous_event_id"], record["type"]) for record in records] == [
        ("1", "0", "ExecutionStarted"),
        ("2", "1", "PassStateEntered"),
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
    assert not any({"input", "output"} & set(record["details"]) for record in records)


@pytest.mark.parametrize(
    ("level", "types"),
    [("ERROR", ["TaskFailed", "ExecutionFailed"]), ("FATAL", ["ExecutionFailed"])],
)
def test_a_level_logs_failures_only(level: str, types: list[str], account: Account) -> None:
    records = _read_log(account, "ExecutionFailed", FAILS, level=level)
    assert [record["type"] for record in records] == types
