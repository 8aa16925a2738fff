from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local.local_account import Account, wait_until
from local.test_repaired_running import run_to_end

WAIT = json.dumps(
    {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}}
)


def _define(word: str) -> str:
    state = {"Type": "Pass", "Result": word, "End": True}
    return json.dumps({"StartAt": "Say", "States": {"Say": state}})


def _read_output(stepfunctions: Any, started: Any) -> Any:
    return json.loads(
        wait_until(
            lambda: stepfunctions.describe_execution(executionArn=started["executionArn"]).get(
                "output"
            )
        )
    )


def test_a_repeated_start_gives_the_running_execution(account: Account, stepfunctions: Any) -> None:
    start = {"stateMachineArn": account.create_machine(WAIT), "name": "run", "input": "{}"}
    first, second = (stepfunctions.start_execution(**start) for _ in range(2))
    assert first["executionArn"] == second["executionArn"]
    assert first["startDate"] == second["startDate"]
    with pytest.raises(stepfunctions.exceptions.ExecutionAlreadyExists):
        stepfunctions.start_execution(**start | {"input": "[]"})
    stepfunctions.stop_execution(executionArn=first["executionArn"])
    with pytest.raises(stepfunctions.exceptions.ExecutionAlreadyExists):
        stepfunctions.start_execution(**start)


def test_a_repeated_start_of_an_express_machine_starts_again(
    account: Account, stepfunctions: Any
) -> None:
    machine = account.create_machine(type="EXPRESS")
    arns = {
        stepfunctions.start_execution(stateMachineArn=machine, name="run")["executionArn"]
        for _ in range(2)
    }
    assert {arn.rpartition(":")[0] for arn in arns} == {
        machine.replace(":stateMachine:", ":express:") + ":run"
    }
    assert len(arns) == 2


@pytest.mark.parametrize(
    "call", ["describe_execution", "get_execution_history", "stop_execution", "redrive_execution"]
)
def test_an_express_execution_is_refused(account: Account, stepfunctions: Any, call: str) -> None:
    machine = account.create_machine(WAIT, type="EXPRESS")
    started = stepfunctions.start_execution(stateMachineArn=machine, name="run")["executionArn"]
    with pytest.raises(stepfunctions.exceptions.InvalidArn, match="in this context: express"):
        getattr(stepfunctions, call)(executionArn=started)
    standard = machine.replace(":stateMachine:", ":execution:") + ":run"
    with pytest.raises(stepfunctions.exceptions.ExecutionDoesNotExist):
        getattr(stepfunctions, call)(executionArn=standard)


def test_input_must_be_json_and_not_too_long(account: Account, stepfunctions: Any) -> None:
    machine = account.create_machine()
    with pytest.raises(stepfunctions.exceptions.InvalidExecutionInput):
        stepfunctions.start_execution(stateMachineArn=machine, input="{")
    with pytest.raises(ClientError, match="ValidationException"):
        stepfunctions.start_execution(stateMachineArn=machine, input=f'"{"x" * 256 * 1024}"')


def test_an_alias_and_a_version_run_the_published_definition(
    account: Account, stepfunctions: Any
) -> None:
    machine = account.create_machine(_define("old"))
    version = stepfunctions.publish_state_machine_version(stateMachineArn=machine)[
        "stateMachineVersionArn"
    ]
    alias = stepfunctions.create_state_machine_alias(
        name="live", routingConfiguration=[{"stateMachineVersionArn": version, "weight": 100}]
    )["stateMachineAliasArn"]
    stepfunctions.update_state_machine(stateMachineArn=machine, definition=_define("new"))
    started = {
        arn: stepfunctions.start_execution(stateMachineArn=arn) for arn in (machine, version, alias)
    }
    assert [_read_output(stepfunctions, run) for run in started.values()] == ["new", "old", "old"]

    def listed(arn: str) -> set[str]:
        found = stepfunctions.list_executions(stateMachineArn=arn)["executions"]
        return {execution["executionArn"] for execution in found}

    arns = {arn: run["executionArn"] for arn, run in started.items()}
    assert listed(machine) == set(arns.values())
    assert listed(version) == {arns[version], arns[alias]}
    assert listed(alias) == {arns[alias]}
    described = stepfunctions.describe_execution(executionArn=arns[alias])
    assert described["stateMachineArn"] == machine
    assert described["stateMachineVersionArn"] == version
    assert described["stateMachineAliasArn"] == alias


