"""Executions that end before their last state, and those that are redriven."""

from __future__ import annotations

import json
from typing import Any

import pytest
from local.local_account import Account, wait_until

WAIT = {"Type": "Wait", "Seconds": 600, "End": True}


def define(states: dict[str, Any], **fields: Any) -> str:
    return json.dumps({"StartAt": next(iter(states)), "States": states, **fields})


def put(bucket: str, key: str, **fields: Any) -> dict[str, Any]:
    """A state that writes its input to an object."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
        "Parameters": {"Bucket": bucket, "Key": key, "Body.$": "$"},
        "ResultPath": None,
        **fields,
    }


def run_to_end(account: Account, arn: str) -> Any:
    client = account.client("stepfunctions")

    def ended() -> Any:
        found = client.describe_execution(executionArn=arn)
        return found if found["status"] != "RUNNING" else None

    return wait_until(ended)


def list_events(account: Account, arn: str) -> list[str]:
    history = account.client("stepfunctions").get_execution_history(executionArn=arn)
    return [event["type"] for event in history["events"]]


@pytest.mark.parametrize(
    "states",
    [
        {"Wait": WAIT},
        {
            "Both": {
                "Type": "Parallel",
                "Branches": [{"StartAt": "A", "States": {"A": WAIT}}] * 2,
                "End": True,
            }
        },
    ],
    ids=["wait", "parallel"],
)
def test_the_timeout_of_the_definition_ends_an_execution(
    account: Account, stepfunctions: Any, states: dict[str, Any]
) -> None:
    machine = account.create_machine(define(states, TimeoutSeconds=1))
    arn = stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]
    ended = run_to_end(account, arn)
    assert ended["status"] == "TIMED_OUT"
    assert 0.9 < (ended["stopDate"] - ended["startDate"]).total_seconds() < 10
    assert ended["redriveStatus"] == "REDRIVABLE"
    assert list_events(account, arn)[-1] == "ExecutionTimedOut"


def test_a_stopped_execution_does_nothing_more(
    account: Account, stepfunctions: Any, bucket: str
) -> None:
    """Not even in a branch, and the task that fails later does not change its status."""
    wait = {"Type": "Wait", "Seconds": 1, "Next": "B"}
    branch = {"StartAt": "A", "States": {"A": wait, "B": put(bucket, "late", End=True)}}
    both = {"Type": "Parallel", "Branches": [branch], "End": True}
    machine = account.create_machine(define({"Both": both}), may=["s3:*"])
    arn = stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]
    wait_until(lambda: "ParallelStateEntered" in list_events(account, arn))
    stepfunctions.stop_execution(executionArn=arn)
    other = account.create_machine(define({"Wait": {**WAIT, "Seconds": 2}}), name="other")
    run_to_end(account, stepfunctions.start_execution(stateMachineArn=other)["executionArn"])
    assert account.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    assert list_events(account, arn)[-1] == "ExecutionAborted"


def test_a_redrive_continues_at_the_state_that_failed(
    account: Account, stepfunctions: Any, bucket: str
) -> None:
    states = {
        "First": put(bucket, "first", Next="Second"),
        "Second": {
            "Type": "Pass",
            "Parameters": {
                "n": 1,
                "role.$": "$$.Execution.RoleArn",
                "was.$": "$$.Execution.Input.n",
            },
            "Next": "Third",
        },
        "Third": put(bucket, "third", Next="Last"),
        "Last": {
            "Type": "Pass",
            "Parameters": {"n.$": "$.n", "was.$": "$.was", "count.$": "$$.Execution.RedriveCount"},
            "End": True,
        },
    }
    objects = f"arn:aws:s3:::{bucket}/"
    first = {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": f"{objects}first",
    }
    machine = account.create_machine(define(states))
    account.permit("machine", first)
    start = stepfunctions.start_execution(stateMachineArn=machine, input='{"n": 0}')
    arn = start["executionArn"]
    failed = run_to_end(account, arn)
    assert (failed["status"], failed["error"]) == ("FAILED", "S3.S3Exception")
    assert (failed["redriveCount"], failed["redriveStatus"]) == (0, "REDRIVABLE")
    before = list_events(account, arn)

    stepfunctions.update_state_machine(
        stateMachineArn=machine, definition=define({"Other": {"Type": "Succeed"}})
    )
    account.permit("machine", {**first, "Resource": f"{objects}*"})
    token = {"executionArn": arn, "clientToken": "token"}
    redriven = stepfunctions.redrive_execution(**token)["redriveDate"]
    assert stepfunctions.redrive_execution(**token)["redriveDate"] == redriven
    ended = run_to_end(account, arn)
    assert ended["status"] == "SUCCEEDED"
    assert json.loads(ended["output"]) == {"n": 1, "was": 0, "count": 1}
    assert (ended["redriveCount"], ended["redriveDate"]) == (1, redriven)
    assert ended["redriveStatus"] == "NOT_REDRIVABLE"
    assert ended["redriveStatusReason"] == "Execution is SUCCEEDED and cannot be redriven"
    assert list_events(account, arn) == [
        *before,
        *("ExecutionRedriven", "TaskScheduled", "TaskStarted", "TaskSucceeded", "TaskStateExited"),
        *("PassStateEntered", "PassStateExited", "ExecutionSucceeded"),
    ]
    [listed] = stepfunctions.list_executions(stateMachineArn=machine)["executions"]
    assert (listed["redriveCount"], listed["redriveDate"]) == (1, redriven)


def test_variables_survive_a_redrive(account: Account, stepfunctions: Any, bucket: str) -> None:
    states = {
        "Set": {"Type": "Pass", "Assign": {"text": "{{%}"}, "Next": "Put"},
        "Put": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
            "Arguments": {"Bucket": bucket, "Key": "a", "Body": "{% $text %}"},
            "Output": "{% $text %}",
            "End": True,
        },
    }
    machine = account.create_machine(define(states, QueryLanguage="JSONata"))
    arn = stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]
    assert run_to_end(account, arn)["status"] == "FAILED"
    account.create_role("machine", "states", "s3:PutObject")
    stepfunctions.redrive_execution(executionArn=arn)
    assert json.loads(run_to_end(account, arn)["output"]) == "{{%}"


def test_only_an_unsuccessful_execution_is_redriven(account: Account, stepfunctions: Any) -> None:
    refused = stepfunctions.exceptions.ExecutionNotRedrivable
    machine = account.create_machine(define({"Wait": WAIT}))
    running = stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]
    with pytest.raises(refused, match="Execution is RUNNING and cannot be redriven"):
        stepfunctions.redrive_execution(executionArn=running)
    stepfunctions.stop_execution(executionArn=running)
    stepfunctions.redrive_execution(executionArn=running)
    assert stepfunctions.describe_execution(executionArn=running)["status"] == "RUNNING"
    stepfunctions.stop_execution(executionArn=running)
    with pytest.raises(stepfunctions.exceptions.ExecutionDoesNotExist):
        stepfunctions.redrive_execution(executionArn=f"{running}-2")


def test_an_error_of_the_cloud_itself_says_so(account: Account, stepfunctions: Any) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": 5},
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Task"}],
        "End": True,
    }
    machine = account.create_machine(define({"Task": task}), may=["*"])
    arn = stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]
    ended = run_to_end(account, arn)
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert ended["cause"].startswith(
        "An error occurred while executing the state 'Task' (entered at the event id #2)."
        " unexpected error in the embedded cloud: "
    )
