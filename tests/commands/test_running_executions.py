"""Teardown while executions run: it waits for them, or stops them on request."""

from __future__ import annotations

import json

import pytest
from faults.rules import FAST
from local.local_account import wait_until
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
        start_waiting(aws, machine)
    return project


def start_waiting(aws: Aws, machine: str) -> None:
    """Starts an execution, and returns when it is in its first state."""
    arn = aws.stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]
    read = aws.stepfunctions.get_execution_history
    wait_until(lambda: len(read(executionArn=arn)["events"]) > 1)


def test_plan_counts_running_executions(running: Sfnctl) -> None:
    assert (
        "Warning: Deleting state machine orders ends 2 running executions.\n"
        in running("teardown", "--dry-run").out
    )


def test_teardown_waits_for_running_executions(project: Sfnctl, aws: Aws) -> None:
    """They end at their next step."""
    again = {"Variable": "$.never", "IsPresent": False, "Next": "Wait"}
    steps = {
        "Wait": {"Type": "Wait", "Seconds": 3, "Next": "Again"},
        "Again": {"Type": "Choice", "Choices": [again], "Default": "End"},
        "End": {"Type": "Succeed"},
    }
    project.write("workflow.asl.json", json.dumps({**WAITING, "States": steps}))
    project("deploy", "--yes")
    for _ in range(2):
        start_waiting(aws, aws.place.arn("states", "stateMachine:orders"))
    ended = project("teardown", "--yes")
    assert (
        "Waiting up to 120 seconds for 2 running executions of orders: AWS ends executions at their"
        " next step; --stop-executions stops them now\n"
    ) in ended.err


def test_role_is_kept_if_executions_run_too_long(running: Sfnctl, aws: Aws) -> None:
    with running.with_faults(FAST):
        ended = running("teardown", "--yes", code=4)
    assert "failed: state machine orders is still being deleted: AWS waits for" in ended.err
    assert "run the same command again when they have ended, or now with --stop" in ended.err
    role = "sfnctl-orders-us-east-1-states"
    assert (
        f"skipped    role                {role}  because state_machine orders failed" in ended.out
    )
    assert aws.iam.get_role(RoleName=role)
    running("teardown", "--yes", "--stop-executions")


def test_stop_executions_stops_running_executions(running: Sfnctl) -> None:
    with running.with_faults() as record:
        ended = running("teardown", "--yes", "--stop-executions")
    operations = [call.operation for call in record.calls]
    assert operations.count("StopExecution") == 2
    assert operations.index("DeleteStateMachine") > operations.index("StopExecution")
    assert operations.index("RemoveTargets") < operations.index("StopExecution")
    assert "Waiting" not in ended.err
