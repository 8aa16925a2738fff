"""The names of resources in arguments become ARNs."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from asl.permissions.derivation import PLACE, derive_state, summarize, task
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.asl.permissions.converters import CONVERTERS


@pytest.mark.parametrize(
    ("resource", "arguments", "needed"),
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
def test_partly_computed_name_keeps_its_literal_part(
    resource: str, arguments: dict[str, Any], needed: str
) -> None:
    assert needed in summarize(derive_state(task(resource, arguments, "JSONata"), "JSONata"))


@pytest.mark.parametrize(
    ("resource", "parameters"),
    [
        ("sqs:sendMessage", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/orders"}),
        ("dynamodb:getItem", {"TableName": "https://example.com"}),
        ("dynamodb:getItem", {"TableName": "my orders"}),
        ("dynamodb:getItem", {"TableName": "arn:"}),
        ("dynamodb:getItem", {"TableName": "arn:aws:s3:::orders"}),
        ("bedrock:invokeModel", {"ModelId": "m", "Input": {"S3Uri": "texts/in.json"}}),
        ("aws-sdk:cloudformation:validateTemplate", {"TemplateURL": "https://example.com/a"}),
        ("aws-sdk:lambda:updateFunctionCode", {"FunctionName": "f", "ImageUri": "resize:1"}),
    ],
)
def test_impossible_name_becomes_a_wildcard(resource: str, parameters: dict[str, Any]) -> None:
    found = derive_state(task(resource, parameters))
    assert {"*"} in [{*each["Resource"]} for each in found.statements]
    (finding,) = found.wide_permissions
    assert finding.message.endswith("is not in a format that AWS accepts")
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
def test_value_that_is_not_a_string_is_reported(resource: str, parameters: dict[str, Any]) -> None:
    found = derive_state(task(resource, parameters))
    assert found.statements
    (finding,) = found.wide_permissions
    assert finding.message.endswith("is not in a format that AWS accepts")


BUCKETS = st.from_regex(r"[a-z0-9][a-z0-9-]{1,20}[a-z0-9]", fullmatch=True)
KEYS = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), min_size=1, max_size=20)
HOSTS = st.sampled_from(
    [
        "s3.amazonaws.com",
        "s3.eu-west-1.amazonaws.com",
        "s3-eu-west-1.amazonaws.com",
        "s3.dualstack.eu-west-1.amazonaws.com",
        "s3.cn-north-1.amazonaws.com.cn",
    ]
)


@given(BUCKETS, KEYS, HOSTS)
def test_all_addresses_of_an_object_mean_the_same(bucket: str, key: str, host: str) -> None:
    addresses = [
        f"https://{bucket}.{host}/{quote(key)}",
        f"https://{host}/{bucket}/{quote(key)}",
        f"s3://{bucket}/{key}",
    ]
    found = {tuple(CONVERTERS["s3_url"](each, PLACE) or ()) for each in addresses}
    assert found == {(f"arn:aws:s3:::{bucket}/{key}",)}


@pytest.mark.parametrize("version", ["", ":1", f"@sha256:{'0' * 64}"])
def test_image_means_its_repository(version: str) -> None:
    image = f"123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/resize{version}"
    expected = ["arn:aws:ecr:eu-central-1:123456789012:repository/shop/resize"]
    assert CONVERTERS["image"](image, PLACE) == expected


def test_number_is_used_as_a_string() -> None:
    found = derive_state(task("aws-sdk:s3:getObject", {"Bucket": "logs", "Key": 2024}))
    assert summarize(found) == ["s3:GetObject on s3:::logs/2024"]


def test_parameter_name_may_begin_with_a_slash() -> None:
    named = {"Name.$": "States.Format('/shop/{}', $.name)"}
    assert summarize(derive_state(task("aws-sdk:ssm:getParameter", named))) == [
        "ssm:GetParameter on ssm:@:parameter/shop/*"
    ]


def test_computed_request_items_still_name_tables() -> None:
    items = {"RequestItems": {"orders.$": "$.keys", "lines": {}}}
    found = summarize(derive_state(task("aws-sdk:dynamodb:batchGetItem", items)))
    assert found == ["dynamodb:BatchGetItem on dynamodb:@:table/lines dynamodb:@:table/orders"]
