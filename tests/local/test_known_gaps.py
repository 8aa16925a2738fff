"""What the embedded cloud does not do as AWS does: docs/local.md lists it.

A test that fails here says that a gap is closed: take it out of the page and out of this module,
and test the behaviour of AWS instead.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from local.local_account import REGION, Account, select_writes
from local.test_repaired_delivery import PATTERN
from local.test_repaired_running import define, list_events, put, run_to_end

from sfn_s3_cli.aws.client import connect_locally

PAGE = Path(__file__).parents[2] / "docs" / "local.md"
LINKS = re.findall(r"\[(\S+)::(\w+)\]\(([^)]+)\)", PAGE.read_text())


def run(account: Account, states: dict[str, Any], may: tuple[str, ...] = (), **fields: Any) -> Any:
    machine = account.create_machine(define(states, **fields), may=may)
    started = account.client("stepfunctions").start_execution(
        stateMachineArn=machine, input='{"list": [1, 2]}'
    )
    return run_to_end(account, started["executionArn"])


def test_the_page_lists_every_gap() -> None:
    here = {name for name in globals() if name.startswith("test_gap_")}
    assert {name for file, name, _ in LINKS if file == Path(__file__).name} == here


@pytest.mark.parametrize(("file", "name", "target"), LINKS)
def test_each_test_of_the_page_exists(file: str, name: str, target: str) -> None:
    path = (PAGE.parent / target).resolve()
    assert path.name == file
    assert f"\ndef {name}(" in path.read_text()


@pytest.mark.parametrize("path", ["$.list[?(@ =~ /1/)]", "$.list[0:2:2]", "$['list','no']"])
def test_gap_paths_of_other_kinds(account: Account, path: str) -> None:
    state = {"Type": "Pass", "Parameters": {"a.$": path}, "End": True}
    ended = run(account, {"State": state})
    assert ended["cause"].endswith(f"the embedded cloud does not support the path '{path}'")


def test_gap_order_of_unique_items(account: Account) -> None:
    call = "States.ArrayUnique(States.Array(true, false))"
    ended = run(account, {"A": {"Type": "Pass", "Parameters": {"a.$": call}, "End": True}})
    assert json.loads(ended["output"]) == {"a": [True, False]}


def test_gap_infinite_numbers(account: Account) -> None:
    state = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1/0 %}", "End": True}
    ended = run(account, {"A": state})
    assert "the embedded cloud has no infinite numbers" in ended["cause"]


def test_gap_integrations(account: Account) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::athena:startQueryExecution.sync",
        "Parameters": {"QueryString": "SELECT 1"},
        "End": True,
    }
    assert "is not yet implemented" in run(account, {"Task": task}, may=("*",))["cause"]


def test_gap_task_heartbeats_and_timeout_paths(account: Account, stepfunctions: Any) -> None:
    callback: dict[str, Any] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": f"https://sqs/{account.id}/q", "MessageBody.$": "$$.Task.Token"},
        "End": True,
    }
    account.client("sqs").create_queue(QueueName="q")
    started = []
    limits: list[dict[str, Any]] = [{"HeartbeatSeconds": 1}, {"TimeoutSecondsPath": "$.n"}]
    for number, limit in enumerate(limits):
        machine = account.create_machine(
            define({"Task": {**callback, **limit}}), name=f"m{number}", may=["sqs:*"]
        )
        execution = stepfunctions.start_execution(stateMachineArn=machine, input='{"n": 1}')
        started.append(execution["executionArn"])
    run(account, {"Wait": {"Type": "Wait", "Seconds": 2, "End": True}})
    for arn in started:
        assert stepfunctions.describe_execution(executionArn=arn)["status"] == "RUNNING"


def test_gap_a_failure_aborts_nothing(account: Account) -> None:
    """On AWS the other branch ends as well, with WaitStateAborted."""
    fails: dict[str, Any] = {"Type": "Fail", "Error": "Boom"}
    waits = {"Type": "Wait", "Seconds": 0, "End": True}
    branches = [{"StartAt": "A", "States": {"A": each}} for each in (fails, waits)]
    ended = run(account, {"Both": {"Type": "Parallel", "Branches": branches, "End": True}})
    assert "WaitStateExited" in list_events(account, ended["executionArn"])


def test_gap_redrive_of_branches(account: Account, s3: Any, bucket: str) -> None:
    names = ("allowed", "denied")
    branches = [{"StartAt": key, "States": {key: put(bucket, key, End=True)}} for key in names]
    states = {"Both": {"Type": "Parallel", "Branches": branches, "End": True}}
    machine = account.create_machine(define(states))
    statement = {"Effect": "Allow", "Action": "s3:PutObject"}
    account.permit("machine", {**statement, "Resource": f"arn:aws:s3:::{bucket}/allowed"})
    client = account.client("stepfunctions")
    arn = client.start_execution(stateMachineArn=machine)["executionArn"]
    assert run_to_end(account, arn)["status"] == "FAILED"
    s3.delete_object(Bucket=bucket, Key="allowed")
    account.permit("machine", {**statement, "Resource": "*"})
    client.redrive_execution(executionArn=arn)
    assert run_to_end(account, arn)["status"] == "SUCCEEDED"
    keys = {each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert keys == {"allowed", "denied"}  # on AWS only the branch that failed runs again


def test_gap_callers_may_do_everything(account: Account) -> None:
    iam = account.client("iam")
    iam.create_user(UserName="nobody")
    key = iam.create_access_key(UserName="nobody")["AccessKey"]["AccessKeyId"]
    connect_locally(account.endpoint_url, account=key).s3.list_buckets()


def test_gap_other_targets_are_not_checked(account: Account, events: Any) -> None:
    inbox = account.create_inbox(json.loads(PATTERN))  # a queue without a policy
    events.put_events(Entries=[{"Source": "shop", "DetailType": "sold", "Detail": "{}"}])
    inbox.take(1)


def test_gap_keys_of_buckets_are_not_checked(account: Account, s3: Any, bucket: str) -> None:
    key = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    encryption = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    s3.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": encryption}]
        },
    )
    ended = run(account, {"Put": put(bucket, "a", End=True)}, may=("s3:*",))
    assert ended["status"] == "SUCCEEDED", ended.get("cause")


def test_gap_test_state_is_not_checked(account: Account, stepfunctions: Any, bucket: str) -> None:
    state = json.dumps(put(bucket, "a", End=True))
    tested = stepfunctions.test_state(definition=state, roleArn=account.create_role())
    assert tested["status"] == "SUCCEEDED"


def test_gap_log_delivery_is_not_checked(account: Account) -> None:
    group = f"arn:aws:logs:{REGION}:{account.id}:log-group:/aws/vendedlogs/states/machine:*"
    account.client("logs").create_log_group(logGroupName="/aws/vendedlogs/states/machine")
    destination = {"cloudWatchLogsLogGroup": {"logGroupArn": group}}
    account.create_machine(loggingConfiguration={"level": "ALL", "destinations": [destination]})


def test_gap_policy_variables(account: Account, bucket: str) -> None:
    machine = account.create_machine(define({"Put": put(bucket, account.id, End=True)}))
    resource = f"arn:aws:s3:::{bucket}/${{aws:PrincipalAccount}}"
    account.permit("machine", {"Effect": "Allow", "Action": "s3:*", "Resource": resource})
    started = account.client("stepfunctions").start_execution(stateMachineArn=machine)
    assert run_to_end(account, started["executionArn"])["error"] == "S3.S3Exception"


def test_gap_denied_calls_are_not_in_the_trail(account: Account, s3: Any, bucket: str) -> None:
    account.create_trail(AdvancedEventSelectors=select_writes(f"arn:aws:s3:::{bucket}/"))
    inbox = account.create_inbox({"source": ["aws.s3"]})
    assert run(account, {"Put": put(bucket, "denied", End=True)})["status"] == "FAILED"
    s3.put_object(Bucket=bucket, Key="after")
    [event] = inbox.take(1)
    assert event["detail"]["requestParameters"]["key"] == "after"
