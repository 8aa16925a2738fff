"""Counts and stops running executions."""

from __future__ import annotations

import json

import pytest
from pipelines import create_role

from sfn_s3_cli.aws import executions
from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.aws.executions import count_running, stop_running
from sfn_s3_cli.counts import Count

WAIT = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}}


def create_machine(aws: Aws, kind: str = "STANDARD") -> str:
    return aws.stepfunctions.create_state_machine(
        name=kind.lower(),
        definition=json.dumps(WAIT),
        roleArn=create_role(aws, "states"),
        type=kind,  # type: ignore[arg-type]
    )["stateMachineArn"]


def test_running_executions_are_counted_and_stopped(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = create_machine(aws)
    for number in range(3):
        aws.stepfunctions.start_execution(stateMachineArn=machine)
        assert count_running(aws, machine) == Count(number + 1)
    monkeypatch.setattr(executions, "_MOST_COUNTED", 2)
    assert count_running(aws, machine) == Count(2, has_more=True)
    stop_running(aws, machine)
    assert not count_running(aws, machine)


def test_missing_and_express_machines_have_no_executions(aws: Aws) -> None:
    express = create_machine(aws, "EXPRESS")
    for machine in (express, f"{express}-missing"):
        assert count_running(aws, machine) == Count(0)
