"""The parameters of a mocked `aws-sdk` call must be those of the API."""

from __future__ import annotations

from typing import Any

import pytest
from sfnctl_script import Sfnctl
from testing.workflow_cases import define, run, run_one, write

from sfn_s3_cli.local.repairs.sdk_parameters import report_faults

SDK = "arn:aws:states:::aws-sdk:"
COPY = {"Bucket": "b", "Key": "k", "CopySource": "a/k"}


def run_call(sfnctl: Sfnctl, service: str, parameters: dict[str, Any]) -> dict[str, Any]:
    state = {
        "Type": "Task",
        "Resource": f"{SDK}{service}",
        "Parameters": parameters,
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
        "End": True,
    }
    definition = define(Call=state, Caught={"Type": "Pass", "End": True})
    case = {"input": {"number": 5}, "mocks": {"Call": {"return": {}}}}
    return run_one(sfnctl, definition, case)


@pytest.mark.parametrize(
    ("service", "parameters", "faults"),
    [
        (
            "s3:copyObject",
            {**COPY, "Kay": "k"},
            ["The field 'Kay' is not supported by Step Functions"],
        ),
        ("s3:getObject", {"Bucket": "b"}, ["The field 'Key' is required but was missing"]),
        (
            "s3:deleteObjects",
            {"Bucket": "b", "Delete": {"Objects": [{"Kay": "k"}]}},
            [
                "The field 'Key' is required but was missing",
                "The field 'Kay' is not supported by Step Functions",
            ],
        ),
        (
            "dynamodb:putItem",
            {"TableName": "t", "Item": {"id": {"N.$": "$.number"}}},
            ["The value of the field 'Item.id.N' has an invalid format"],
        ),
        (
            "ecs:runTask",
            {"Cluster": "c"},
            ["The field 'TaskDefinition' is required but was missing"],
        ),
        (
            "cloudwatchlogs:putRetentionPolicy",
            {"LogGroupName": "l", "RetentionInDays": "7"},
            ["The value of the field 'RetentionInDays' has an invalid format"],
        ),
    ],
)
def test_a_mock_does_not_hide_wrong_parameters(
    sfnctl: Sfnctl, service: str, parameters: dict[str, Any], faults: list[str]
) -> None:
    ran = run_call(sfnctl, service, parameters)
    assert (ran["status"], ran["error"]) == ("FAILED", "States.Runtime")
    assert ran["cause"].endswith(f"could not be used to start the Task: [{', '.join(faults)}]")
    assert ran["calls"] == []


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        ("s3:putObject", {"Bucket": "b", "Key": "k", "Acl": "private", "Body": {"a": 1}}),
        ("s3:getObject", {"Bucket": "b", "Key": "k", "IfModifiedSince": "2026-01-01T00:00:00Z"}),
        ("s3:getObject", {"Bucket": "b", "Key": "k", "VersionId": None}),
        ("dynamodb:putItem", {"TableName": "t", "Item": {"a": {"Nul": True}, "b": {"Bool": True}}}),
        ("ecs:runTask", {"TaskDefinition": "t", "Count": 1.0}),
        ("lambda:invoke.waitForTaskToken", {"FunctionName": "f", "Payload": {"a": 1}}),
        ("sfn:startExecution", {"StateMachineArn": "a", "Input": "{}"}),
        ("bedrockruntime:invokeModel", {"ModelId": "m", "Body": {"prompt": "p"}}),
        ("s3:noSuchAction", {"Anything": 1}),
        ("nosuchservice:act", {"Anything": 1}),
    ],
)
def test_what_the_api_accepts_has_no_fault(call: str, parameters: dict[str, Any]) -> None:
    assert report_faults(f"{SDK}{call}", parameters) == ""


def test_an_optimised_call_is_left_to_its_own_rules(sfnctl: Sfnctl) -> None:
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:putItem",
        "Parameters": {"TableName": "t", "Item": {"id": {"S": "a"}}},
        "End": True,
    }
    write(sfnctl, define(Put=state), {"input": {}, "mocks": {"Put": {"return": {}}}})
    assert [each["verdict"] for each in run(sfnctl, code=0)] == ["passed"]
