"""Fields that the definition reads, and whether the trigger's input has them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fit.workflows import (
    LAMBDA,
    check,
    check_paths,
    make_definition,
    make_pipeline,
    read_path,
    task,
)

from sfn_s3_cli import fit

WRONG: list[tuple[dict[str, Any], str, str, str, str]] = [
    (
        {"via": "cloudtrail"},
        "$.detail.bucket.name",
        "error",
        "the event of `via: cloudtrail` has no `detail.bucket`",
        "read `$.detail.requestParameters.bucketName`",
    ),
    (
        {"via": "cloudtrail"},
        "$.detail.object.key",
        "error",
        "the event of `via: cloudtrail` has no `detail.object`",
        "read `$.detail.requestParameters.key`",
    ),
    (
        {"via": "cloudtrail"},
        "$.detail.object.size",
        "error",
        "the event of `via: cloudtrail` has no `detail.object`",
        "set `trigger.via: s3`, then the input has it",
    ),
    (
        {"via": "cloudtrail"},
        "$.bucket",
        "warning",
        "the event of `via: cloudtrail` has no `bucket`",
        "read `$.detail.requestParameters.bucketName`, or set `trigger.input: object`",
    ),
    (
        {"via": "s3"},
        "$.detail.requestParameters.key",
        "error",
        "the event of `via: s3` has no `detail.requestParameters`",
        "read `$.detail.object.key`",
    ),
    (
        {"via": "s3"},
        "$.detail.requestParameters",
        "error",
        "the event of `via: s3` has no `detail.requestParameters`",
        "read `$.detail.bucket.name` and `$.detail.object.key`",
    ),
    (
        {"via": "s3"},
        "$.detail.sourceIPAddress",
        "error",
        "the event of `via: s3` has no `detail.sourceIPAddress`",
        "read `$.detail['source-ip-address']`",
    ),
    (
        {"via": "s3"},
        "$.Records[0].s3.object.key",
        "error",
        "the event of `via: s3` has no `Records`",
        "read `$.detail.object.key`",
    ),
    (
        {"via": "s3", "events": ["deleted"]},
        "$.detail.object.has-object-annotation",
        "warning",
        "the event of `via: s3` has no `detail.object.has-object-annotation`",
        (
            "read one of the fields of `$.detail.object`: `etag`, `key`, `sequencer`, `size`,"
            " `version-id`"
        ),
    ),
    (
        {"via": "s3"},
        "$.account.id",
        "warning",
        "the event of `via: s3` has no `account.id`",
        "read `$.account` itself, which is a plain value",
    ),
    (
        {"via": "s3", "input": "object"},
        "$.detail.bucket.name",
        "error",
        "the normalised input of `via: s3` has no `detail`",
        "read `$.bucket`",
    ),
    (
        {"via": "cloudtrail", "input": "object"},
        "$.key",
        "error",
        "the normalised input of `via: cloudtrail` has no `key`",
        "read `$.object.key`",
    ),
    (
        {"via": "s3", "input": "object"},
        "$.size",
        "error",
        "the normalised input of `via: s3` has no `size`",
        "read `$.object.size`",
    ),
    (
        {"via": "cloudtrail", "input": "object"},
        "$.object.size",
        "error",
        "the normalised input of `via: cloudtrail` has no `object.size`",
        "set `trigger.via: s3`, then the input has it",
    ),
    (
        {"via": "s3", "input": "object"},
        "$.object.bucketName",
        "error",
        "the normalised input of `via: s3` has no `object.bucketName`",
        "read `$.bucket`",
    ),
    (
        {"via": "s3", "input": "object"},
        "$.object.colour",
        "warning",
        "the normalised input of `via: s3` has no `object.colour`",
        (
            "read one of the fields of `$.object`: `etag`, `has-object-annotation`, `key`,"
            " `sequencer`, `size`, `version-id`"
        ),
    ),
    (
        {"via": "s3", "input": "object"},
        "$.detail.userIdentity.arn",
        "error",
        "the normalised input of `via: s3` has no `detail`",
        "set `trigger.input: event` and read `$.detail.requester`",
    ),
    (
        {"via": "cloudtrail"},
        "$.object.key",
        "error",
        "the event of `via: cloudtrail` has no `object`",
        "read `$.detail.requestParameters.key`, or set `trigger.input: object`",
    ),
    (
        {"via": "s3"},
        "$.key",
        "warning",
        "the event of `via: s3` has no `key`",
        "read `$.detail.object.key`",
    ),
    (
        {"via": "s3", "input": "object"},
        "$.region",
        "error",
        "the normalised input of `via: s3` has no `region`",
        "set `trigger.input: event`, then the input has it",
    ),
    (
        {"via": "s3", "input": "object"},
        "$.order",
        "warning",
        "the normalised input of `via: s3` has no `order`",
        "read one of the fields of `$`: `bucket`, `event`, `object`, `time`, `via`",
    ),
]


@pytest.mark.parametrize(("trigger", "path", "severity", "message", "remedy"), WRONG)
def test_missing_field_is_reported_with_a_remedy(
    trigger: dict[str, Any], path: str, severity: str, message: str, remedy: str
) -> None:
    where = f"{severity} EVENT_FIELD States.A.Parameters.x.$"
    assert check(read_path(path), **trigger) == [
        f"{where}: the state 'A' reads `{path}`, but {message} ({remedy})"
    ]


FINE = [
    ({"via": "cloudtrail"}, "$.detail.requestParameters.bucketName"),
    ({"via": "cloudtrail"}, "$.detail.requestParameters.anything"),
    ({"via": "cloudtrail"}, "$.detail.userIdentity.sessionContext.attributes"),
    ({"via": "cloudtrail"}, "$.detail.resources[0].ARN"),
    ({"via": "s3"}, "$.detail.object['version-id']"),
    ({"via": "s3"}, "$['detail-type']"),
    ({"via": "s3"}, "$.detail-type"),
    ({"via": "s3"}, "$"),
    ({"via": "s3"}, "$.resources[0]"),
    ({"via": "s3"}, "$.resources[?(@ == '$.bucket')]"),
    ({"via": "s3"}, "$..bucketName"),
    ({"via": "s3"}, "$.*"),
    ({"via": "s3"}, "$bucket"),
    ({"via": "s3"}, "$order.bucket"),
    ({"via": "s3"}, "$$.Execution.Id"),
    ({"via": "s3"}, "$$.Execution.Input.detail.bucket.name"),
    ({"via": "s3"}, "$$.Task.Token"),
    ({"via": "s3"}, "States.Format('$.bucket {}', $.detail.object.key)"),
    ({"via": "s3"}, "$.detail.object.has-object-annotation"),
    ({"via": "s3", "events": ["created", "deleted"]}, "$.detail.deletion-type"),
    ({"via": "s3", "events": ["deleted"]}, "$.detail.object.version-id"),
    ({"via": "s3", "input": "object"}, "$.object.etag"),
    ({"via": "s3", "input": "object"}, "$.object.sequencer"),
    ({"via": "s3", "input": "object"}, "$.object.has-object-annotation"),
    ({"via": "s3", "input": "object"}, "$.object"),
    ({"via": "cloudtrail", "input": "object"}, "$.object"),
    ({"via": "cloudtrail", "input": "object"}, "$.object.bucketName"),
    ({"via": "s3", "input": "object", "events": ["deleted"]}, "$.object.key"),
    ({"via": "cloudtrail", "input": "object"}, "$.via"),
    ({"via": "cloudtrail", "input": "object"}, "$.object.key"),
    ({"via": "cloudtrail", "input": "object"}, "$.object.x-amz-acl"),
    ({"via": "cloudtrail", "input": "object", "events": ["deleted"]}, "$.object.key"),
    ({"via": "cloudtrail", "events": ["deleted"]}, "$.detail.resources[0].ARN"),
]

BATCH = (
    "test whether it exists; if not, take the key from the ARN in `detail.resources`,"
    " or use `via: s3`"
)
GAPS = [
    (
        {"via": "cloudtrail", "events": ["deleted"]},
        "$.detail.requestParameters.key",
        "the record of a batch deletion may have no `detail.requestParameters`",
        BATCH,
    ),
    (
        {"via": "cloudtrail", "events": ["created", "deleted"]},
        "$.detail.requestParameters",
        "the record of a batch deletion may have no `detail.requestParameters`",
        BATCH,
    ),
    (
        {"via": "s3", "events": ["deleted"]},
        "$.detail.object.size",
        "the event of a deletion may have no `detail.object.size`",
        "test whether it exists",
    ),
    (
        {"via": "s3", "events": ["created", "deleted"]},
        "$.detail.object.size",
        "the event of a deletion may have no `detail.object.size`",
        "test whether it exists",
    ),
    (
        {"via": "s3", "events": ["deleted"], "input": "object"},
        "$.object.etag",
        "the event of a deletion may have no `object.etag`",
        "test whether it exists",
    ),
]


@pytest.mark.parametrize(("trigger", "path", "message", "remedy"), GAPS)
def test_field_that_only_some_events_have_is_a_warning(
    trigger: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    where = "warning EVENT_FIELD States.A.Parameters.x.$"
    assert check(read_path(path), **trigger) == [
        f"{where}: the state 'A' reads `{path}`, but {message} ({remedy})"
    ]


@pytest.mark.parametrize(
    "rule",
    [
        {"Variable": "$.detail.requestParameters.key", "IsPresent": True, "Next": "B"},
        {"Variable": "$.detail.eventType", "StringEquals": "AwsApiCall", "Next": "B"},
        {"Variable": "$.detail-type", "StringMatches": "AWS API*", "Next": "B"},
    ],
)
def test_definition_may_tell_batches_apart(rule: dict[str, Any]) -> None:
    reading = task(**{"x.$": "$.detail.requestParameters.key"})
    definition = make_definition({"Type": "Choice", "Choices": [rule], "Default": "B"}, reading)
    assert check(definition, via="cloudtrail", events=["deleted"]) == []


@pytest.mark.parametrize(("trigger", "path"), FINE)
def test_field_that_may_exist_is_not_reported(trigger: dict[str, Any], path: str) -> None:
    assert check(read_path(path), **trigger) == []


@pytest.mark.parametrize(
    "path",
    [
        "$.detail.order",  # AWS may have added it
        "$.Records[*].s3",
        "$.Records[?(@.x)]",
    ],
)
def test_uncertain_finding_is_a_warning(path: str) -> None:
    assert check_paths(read_path(path), via="s3") == ["warning A.Parameters.x.$"]


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("$.detail.eventNames", "did you mean 'eventName'?"),
        ("$.detail.order", "read a field of `$.detail`"),
    ],
)
def test_remedy_names_the_nearest_of_many_fields(path: str, remedy: str) -> None:
    [finding] = fit.check_definition(make_pipeline(via="cloudtrail"), read_path(path))
    assert finding.remedy == remedy


def test_remedy_has_the_form_of_the_reference() -> None:
    selecting = {"Type": "Pass", "OutputPath": "$.detail"}
    reads = [
        task(**{"x.$": "$.requestParameters.key"}) | {"ResultPath": None},
        {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.eventTime %}"},
    ]
    findings = fit.check_definition(make_pipeline(via="s3"), make_definition(selecting, *reads))
    assert [each.remedy for each in findings] == [
        "read `$.object.key`",
        "read `$states.context.Execution.Input.time`",
    ]


def test_field_read_twice_is_reported_once() -> None:
    assert len(check(read_path("States.Format('{}{}', $.order, $.order)"), via="s3")) == 1


JSONATA = [
    (
        "$states.input.detail.bucket.name",
        "read `$states.input.detail.requestParameters.bucketName`",
    ),
    (
        "'a' & $states.context.Execution.Input.detail.object.key",
        "read `$states.context.Execution.Input.detail.requestParameters.key`",
    ),
    ("$count( $states . input . `detail` . object )", None),
    (
        "$uppercase($states.input.detail.`object`.`version-id`)",
        "read `$states.input.detail.responseElements.`x-amz-version-id``",
    ),
    ("$exists($states.input.detail.object.key)", None),
    ("$states.input.bucket ? 'yes' : 'no'", None),
    ("'$states.input.bucket' & \"$states.input.key\" /* $states.input.x */", None),
    ("$states.input.detail.requestParameters.bucketName", None),
    ("$states.result.bucket", None),
    ("$mystates.input.bucket", None),
    ("$states.inputs.bucket", None),
]


@pytest.mark.parametrize(("expression", "remedy"), JSONATA)
def test_missing_field_in_jsonata_is_reported(expression: str, remedy: str | None) -> None:
    """An expression that is only a field fails without it; others may do something else."""
    severity = "error" if re.fullmatch(r"[$.\w]+", expression) else "warning"
    state = {"Type": "Task", "Resource": LAMBDA, "Arguments": [f"{{% {expression} %}}"]}
    findings = fit.check_definition(
        make_pipeline(), make_definition(state, QueryLanguage="JSONata")
    )
    expected = [] if remedy is None else [(severity, remedy)]
    assert [(str(each.severity), each.remedy) for each in findings] == expected