def test_executions_are_listed_by_their_latest_change(account: Account, stepfunctions: Any) -> None:
    machine = account.create_machine(WAIT)
    start = {
        name: stepfunctions.start_execution(stateMachineArn=machine, name=name)["executionArn"]
        for name in ("first", "second", "third")
    }
    stepfunctions.stop_execution(executionArn=start["first"])

    def names(**options: Any) -> list[str]:
        found = stepfunctions.list_executions(stateMachineArn=machine, **options)["executions"]
        return [execution["name"] for execution in found]

    assert names() == ["first", "third", "second"]
    assert names(statusFilter="RUNNING") == ["third", "second"]
    page = stepfunctions.list_executions(stateMachineArn=machine, maxResults=2)
    assert names(nextToken=page["nextToken"]) == ["second"]


def test_a_page_has_100_executions_by_default(account: Account, stepfunctions: Any) -> None:
    machine = account.create_machine()
    for _ in range(101):
        stepfunctions.start_execution(stateMachineArn=machine)
    for options in ({}, {"maxResults": 0}):
        page = stepfunctions.list_executions(stateMachineArn=machine, **options)
        assert len(page["executions"]) == 100
        assert "nextToken" in page


def test_missing_and_express_machines_list_no_executions(
    account: Account, stepfunctions: Any
) -> None:
    express = account.create_machine(type="EXPRESS")
    with pytest.raises(stepfunctions.exceptions.StateMachineTypeNotSupported):
        stepfunctions.list_executions(stateMachineArn=express)
    with pytest.raises(stepfunctions.exceptions.StateMachineDoesNotExist):
        stepfunctions.list_executions(stateMachineArn=f"{express}2")


def test_only_a_successful_execution_has_an_output(account: Account, stepfunctions: Any) -> None:
    fail = {"Type": "Fail", "Error": "Bad", "Cause": "it is"}
    definition = json.dumps({"StartAt": "Fail", "States": {"Fail": fail}})
    machine = account.create_machine(definition)
    arn = stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]
    failed = run_to_end(account, arn)
    assert (failed["status"], failed["error"], failed["cause"]) == ("FAILED", "Bad", "it is")
    assert {"output", "outputDetails"}.isdisjoint(failed)
    express = account.create_machine(definition, name="express", type="EXPRESS")
    ended = stepfunctions.start_sync_execution(stateMachineArn=express)
    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "Bad", "it is")
    assert {"output", "outputDetails"}.isdisjoint(ended)


@pytest.mark.parametrize("last", ["Fail", "Pass"])
def test_a_parent_goes_on_when_its_child_has_ended(
    account: Account, stepfunctions: Any, last: str
) -> None:
    states: dict[str, Any] = {
        "Fail": {"Type": "Fail", "Error": "Bad", "Cause": "it is"},
        "Pass": {"Type": "Pass", "Result": 5, "End": True},
    }
    child = json.dumps({"StartAt": last, "States": {last: states[last]}})
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": account.create_machine(child, name="child")},
        "Next": "Done",
    }
    done = {"Type": "Pass", "Parameters": {"child.$": "$.Output", "me.$": "$$.Execution.Name"}}
    parent = account.create_machine(
        json.dumps({"StartAt": "Task", "States": {"Task": task, "Done": {**done, "End": True}}}),
        may=["states:*", "events:*"],
    )
    arn = stepfunctions.start_execution(stateMachineArn=parent, name="run")["executionArn"]
    ended = run_to_end(account, arn)
    if last == "Fail":
        assert ended["error"] == "States.TaskFailed"
        cause = json.loads(ended["cause"])
        assert (cause["Error"], cause["Cause"], cause["Status"]) == ("Bad", "it is", "FAILED")
        assert list(cause) == sorted(cause)
        assert (cause["Input"], cause["RedriveStatus"]) == ("{}", "REDRIVABLE")
        assert isinstance(cause["StartDate"], int)
    else:
        assert json.loads(ended["output"]) == {"child": 5, "me": "run"}
