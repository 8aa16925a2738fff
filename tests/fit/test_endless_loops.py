"""Workflows that write objects which start them again."""

from __future__ import annotations

from typing import Any

import pytest
from fit.workflows import call, check, check_loops, make_definition, make_pipeline, put_object

from sfn_s3_cli import fit
from sfn_s3_cli.asl.permissions.extra_grants import EXTRA_GRANTS
from sfn_s3_cli.asl.permissions.integrations import INTEGRATIONS
from sfn_s3_cli.asl.permissions.sdk_special_cases import SPECIAL_CASES
from sfn_s3_cli.fit.writing_calls import WRITING_CALLS

BATCH = call("aws-sdk:s3:deleteObjects", Bucket="acme-orders", Delete={"Objects": [{"Key": "a"}]})
S3_BUCKET, S3_KEY = "$.detail.bucket.name", "$.detail.object.key"
BOTH = {"prefix": "in/", "suffix": ".csv"}
# trigger, state, severity
LOOPS: list[tuple[dict[str, Any], dict[str, Any], str | None]] = [
    ({"prefix": "in/"}, put_object(Key="in/copy"), "error"),
    ({"prefix": "in/"}, put_object(Key="out/copy"), None),
    ({"prefix": ["a/", "in/"]}, put_object(Key="in/copy"), "error"),
    ({}, put_object(Key="out/copy"), "error"),
    ({}, put_object(**{"Key.$": "$.detail.id"}), "error"),
    ({"prefix": "in/"}, put_object(Bucket="acme-results", Key="in/copy"), None),
    ({"prefix": "in/"}, put_object(Key="in/copy", IfNoneMatch="*"), None),
    ({"prefix": "in/", "events": ["deleted"]}, put_object(Key="in/copy"), None),
    (BOTH, put_object(Key="in/copy.csv"), "error"),
    (BOTH, put_object(Key="in/copy.json"), None),
    (BOTH, put_object(**{"Key.$": "States.Format('in/{}', $.id)"}), "warning"),
    (BOTH, put_object(**{"Key.$": "States.Format('in/{}.csv', $.id)"}), "error"),
    (BOTH, put_object(**{"Key.$": "States.Format('in/{}.json', $.id)"}), None),
    (BOTH, put_object(**{"Key.$": S3_KEY}), "error"),
    (BOTH, put_object(**{"Key.$": f"States.Format('{{}}', {S3_KEY})"}), "error"),
    (BOTH, put_object(**{"Key.$": f"States.Format('{{}}.done', {S3_KEY})"}), None),
    ({"suffix": ".csv"}, put_object(**{"Key.$": f"States.Format('out/{{}}', {S3_KEY})"}), "error"),
    ({"prefix": "in/"}, put_object(**{"Key.$": f"States.Format('out/{{}}', {S3_KEY})"}), None),
    (
        {"prefix": "in/"},
        put_object(**{"Key.$": f"States.Format('{{}}/{{}}', 'out', {S3_KEY})"}),
        None,
    ),
    ({"prefix": "in/"}, put_object(**{"Key.$": r"States.Format('\{{}', $.id)"}), None),
    ({"prefix": "in/"}, put_object(**{"Key.$": "States.Format('{}/x', States.UUID())"}), "warning"),
    ({"prefix": "in/"}, put_object(**{"Key.$": "$$.Execution.Input.detail.object.key"}), "error"),
    ({"prefix": "in/"}, put_object(**{"Key.$": "$name"}), "warning"),
    ({"prefix": "in/"}, call("s3:putObject", **{"Bucket.$": S3_BUCKET, "Key": "in/a"}), "error"),
    ({"prefix": "in/"}, call("aws-sdk:s3:copyObject", Key="in/a"), None),
    (
        {"via": "cloudtrail", "prefix": "in/"},
        call(
            "aws-sdk:s3:copyObject",
            **{
                "Bucket.$": "$.detail.requestParameters.bucketName",
                "Key.$": "$.detail.requestParameters.key",
            },
        ),
        "error",
    ),
    (
        {"input": "object", "prefix": "in/"},
        call("aws-sdk:s3:copyObject", **{"Bucket.$": "$.bucket", "Key.$": "$.object.key"}),
        "error",
    ),
    (
        {"via": "cloudtrail", "input": "object", "prefix": "in/"},
        call(
            "aws-sdk:s3:copyObject",
            **{"Bucket.$": "$.object.bucketName", "Key.$": "$.object.key"},
        ),
        "error",
    ),
    ({"min_size": 1}, put_object(Key="in/copy"), "warning"),
    ({"events": ["deleted"]}, BATCH, "warning"),
    ({"events": ["deleted"], "via": "cloudtrail"}, BATCH, "warning"),
    ({"events": ["deleted"], "via": "cloudtrail", "input": "object"}, BATCH, None),
    ({}, BATCH, None),
    (
        {"prefix": "in/"},
        call(
            "athena:startQueryExecution.sync",
            ResultConfiguration={"OutputLocation": "s3://acme-orders/in/x"},
        ),
        "error",
    ),
    (
        {"prefix": "in/"},
        call(
            "aws-sdk:athena:startQueryExecution",
            ResultConfiguration={"OutputLocation": "s3://acme-orders"},
        ),
        "warning",
    ),
    (
        {"prefix": "in/"},
        call(
            "athena:startQueryExecution",
            ResultConfiguration={"OutputLocation": "s3://acme-orders/out/"},
        ),
        None,
    ),
    (
        {"prefix": "in/"},
        call(
            "athena:startQueryExecution",
            ResultConfiguration={
                "OutputLocation.$": f"States.Format('s3://{{}}/in/{{}}', {S3_BUCKET}, $.id)"
            },
        ),
        "error",
    ),
    ({}, call("bedrock:invokeModel", Output={"S3Uri": "s3://acme-orders/in/a"}), "error"),
    ({}, call("bedrock:invokeModel", Output="s3://acme-orders/in/a"), None),
    ({"prefix": "in/"}, put_object(Key=1), "warning"),
    ({}, call("lambda:invoke", Bucket="acme-orders", Key="in/a"), None),
    (
        {"events": ["deleted"], "via": "cloudtrail"},
        call("aws-sdk:s3:deleteObject", Bucket="acme-orders", Key="a"),
        "error",
    ),
    (
        {"events": ["deleted"]},
        call("aws-sdk:s3:deleteObject", Bucket="acme-orders", Key="a"),
        "warning",
    ),
    ({}, call("aws-sdk:s3:deleteObject", Bucket="acme-orders", Key="a"), None),
    (
        {"prefix": "in/"},
        put_object(**{"Key.$": "States.Format('{}/{}', 'in/a,b', $.detail.object.key)"}),
        "error",
    ),
    (
        {"prefix": "in/"},
        put_object(**{"Key.$": "States.Format('{}/{}', 'out', States.UUID())"}),
        None,
    ),
    ({"prefix": "in/"}, call("aws-sdk:s3:putObject", bucket="acme-orders", key="in/a"), "error"),
    (
        {"prefix": "in/"},
        {
            **put_object(Key="in/copy"),
            "Resource": "arn:aws:states:eu-west-1:123456789012:aws-sdk:s3service:putObject",
        },
        "error",
    ),
    (
        {"prefix": "in/"},
        {
            "Type": "Map",
            "ItemProcessor": make_definition({"Type": "Succeed"}),
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": "acme-orders", "Prefix": "in/results"},
            },
        },
        None,
    ),
    (
        {"prefix": "in/"},
        {
            "Type": "Map",
            "ItemProcessor": {
                **make_definition({"Type": "Succeed"}),
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            },
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": "acme-orders", "Prefix": "in"},
            },
        },
        "error",
    ),
]


