"""The user's own statements replace wide permissions."""

from __future__ import annotations

from typing import Any

import pytest
from asl.permissions.derivation import ROLE, derive_state, summarize, task

NARROW = {"Effect": "Allow", "Action": "S3:Get*", "Resource": "arn:aws:s3:::incoming/*"}


def test_user_statement_replaces_a_wide_permission() -> None:
    copied = {"CopySource.$": "$.from", "Bucket.$": "$.to", "Key.$": "$.key"}
    found = derive_state(task("aws-sdk:s3:copyObject", copied), user_statements=[NARROW])
    assert summarize(found) == ["s3:PutObject s3:PutObjectTagging on *"]
    (finding,) = found.wide_permissions
    assert finding.message == (
        "the state 'Only' is allowed s3:PutObject, s3:PutObjectTagging on any resource,"
        " because `Bucket` is computed at run time"
    )


def test_user_statement_does_not_narrow_literal_names() -> None:
    found = derive_state(
        task("aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k"}), user_statements=[NARROW]
    )
    assert summarize(found) == ["s3:GetObject on s3:::b/k"]


@pytest.mark.parametrize(
    ("service", "resource", "narrows"),
    [
        ("glue.amazonaws.com", ROLE, False),
        ("glue.amazonaws.com", "*", False),
        ("sagemaker.amazonaws.com", ROLE, True),
        ("sage*", ROLE, True),
        ("", ROLE, False),
        ("", "*", True),
    ],
)
def test_pass_role_statement_counts_for_its_service(
    service: str, resource: str, narrows: bool
) -> None:
    condition = {"Condition": {"StringLike": {"iam:PassedToService": service}}} if service else {}
    given = {"Effect": "Allow", "Action": ["iam:PassRole"], "Resource": resource, **condition}
    names = {"ModelName": "m", "ExecutionRoleArn.$": "$.role"}
    found = derive_state(task("sagemaker:createModel", names), user_statements=[given])
    passing = [each["Action"] for each in found.statements if "iam:PassRole" in each["Action"]]
    assert passing == ([] if narrows else [["iam:PassRole"]])
    assert bool(found.wide_permissions) is not narrows
    exact = derive_state(
        task("sagemaker:createModel", {"ExecutionRoleArn": ROLE}), user_statements=[given]
    )
    assert any("iam:PassRole" in each["Action"] for each in exact.statements)


QUERY = {"TableName": "orders", "IndexName.$": "$.index"}
READ_ALL = {"Bucket": "acme-orders", "Key.$": "$.key"}


@pytest.mark.parametrize(
    ("resource", "names", "statement", "replaces"),
    [
        ("s3:getObject", READ_ALL, {"Resource": "arn:aws:s3:::acme-orders/in/*"}, True),
        ("s3:getObject", READ_ALL, {"Resource": "arn:aws:s3:::acme-order?/*"}, True),
        ("s3:getObject", READ_ALL, {"Resource": "*"}, True),
        ("s3:getObject", READ_ALL, {"Resource": "arn:aws:s3:::acme-orders"}, False),
        ("s3:getObject", READ_ALL, {"Resource": "arn:aws:s3:::acme"}, False),
        ("s3:getObject", READ_ALL, {"Resource": ["arn:aws:s3:::reports/*"]}, False),
        ("s3:getObject", READ_ALL, {"Resource": "arn:aws:s3:::*-config/settings.json"}, False),
        ("dynamodb:query", QUERY, {"Resource": "arn:aws:dynamodb:*:*:table/audit"}, False),
        ("dynamodb:query", QUERY, {"NotResource": "arn:aws:dynamodb:*:*:table/o/index/*"}, False),
    ],
)
def test_user_statement_must_overlap_the_resource(
    resource: str, names: dict[str, Any], statement: dict[str, Any], replaces: bool
) -> None:
    given = {"Effect": "Allow", "Action": ["s3:*", "dynamodb:*"], **statement}
    found = derive_state(task(f"aws-sdk:{resource}", names), user_statements=[given])
    wide = [each for each in found.statements for arn in each["Resource"] if arn.endswith("*")]
    assert (not wide) == replaces


def test_negated_service_condition_covers_no_service() -> None:
    others = {"StringNotEquals": {"iam:PassedToService": ["ecs-tasks.amazonaws.com"]}}
    given = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": others}
    found = derive_state(task("ecs:runTask", {"TaskDefinition": "t"}), user_statements=[given])
    assert any("iam:PassRole" in each["Action"] for each in found.statements)
