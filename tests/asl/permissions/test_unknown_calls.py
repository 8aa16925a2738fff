"""Calls that sfnctl does not know."""

from __future__ import annotations

import re

import pytest
import yaml
from asl.permissions.derivation import derive_state, task

from sfn_s3_cli.checks.codes import CODES

UNKNOWN = {
    "brandnew:doThing": (
        "UNKNOWN_SERVICE",
        "the state 'Only' calls 'brandnew:doThing', whose permissions sfnctl does not know",
        "if it is new, allow its actions under `role.statements`",
    ),
    "dynamodb:query": (
        "INVALID_RESOURCE",
        "the state 'Only' calls 'dynamodb:query', which is not an optimised integration",
        (
            "did you mean 'aws-sdk:dynamodb:query'? If it is new, allow its actions under"
            " `role.statements`, such as `{Effect: Allow, Action: 'dynamodb:Query', Resource: '*'}`"
        ),
    ),
    "dynamoDB:putItem": (
        "INVALID_RESOURCE",
        "the state 'Only' calls 'dynamoDB:putItem', which is not an optimised integration",
        (
            "did you mean 'dynamodb:putItem'? If it is new, allow its actions under"
            " `role.statements`, such as"
            " `{Effect: Allow, Action: 'dynamodb:PutItem', Resource: '*'}`"
        ),
    ),
    "aws-sdk:s3:getObjekt": (
        "INVALID_RESOURCE",
        "the state 'Only' calls 'getObjekt', which s3 does not have",
        ("did you mean 'getObject'? If it is new, allow its actions under `role.statements`"),
    ),
    "aws-sdk:glue:putAsset": (
        "UNKNOWN_INTEGRATION",
        "the state 'Only' calls 'aws-sdk:glue:putAsset', whose permissions sfnctl does not know",
        "allow its actions under `role.statements`",
    ),
}


@pytest.mark.parametrize("resource", UNKNOWN)
def test_unknown_call_is_an_error(resource: str) -> None:
    (finding,) = derive_state(task(resource)).unknown_calls
    assert (finding.code, finding.message, finding.remedy) == UNKNOWN[resource]
    assert finding.path == ("States", "Only", "Resource")
    assert finding.code in CODES


@pytest.mark.parametrize(
    ("resource", "action", "is_known"),
    [
        ("new:doIt", "new:DoIt", True),
        ("new:doIt", "NEW:doit", True),
        ("new:doIt", "new:Do*", True),
        ("new:doIt", "new:Other", False),
        ("new:doIt", "*", True),
        ("new:doIt", "newer:DoIt", True),
        ("aws-sdk:newfoo:doIt", "new-foo:DoIt", True),
        ("aws-sdk:newfoo:doIt", "new-foo:DoItAgain", False),
        ("aws-sdk:newfoo:doIt", "s3:*", False),
        ("new:doIt", "s3:*", False),
        ("aws-sdk:sfn:doIt", "states:DoIt", True),
        ("aws-sdk:sfn:doIt", "states:StartExecution", False),
        ("aws-sdk:glue:putAsset", "glue:GetTable", False),
        ("aws-sdk:glue:putAsset", "glue:PutAsset", True),
    ],
)
def test_user_statement_covers_an_unknown_call(resource: str, action: str, is_known: bool) -> None:
    statement = {"Effect": "Allow", "Action": [action], "Resource": "*"}
    denied = {"Effect": "Deny", "Action": [action], "Resource": "*"}
    assert (not derive_state(task(resource), user_statements=[statement]).unknown_calls) == is_known
    assert derive_state(task(resource), user_statements=[denied]).unknown_calls


WITH_EXAMPLE = ["dynamodb:query", "dynamoDB:putItem", "secretsmanager:getSecretValue"]


