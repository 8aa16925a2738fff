"""Warnings about permissions that are wider than they could be."""

from __future__ import annotations

import pytest
from asl.permissions.derivation import derive_state, summarize, task

from sfn_s3_cli.checks.codes import CODES


def test_wide_permission_has_a_reason_and_a_remedy() -> None:
    (finding,) = derive_state(task("dynamodb:putItem", {"TableName.$": "$.table"})).wide_permissions
    assert finding.code in CODES
    assert finding.path == ("States", "Only", "Resource")
    assert finding.message == (
        "the state 'Only' is allowed dynamodb:PutItem on any resource,"
        " because `TableName` is computed at run time"
    )
    assert finding.remedy == (
        "write `TableName` literally,"
        " or allow dynamodb:PutItem on specific resources under `role.statements`"
    )


def test_unknown_key_of_a_known_bucket_is_wide() -> None:
    names = {"Bucket": "incoming", "Key.$": "$.key"}
    (finding,) = derive_state(task("aws-sdk:s3:getObject", names)).wide_permissions
    assert finding.message == (
        "the state 'Only' is allowed s3:GetObject on all of arn:aws:s3:::incoming/*,"
        " because `Key` is computed at run time"
    )


def test_absent_optional_parameter_is_not_reported() -> None:
    endpoint = "abc123.execute-api.eu-west-1.amazonaws.com"
    names = {"ApiEndpoint": endpoint, "Method": "GET", "AuthType": "IAM_ROLE"}
    found = derive_state(task("apigateway:invoke", names))
    assert summarize(found) == ["execute-api:Invoke on execute-api:@:abc123/*/GET/*"]
    assert not found.wide_permissions


def test_action_that_needs_a_wildcard_is_not_reported() -> None:
    for resource in ("aws-sdk:ec2:describeInstances", "eks:createCluster", "batch:submitJob.sync"):
        names = {"JobQueue": "q", "JobDefinition": "d"}
        assert not derive_state(task(resource, names)).wide_permissions


def test_remedy_for_pass_role_asks_for_a_condition() -> None:
    (finding,) = derive_state(task("ecs:runTask", {"TaskDefinition": "t"})).wide_permissions
    assert finding.remedy == (
        "allow iam:PassRole on specific resources under `role.statements`"
        " with a condition on `iam:PassedToService`"
    )


CALL = {"ApiEndpoint": "https://example.com", "Method": "GET"}


@pytest.mark.parametrize(
    ("changed", "left", "reason"),
    [
        ({}, {"HTTPEndpoint", "HTTPMethod"}, ""),
        ({"ApiEndpoint": "{% $x %}"}, {"HTTPMethod"}, "`ApiEndpoint` is computed at run time"),
        ({"Method": "{% $x %}"}, {"HTTPEndpoint"}, "`Method` is computed at run time"),
        ({"ApiEndpoint": "https://例.jp"}, {"HTTPMethod"}, "`ApiEndpoint` is not in a format"),
    ],
)
def test_unknown_condition_value_is_reported(
    changed: dict[str, str], left: set[str], reason: str
) -> None:
    found = derive_state(task("http:invoke", CALL | changed, "JSONata"), "JSONata")
    keys = {
        key.removeprefix("states:")
        for each in found.statements
        for keys in each.get("Condition", {}).values()
        for key in keys
    }
    assert keys == left
    assert [reason in each.message for each in found.wide_permissions] == ([True] if reason else [])
