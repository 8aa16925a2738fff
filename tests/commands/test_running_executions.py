"""Teardown while executions run: it waits for them, or stops them on request."""

from __future__ import annotations

import json

import pytest
from faults.rules import FAST, Rule
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws

WAITING = {
    "StartAt": "Wait",
    "States": {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}},
}


@pytest.fixture
def running(project: Sfnctl, aws: Aws) -> Sfnctl:
    """A pipeline with two executions that run for an hour."""
    project.write("workflow.asl.json", json.dumps(WAITING))
    project("deploy", "--yes")
    machine = aws.place.arn("states", "stateMachine:orders")
    for _ in range(2):
        aws.stepfunctions.start_execution(stateMachineArn=machine)
    return project


def still_deleting(aws: Aws, times: int | None) -> Rule:
    """DescribeStateMachine as AWS answers it until the executions have ended."""
    arn = aws.place.arn("states", "stateMachine:orders")
    answer = {**aws.stepfunctions.describe_state_machine(stateMachineArn=arn), "status": "DELETING"}
    del answer["ResponseMetadata"]
    return Rule(
        do="answer",
        operation="DescribeStateMachine",
        since="DeleteStateMachine",
        document=json.loads(json.dumps(answer, default=str)),
        times=times,
    )


def test_plan_counts_running_executions(running: Sfnctl) -> None:
    assert (
        "Note: Deleting state machine orders ends 2 running executions.\n"
        in running("teardown", "--dry-run").out
    )


def test_teardown_waits_for_running_executions(running: Sfnctl, aws: Aws) -> None:
    with running.with_faults(FAST, still_deleting(aws, times=5)):
        ended = running("teardown", "--yes")
    assert (
        "Waiting up to 120 seconds for 2 running executions of orders: AWS ends executions at their"
        " next step; --stop-executions stops them now\n"
    ) in ended.err


def test_role_is_kept_if_executions_run_too_long(running: Sfnctl, aws: Aws) -> None:
    with running.with_faults(FAST, still_deleting(aws, times=None)):
        ended = running("teardown", "--yes", code=4)
    assert "failed: state machine orders is still being deleted: AWS waits for" in ended.err
    assert "run the same command again when they have ended, or now with --stop" in ended.err
    role = "sfnctl-orders-us-east-1-states"
    assert (
        f"skipped    role                {role}  because state_machine orders failed" in ended.out
    )
    assert aws.iam.get_role(RoleName=role)
    running("teardown", "--yes")


def test_stop_executions_stops_running_executions(running: Sfnctl) -> None:
    with running.with_faults() as record:
        ended = running("teardown", "--yes", "--stop-executions")
    operations = [call.operation for call in record.calls]
    assert operations.count("StopExecution") == 2
    assert operations.index("DeleteStateMachine") > operations.index("StopExecution")
    assert operations.index("RemoveTargets") < operations.index("StopExecution")
    assert "Waiting" not in ended.err