@pytest.mark.parametrize("resource", WITH_EXAMPLE)
def test_suggested_statement_covers_the_call(resource: str) -> None:
    (finding,) = derive_state(task(resource)).unknown_calls
    example = re.search("such as `(.*)`", finding.remedy)
    assert example
    statement = yaml.safe_load(example[1])
    assert not derive_state(task(resource), user_statements=[statement]).unknown_calls


MISSPELT = {
    "aws-sdk:s3:GetObject": "write `aws-sdk:s3:getObject`",
    "aws-sdk:lambda:invokeAsync": "call it from a Lambda function",
    "aws-sdk:Lambda:invoke": "write `aws-sdk:lambda:invoke`",
    "aws-sdk:rds:DescribeDbInstances": "write `aws-sdk:rds:describeDBInstances`",
    "stateMachine:child": (
        "use `arn:aws:states:::states:startExecution`, with its ARN as `StateMachineArn`"
    ),
}
MEANT = {
    "aws-sdk:states:startExecution": ("aws-sdk:sfn:startExecution", "states:StartExecution"),
    "aws-sdk:stepfunctions:startExecution": ("aws-sdk:sfn:startExecution", ""),
    "aws-sdk:events:putEvents": ("aws-sdk:eventbridge:putEvents", "events:PutEvents"),
    "aws-sdk:logs:putLogEvents": ("aws-sdk:cloudwatchlogs:putLogEvents", "logs:PutLogEvents"),
    "aws-sdk:secrets-manager:getSecretValue": ("aws-sdk:secretsmanager:getSecretValue", ""),
    "aws-sdk:emr-serverless:startJobRun": (
        "aws-sdk:emrserverless:startJobRun",
        "emr-serverless:StartJobRun",
    ),
    "aws-sdk:elbv2:describeRules": ("aws-sdk:elasticloadbalancingv2:describeRules", ""),
    "aws-sdk:dynamo:getItems": ("aws-sdk:dynamodb:getItem", ""),
    "eventbridge:putEvents": ("events:putEvents", ""),
    "secretsmanager:getSecretValue": (
        "aws-sdk:secretsmanager:getSecretValue",
        "secretsmanager:GetSecretValue",
    ),
    "aws-sdk:http:invoke": ("", ""),
    "unheard:of": ("", ""),
}


@pytest.mark.parametrize("resource", MISSPELT)
def test_misspelt_call_is_always_an_error(resource: str) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    for statements in ([], [everything]):
        (finding,) = derive_state(task(resource), user_statements=statements).unknown_calls
        assert (finding.code, finding.remedy) == ("INVALID_RESOURCE", MISSPELT[resource])


@pytest.mark.parametrize("resource", MEANT)
def test_unknown_service_gets_a_suggestion(resource: str) -> None:
    (finding,) = derive_state(task(resource)).unknown_calls
    meant, action = MEANT[resource]
    example = f", such as `{{Effect: Allow, Action: '{action}', Resource: '*'}}`" if action else ""
    start = f"did you mean '{meant}'? If" if meant else "if"
    remedy = f"{start} it is new, allow its actions under `role.statements`{example}"
    assert (finding.code, finding.remedy) == ("UNKNOWN_SERVICE", remedy)


@pytest.mark.parametrize(
    ("resource", "meant"),
    [("lambda:Invoke", "lambda:invoke"), ("glue:startJob", "glue:startJobRun"), ("sns:x", "")],
)
def test_unknown_optimised_call_gets_a_suggestion(resource: str, meant: str) -> None:
    (finding,) = derive_state(task(resource)).unknown_calls
    assert finding.code == "INVALID_RESOURCE"
    hint = f"did you mean '{meant}'? " if meant else "did you mean 'aws-sdk:sns'? "
    assert finding.remedy.startswith(f"{hint}If it is new, ")


@pytest.mark.parametrize("resource", ["aws-sdk:eks:call", "aws-sdk:apigateway:invoke"])
def test_optimised_call_without_sdk_operation_is_invalid(resource: str) -> None:
    (finding,) = derive_state(task(resource)).unknown_calls
    assert finding.code == "INVALID_RESOURCE"
