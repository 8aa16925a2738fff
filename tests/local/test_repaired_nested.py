"""A task that starts an execution gets what AWS answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from local.local_account import Account
from local.test_repaired_running import define, run_to_end
from local.workflow_table import PASS

START = "arn:aws:states:::states:startExecution"


def start_child(account: Account, suffix: str, arn: str, *catch: str) -> Any:
    task = {
        "Type": "Task",
        "Resource": f"{START}{suffix}",
        "Parameters": {"StateMachineArn": arn, "Input": {"a": 1}},
        "Catch": [{"ErrorEquals": [name], "Next": "Caught"} for name in catch],
        "End": True,
    }
    states = {"Call": task, **({"Caught": PASS} if catch else {})}
    parent = account.create_machine(define(states), may=["states:*", "events:*"])
    client = account.client("stepfunctions")
    return run_to_end(account, client.start_execution(stateMachineArn=parent)["executionArn"])


def create_child(account: Account, state: dict[str, Any]) -> str:
    return account.create_machine(define({"Only": state}), name="child")


@pytest.mark.parametrize("suffix", [".sync", ".sync:2"])
def test_a_nested_execution_is_described(account: Account, suffix: str) -> None:
    child = create_child(account, {**PASS, "Result": {"b": 2}})
    output = json.loads(start_child(account, suffix, child)["output"])
    is_json = suffix == ".sync:2"
    given, found = (output[name] for name in ("Input", "Output"))
    assert (given, found) == (({"a": 1}, {"b": 2}) if is_json else ('{"a": 1}', '{"b": 2}'))
    assert list(output) == sorted(output)
    assert output["OutputDetails"] == {"Included": True}
    assert (output["Status"], output["RedriveStatus"]) == ("SUCCEEDED", "NOT_REDRIVABLE")
    assert all(isinstance(output[name], int) for name in ("StartDate", "StopDate"))


@pytest.mark.parametrize("suffix", [".sync", ".sync:2"])
def test_a_nested_failure_is_a_failed_task(account: Account, suffix: str) -> None:
    child = create_child(account, {"Type": "Fail", "Error": "Mine", "Cause": "it is"})
    ended = start_child(account, suffix, child, "Mine", "States.TaskFailed")
    caught = json.loads(ended["output"])
    assert caught["Error"] == "States.TaskFailed"
    cause = json.loads(caught["Cause"])
    assert (cause["Error"], cause["Cause"], cause["Input"]) == ("Mine", "it is", '{"a": 1}')
    assert cause["StateMachineArn"] == child


@pytest.mark.parametrize("suffix", ["", ".sync:2"])
def test_a_refused_start_has_a_name(account: Account, suffix: str) -> None:
    arn = f"arn:aws:states:eu-west-1:{account.id}:stateMachine:nobody"
    ended = start_child(account, suffix, arn)
    assert ended["error"] == "StepFunctions.StateMachineDoesNotExistException"


def test_an_execution_that_is_started_is_not_described(account: Account) -> None:
    output = json.loads(start_child(account, "", create_child(account, PASS))["output"])
    assert set(output) == {"ExecutionArn", "StartDate"}
    assert isinstance(output["StartDate"], int)