@pytest.mark.parametrize(("trigger", "state", "severity"), LOOPS)
def test_workflow_that_starts_itself_is_reported(
    trigger: dict[str, Any], state: dict[str, Any], severity: str | None
) -> None:
    expected = [severity] if severity else []
    assert check_loops(make_definition(state), **{"via": "s3", **trigger}) == expected


JSONATA_KEYS = [
    ("'in/' & $states.input.id", "warning"),
    ("'in/' & $string($f(1, '&')) & '.csv'", "error"),
    ("'out/' & $states.input.detail.object.key", None),
    ("$states.input.detail.object.key", "error"),
    ("$states.input.detail.object.key & '.json'", None),
    ("'out/' & x = y ? 'in/a.csv' : 'in/b.csv'", "warning"),
    ("$states.input.detail.object.key & '", "warning"),
    ("", "warning"),
]


@pytest.mark.parametrize(("expression", "severity"), JSONATA_KEYS)
def test_literal_parts_of_jsonata_keys_are_read(expression: str, severity: str | None) -> None:
    state = put_object() | {"Arguments": {"Bucket": "acme-orders", "Key": f"{{% {expression} %}}"}}
    definition = make_definition(state, QueryLanguage="JSONata")
    assert check_loops(definition, via="s3", **BOTH) == ([severity] if severity else [])


def test_finding_shows_the_key_that_is_written() -> None:
    state = put_object(**{"Key.$": f"States.Format('in/{{}}/{{}}', $.id, {S3_KEY})"})
    assert check(make_definition(state), via="s3", prefix="in/") == [
        (
            "error ENDLESS_LOOP States.A.Parameters.Key.$: the state 'A' writes"
            " 's3://acme-orders/in/.../<key>', which starts another execution, in an endless loop"
            " (use another bucket, or keys that `trigger.prefix` and `trigger.suffix` exclude)"
        )
    ]


def test_write_after_a_choice_is_a_warning() -> None:
    choice = {"Type": "Choice", "Choices": [{"Variable": "$.id", "IsNull": True, "Next": "B"}]}
    definition = make_definition(choice, put_object(Key="in/x"), {"Type": "Succeed"})
    findings = fit.check_definition(make_pipeline(prefix="in/"), definition)
    assert [(str(each.severity), each.path) for each in findings] == [
        ("warning", ("States", "B", "Parameters", "Key"))
    ]


def test_every_call_that_writes_objects_is_known() -> None:
    """The derived role knows which calls write objects; parts are not objects yet."""
    parts = {"s3:completemultipartupload", "s3:uploadpart", "s3:uploadpartcopy"}
    tables = ({name.lower(): row.grants for name, row in INTEGRATIONS.items()}, EXTRA_GRANTS)
    writing = {
        name
        for table in (*tables, {name: row.grants for name, row in SPECIAL_CASES.items()})
        for name, grants in table.items()
        if any("s3:PutObject" in grant.actions.split() for grant in grants)
    }
    assert writing - parts <= WRITING_CALLS.keys()
