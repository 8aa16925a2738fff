"""The history of an execution: the events of every state, in the order and with the details of AWS.

docs/facts.md names the recorded histories that say so.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from local.local_account import Account
from local.test_repaired_running import define, run_to_end

FAILS = {"Type": "Fail", "Error": "Boom", "Cause": "it broke"}


def read(account: Account, states: Any, text: str = "{}", **options: Any) -> list[Any]:
    client = account.client("stepfunctions")
    machine = account.create_machine(define(states), may=("*",))
    arn = client.start_execution(stateMachineArn=machine, input=text)["executionArn"]
    run_to_end(account, arn)
    return list(client.get_execution_history(executionArn=arn, **options)["events"])


def outline(events: list[Any]) -> list[str]:
    """`id < previous type name` of each event."""
    return [
        f"{each['id']} < {each['previousEventId']} {each['type']} {_name(each)}".rstrip()
        for each in events
    ]


def _name(event: Any) -> str:
    details = find_details(event)
    index = f"[{details['index']}]" if "index" in details else ""
    return f"{details.get('name', '')}{index}"


def find_details(event: Any) -> Any:
    return next((event[key] for key in event if key.endswith("EventDetails")), {})


def put_in(states: Any, start: str) -> dict[str, Any]:
    return {"StartAt": start, "States": states}


def test_each_event_names_the_one_before_it(account: Account) -> None:
    choice = {"Type": "Choice", "Choices": [], "Default": "Done"}
    states: Any = {"Route": choice, "Done": {"Type": "Succeed"}}
    states["Route"]["Choices"] = [{"Variable": "$", "IsNull": True, "Next": "Done"}]
    assert outline(read(account, states)) == [
        "1 < 0 ExecutionStarted",
        "2 < 0 ChoiceStateEntered Route",
        "3 < 2 ChoiceStateExited Route",
        "4 < 3 SucceedStateEntered Done",
        "5 < 4 SucceedStateExited Done",
        "6 < 5 ExecutionSucceeded",
    ]


def test_the_states_of_a_branch_have_events(account: Account) -> None:
    branch = put_in({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}, "A")
    states = {"Both": {"Type": "Parallel", "Branches": [branch], "End": True}}
    assert outline(read(account, states)) == [
        "1 < 0 ExecutionStarted",
        "2 < 0 ParallelStateEntered Both",
        "3 < 2 ParallelStateStarted",
        "4 < 3 PassStateEntered A",
        "5 < 4 PassStateExited A",
        "6 < 5 SucceedStateEntered B",
        "7 < 6 SucceedStateExited B",
        "8 < 7 ParallelStateSucceeded",
        "9 < 7 ParallelStateExited Both",
        "10 < 9 ExecutionSucceeded",
    ]


def test_iterations_that_wait_follow_each_other(account: Account) -> None:
    items = put_in({"A": {"Type": "Pass", "End": True}}, "A")
    each = {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": items, "End": True}
    events = read(account, {"Each": each}, "[7, 8]")
    assert outline(events)[2:] == [
        "3 < 2 MapStateStarted",
        "4 < 3 MapIterationStarted Each[0]",
        "5 < 4 PassStateEntered A",
        "6 < 5 PassStateExited A",
        "7 < 6 MapIterationSucceeded Each[0]",
        "8 < 6 MapIterationStarted Each[1]",
        "9 < 8 PassStateEntered A",
        "10 < 9 PassStateExited A",
        "11 < 10 MapIterationSucceeded Each[1]",
        "12 < 10 MapStateSucceeded",
        "13 < 10 MapStateExited Each",
        "14 < 13 ExecutionSucceeded",
    ]
    assert find_details(events[2]) == {"length": 2}
    assert find_details(events[8])["input"] == "8"


def test_a_failed_iteration_fails_the_map(account: Account) -> None:
    caught = [{"ErrorEquals": ["Boom"], "Next": "Done"}]
    each = {"Type": "Map", "ItemProcessor": put_in({"A": FAILS}, "A"), "Catch": caught}
    states = {"Each": {**each, "End": True}, "Done": {"Type": "Succeed"}}
    assert outline(read(account, states, "[1]"))[2:] == [
        "3 < 2 MapStateStarted",
        "4 < 3 MapIterationStarted Each[0]",
        "5 < 4 FailStateEntered A",
        "6 < 5 MapIterationFailed Each[0]",
        "7 < 5 MapStateFailed",
        "8 < 7 MapStateExited Each",
        "9 < 8 SucceedStateEntered Done",
        "10 < 9 SucceedStateExited Done",
        "11 < 10 ExecutionSucceeded",
    ]


def test_a_task_is_scheduled_with_its_parameters(account: Account) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:headBucket",
        "Parameters": {"Bucket": "nowhere"},
        "TimeoutSeconds": 30,
        "End": True,
    }
    events = read(account, {"Find": task})
    assert [each["type"] for each in events] == [
        *("ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted"),
        *("TaskFailed", "ExecutionFailed"),
    ]
    call = {"resourceType": "aws-sdk:s3", "resource": "headBucket"}
    scheduled = {**find_details(events[2])}
    assert json.loads(scheduled.pop("parameters")) == {"Bucket": "nowhere"}
    assert scheduled == {**call, "region": "eu-west-1", "timeoutInSeconds": 30}
    assert find_details(events[3]) == call
    assert find_details(events[4]).items() > {**call, "error": "S3.S3Exception"}.items()


def test_an_expression_that_fails_schedules_nothing(account: Account) -> None:
    task = {
        "Type": "Task",
        "QueryLanguage": "JSONata",
        "Resource": "arn:aws:states:::aws-sdk:s3:headBucket",
        "Arguments": {"Bucket": "{% $number('x') %}"},
        "End": True,
    }
    events = read(account, {"Find": task})
    assert outline(events)[1:] == [
        "2 < 0 TaskStateEntered Find",
        "3 < 2 EvaluationFailed",
        "4 < 3 ExecutionFailed",
    ]
    found = find_details(events[2])
    assert (found["state"], found["error"]) == ("Find", "States.QueryEvaluationError")
    assert found["location"] == "Arguments/Bucket"


def test_a_map_run_and_its_executions_have_histories(account: Account) -> None:
    items = put_in({"A": {"Type": "Pass", "End": True}}, "A")
    items["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    each = {"Type": "Map", "Label": "L", "ItemProcessor": items, "End": True}
    events = read(account, {"Each": each}, "[1]")
    assert outline(events)[2:] == [
        "3 < 2 MapStateStarted",
        "4 < 3 MapRunStarted",
        "5 < 4 MapRunSucceeded",
        "6 < 5 MapStateSucceeded",
        "7 < 5 MapStateExited Each",
        "8 < 7 ExecutionSucceeded",
    ]
    client = account.client("stepfunctions")
    run = find_details(events[3])["mapRunArn"]
    (child,) = client.list_executions(mapRunArn=run)["executions"]
    own = client.get_execution_history(executionArn=child["executionArn"])["events"]
    assert outline(own) == [
        "1 < 0 ExecutionStarted",
        "2 < 0 PassStateEntered A",
        "3 < 2 PassStateExited A",
        "4 < 3 ExecutionSucceeded",
    ]
    assert find_details(own[0])["input"] == "1"


def test_an_express_execution_of_a_map_run_is_described(account: Account) -> None:
    items = put_in({"A": {"Type": "Pass", "End": True}}, "A")
    items["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    each = {"Type": "Map", "Label": "L", "ItemProcessor": items, "End": True}
    run = find_details(read(account, {"Each": each}, "[1]")[3])["mapRunArn"]
    client = account.client("stepfunctions")
    (child,) = client.list_executions(mapRunArn=run)["executions"]
    arn = child["executionArn"]
    assert ":express:" in arn
    found = client.describe_execution(executionArn=arn)
    assert (found["executionArn"], found["status"], found["output"]) == (arn, "SUCCEEDED", "1")
    with pytest.raises(client.exceptions.InvalidArn):
        client.get_execution_history(executionArn=arn)
    with pytest.raises(client.exceptions.InvalidArn):
        client.describe_execution(executionArn=f"{arn}0")
    standard = arn.rpartition(":")[0].replace(":express:", ":execution:")
    with pytest.raises(client.exceptions.ExecutionDoesNotExist):
        client.describe_execution(executionArn=standard)


@pytest.mark.parametrize("has_data", [True, False])
def test_data_is_left_out_on_request(account: Account, has_data: bool) -> None:
    states = {"A": {"Type": "Pass", "End": True}}
    events = read(account, states, includeExecutionData=has_data)
    details = [{*find_details(each)} for each in events]
    data = [{"input", "inputDetails"}, {"output", "outputDetails"}]
    expected = [{"roleArn"} | data[0], {"name"} | data[0], {"name"} | data[1], data[1]]
    assert details == [each if has_data else each - data[0] - data[1] for each in expected]


def test_pages_go_backwards_too(account: Account) -> None:
    client = account.client("stepfunctions")
    machine = account.create_machine(define({"A": {"Type": "Pass", "End": True}}))
    arn = client.start_execution(stateMachineArn=machine)["executionArn"]
    run_to_end(account, arn)
    first = client.get_execution_history(executionArn=arn, reverseOrder=True, maxResults=3)
    rest = client.get_execution_history(
        executionArn=arn, reverseOrder=True, maxResults=3, nextToken=first["nextToken"]
    )
    assert [each["id"] for each in first["events"] + rest["events"]] == [4, 3, 2, 1]
    assert "nextToken" not in rest
