"""Permissions become statements of a policy."""

from __future__ import annotations

from asl.permissions.derivation import derive_state, task

from sfn_s3_cli.asl.permissions.derive import derive_permissions
from sfn_s3_cli.iam.arns import Place


def test_statement_has_sid_effect_action_and_resource() -> None:
    assert derive_state(task("lambda:invoke", {"FunctionName": "resize"})).statements == (
        {
            "Sid": "LambdaInvokeFunction",
            "Effect": "Allow",
            "Action": ["lambda:InvokeFunction"],
            "Resource": [
                "arn:aws:lambda:eu-west-1:123456789012:function:resize",
                "arn:aws:lambda:eu-west-1:123456789012:function:resize:*",
            ],
        },
    )


def test_every_sid_is_unique() -> None:
    roles = ("ServiceRole", "JobFlowRole", "AutoScalingRole")
    state = task("elasticmapreduce:createCluster", {role: role for role in roles})
    taken = {"Sid": "IamPassRole", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    sids = [each["Sid"] for each in derive_state(state, user_statements=[taken]).statements]
    assert sids == [
        "ElasticmapreduceRunJobFlow",
        "IamCreateServiceLinkedRole",
        "IamPassRole2",
        "IamPassRole3",
        "IamPassRole4",
    ]


def test_unknown_account_and_region_become_wildcards() -> None:
    definition = {"StartAt": "A", "States": {"A": task("dynamodb:getItem", {"TableName": "t"})}}
    anywhere = Place("aws", "*", "*")
    (statement,) = derive_permissions(definition, place=anywhere, machine="m").statements
    assert statement["Resource"] == ["arn:aws:dynamodb:*:*:table/t"]
