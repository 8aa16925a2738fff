"""A path to a field that does not exist fails the execution, in each place that has paths."""

from __future__ import annotations

import json
from typing import Any

import pytest
from local.local_account import Account
from local.test_repaired_running import define, run_to_end

BEGIN = "An error occurred while executing the state 'State' (entered at the event id #2). "
CHOICE = "The choice state's condition path references an invalid value."
INPUT = {"size": 34, "none": None, "list": [1, 2], "time": "2026-01-01T00:00:00Z"}

Case = tuple[dict[str, Any], str]
FAILURES: dict[str, Case] = {
    "InputPath": (
        {"Type": "Pass", "InputPath": "$.size.deep"},
        "Invalid path '$.size.deep' : No results for path: $['size']['deep']",
    ),
    "InputPath-below": (
        {"Type": "Pass", "InputPath": "$.no.deep"},
        "Invalid path '$.no.deep' : Missing property in path $['no']",
    ),
    "OutputPath": (
        {"Type": "Pass", "OutputPath": "$.list[2]"},
        "Invalid path '$.list[2]' : No results for path: $['list'][2]",
    ),
    "Parameters": (
        {"Type": "Pass", "InputPath": "$.list", "Parameters": {"a": {"b.$": "$.no"}}},
        "The JSONPath '$.no' specified for the field 'b.$' could not be found in the input '[1,2]'",
    ),
    "context": (
        {"Type": "Pass", "Parameters": {"a.$": "$$.Execution.No"}},
        "The JSONPath '$$.Execution.No' specified for the field 'a.$' could not be found",
    ),
    "intrinsic": (
        {"Type": "Pass", "Parameters": {"a.$": "States.Format('{}', $.no)"}},
        "The JSONPath '$.no' specified for the field 'a.$' could not be found",
    ),
    "ResultSelector": (
        {
            "Type": "Parallel",
            "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}],
            "ResultSelector": {"a.$": "$[1]"},
        },
        "The JSONPath '$[1]' specified for the field 'a.$' could not be found",
    ),
    "ItemsPath": (
        {
            "Type": "Map",
            "ItemsPath": "$.no",
            "ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}},
        },
        "Invalid path '$.no' : No results for path: $['no']",
    ),
    "ItemsPath-array": (
        {
            "Type": "Map",
            "ItemsPath": "$.size",
            "ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}},
        },
        'Reference path "$.size" must point to array.',
    ),
    "Variable": (
        {
            "Type": "Choice",
            "Choices": [{"Variable": "$.no", "StringEquals": "", "Next": "End"}],
            "Default": "End",
        },
        f"Invalid path '$.no': {CHOICE}",
    ),
    "Variable-null": (
        {
            "Type": "Choice",
            "Choices": [{"Variable": "$.no", "IsNull": True, "Next": "End"}],
            "Default": "End",
        },
        f"Invalid path '$.no': {CHOICE}",
    ),
    "compared": (
        {
            "Type": "Choice",
            "Choices": [{"Variable": "$.size", "NumericEqualsPath": "$.no", "Next": "End"}],
            "Default": "End",
        },
        f"Invalid path '$.no': {CHOICE}",
    ),
    "SecondsPath": (
        {"Type": "Wait", "SecondsPath": "$.no"},
        "The SecondsPath parameter does not reference an input value: $.no",
    ),
    "TimestampPath": (
        {"Type": "Wait", "TimestampPath": "$.size"},
        "The TimestampPath parameter references an invalid value: $.size == 34",
    ),
}
SUCCESSES: dict[str, dict[str, Any]] = {
    "null": {"Type": "Pass", "InputPath": "$.none", "Parameters": {"a.$": "$"}},
    "wildcard": {"Type": "Pass", "Parameters": {"a.$": "$.list[*].no"}},
    "no-InputPath": {"Type": "Pass", "InputPath": None},
    "present": {
        "Type": "Choice",
        "Choices": [
            {
                "And": [
                    {"Variable": "$.none", "IsPresent": True},
                    {"Variable": "$.no", "IsPresent": False},
                    {
                        "Not": {
                            "And": [
                                {"Variable": "$.no", "IsPresent": True},
                                {"Variable": "$.no", "StringEquals": ""},
                            ]
                        }
                    },
                ],
                "Next": "End",
            }
        ],
    },
    "TimestampPath": {"Type": "Wait", "TimestampPath": "$.time"},
    "context": {
        "Type": "Parallel",
        "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}],
        "ResultSelector": {"a.$": "$$.State.Name", "b.$": "$$.Execution.RoleArn"},
    },
}


def run_state(account: Account, state: dict[str, Any]) -> Any:
    end = {} if state["Type"] == "Choice" else {"Next": "End"}
    states = {"State": {**state, **end}, "End": {"Type": "Succeed"}}
    client = account.client("stepfunctions")
    machine = account.create_machine(define(states))
    started = client.start_execution(stateMachineArn=machine, input=json.dumps(INPUT))
    return run_to_end(account, started["executionArn"])


@pytest.mark.parametrize("place", FAILURES)
def test_a_path_that_leads_nowhere_fails(account: Account, place: str) -> None:
    state, cause = FAILURES[place]
    ended = run_state(account, state)
    assert (ended["status"], ended.get("error")) == ("FAILED", "States.Runtime"), ended
    assert ended["cause"].startswith(BEGIN + cause)


@pytest.mark.parametrize("place", SUCCESSES)
def test_paths_that_exist_succeed(account: Account, place: str) -> None:
    assert run_state(account, SUCCESSES[place])["status"] == "SUCCEEDED"


def test_runtime_errors_are_neither_retried_nor_caught(account: Account) -> None:
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets",
        "Parameters": {"Prefix.$": "$.no"},
        "Retry": [{"ErrorEquals": ["States.ALL"]}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}],
    }
    assert run_state(account, state)["error"] == "States.Runtime"


def test_a_field_is_set_in_an_object_only(account: Account) -> None:
    inner = {"StartAt": "A", "States": {"A": {"Type": "Pass", "ResultPath": "$.a", "End": True}}}
    state = {"Type": "Map", "ItemsPath": "$.list", "ItemProcessor": inner}
    assert run_state(account, state)["error"] == "States.ResultPathMatchFailure"
