"""The role of the state machine: what the definition needs, what the config adds, logs, traces."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.reconcile import roles

PLACE = Place("aws", "111122223333", "eu-west-1")
NAMES = Names("orders", PLACE)
SEND = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sqs:sendMessage",
    "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/shop"},
    "End": True,
}
GIVEN = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-west-1:1:key/2"}


def pipeline(
    role: dict[str, Any], trigger: dict[str, Any] | None = None, **settings: Any
) -> Pipeline:
    machine = {"definition": "workflow.asl.json", "role": role, **settings}
    return Pipeline.model_validate(
        {
            "name": "orders",
            "bucket": "acme-orders",
            "trigger": trigger or {},
            "state_machine": machine,
        }
    )


def definition(*states: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": "0", "States": {str(number): each for number, each in enumerate(states)}}


def sids(config: Pipeline, *states: dict[str, Any]) -> list[str]:
    role = roles.states_role(config, definition(*states), NAMES, {})
    return [each.get("Sid", "") for each in role.policy["Statement"]] if role.policy else []


def test_what_the_definition_needs_stands_beside_what_the_config_says() -> None:
    config = pipeline({"statements": [GIVEN]}, tracing=True)
    assert sids(config, SEND) == ["", "SqsSendMessage", "SfnctlLogDelivery", "SfnctlTracing"]


def test_a_definition_that_needs_nothing_gets_no_policy() -> None:
    assert sids(pipeline({}, logging={"level": "off"}), {"Type": "Succeed"}) == []


def test_what_is_needed_is_known_also_where_a_role_is_given() -> None:
    config = pipeline({"arn": "arn:aws:iam::111122223333:role/given"}, logging={"level": "off"})
    assert sids(config, SEND) == ["SqsSendMessage"]


def test_what_is_wide_is_known_without_the_role() -> None:
    computed = {**SEND, "Parameters": {"QueueUrl.$": "$.queue"}}
    (finding,) = roles.derived(pipeline({}), definition(computed), NAMES).wide
    assert "sqs:SendMessage" in finding.message


def test_no_two_statements_have_the_same_sid() -> None:
    taken = [{**GIVEN, "Sid": each} for each in ("SfnctlLogDelivery", "SfnctlTracing")]
    config = pipeline({"statements": taken}, tracing=True)
    assert sids(config)[2:] == ["SfnctlLogDelivery2", "SfnctlTracing2"]


def test_more_than_fits_into_a_role_is_refused() -> None:
    """The last queue is the one too many."""
    states = [{**SEND, "Parameters": {"QueueUrl": f"queue-{number:04}"}} for number in range(211)]
    config = pipeline({}, logging={"level": "off"})
    assert sids(config, *states[:210]) == ["SqsSendMessage"]
    with pytest.raises(UsageError) as caught:
        sids(config, *states[:211])
    assert caught.value.message == (
        "the policy of the workflow's role has 10,250 characters, AWS allows 10,240"
    )
    assert caught.value.remedy == (
        "make a role with managed policies and name it in `state_machine.role.arn`,"
        " or move states into a state machine of their own"
    )


def of_s3(operation: str, **parameters: Any) -> dict[str, Any]:
    key = "Arguments" if any("{%" in str(each) for each in parameters.values()) else "Parameters"
    language = {"QueryLanguage": "JSONata"} if key == "Arguments" else {}
    resource = f"arn:aws:states:::aws-sdk:s3:{operation}"
    return {"Type": "Task", "Resource": resource, key: parameters, **language, "End": True}


def on(trigger: dict[str, Any], *states: dict[str, Any]) -> list[str]:
    """What the derived role lets the states do, each in its turn, without `arn:aws:s3:::`."""
    linked = [
        {**each, "Next": str(number)} if number < len(states) else each
        for number, each in enumerate(states, 1)
    ]
    derived = roles.derived(pipeline({}, trigger), definition(*linked), NAMES)
    return [
        resource.removeprefix("arn:aws:s3:::")
        for statement in derived.statements
        for resource in statement["Resource"]
    ]


GET_S3 = of_s3("getObject", **{"Bucket.$": "$.detail.bucket.name", "Key.$": "$.detail.object.key"})
GET_JSONATA = of_s3("getObject", Bucket="{% $states.input.bucket %}", Key="{% $states.input.key %}")
VIA_S3 = {"via": "s3", "prefix": "in/"}
OBJECT = {"input": "object", "prefix": "in/"}
TWICE = "States.Format('{}-{}', $.detail.object.key, $.detail.object.key)"


@pytest.mark.parametrize(
    ("trigger", "states", "resources"),
    [
        (VIA_S3, [GET_S3], ["acme-orders/in/*"]),
        ({**VIA_S3, "prefix": ["b/", "a/"]}, [GET_S3], ["acme-orders/a/*", "acme-orders/b/*"]),
        ({"via": "s3", "suffix": ".csv"}, [GET_S3], ["acme-orders/*.csv"]),
        ({**VIA_S3, "suffix": ".csv"}, [GET_S3], ["acme-orders/in/*"]),
        ({"via": "s3"}, [GET_S3], ["acme-orders/*"]),
        ({"via": "s3", "prefix": "a*?"}, [GET_S3], ["acme-orders/a${*}${?}*"]),
        ({"via": "cloudtrail"}, [GET_S3], ["*"]),
        (OBJECT, [GET_JSONATA], ["acme-orders/in/*"]),
        ({**OBJECT, "via": "s3"}, [GET_JSONATA], ["acme-orders/in/*"]),
        # What a state makes of the input is not what has arrived.
        (VIA_S3, [{"Type": "Pass", "Result": {}}, GET_S3], ["*"]),
        (
            VIA_S3,
            [{"Type": "Pass", "Result": 1, "ResultPath": "$.x"}, GET_S3],
            ["acme-orders/in/*"],
        ),
        (VIA_S3, [{"Type": "Pass", "Result": 1, "ResultPath": "$.detail"}, GET_S3], ["*"]),
        # The text around it is known too.
        (
            VIA_S3,
            [
                of_s3(
                    "copyObject",
                    **{
                        "CopySource.$": "States.Format('{}/{}', $.detail.bucket.name,"
                        " $.detail.object.key)",
                        "Bucket": "processed",
                        "Key.$": "States.Format('{}/{}', States.UUID(), $.detail.object.key)",
                    },
                )
            ],
            ["acme-orders/in/*", "processed/*/in/*"],
        ),
        (
            OBJECT,
            [
                of_s3(
                    "copyObject",
                    CopySource="{% $states.input.bucket & '/'"
                    " & $encodeUrlComponent($states.input.key) %}",
                    Bucket="{% $states.input.bucket %}",
                    Key="{% 'out/' & $substringAfter($states.input.key, 'in/') %}",
                )
            ],
            ["acme-orders/in/*", "acme-orders/out/*"],
        ),
        # One key stands in all places of a text.
        (
            {**VIA_S3, "prefix": ["a/", "b/"]},
            [of_s3("putObject", Bucket="out", **{"Key.$": TWICE})],
            ["out/a/*-a/*", "out/b/*-b/*"],
        ),
        (
            {**OBJECT, "prefix": "in (new)'s!/"},
            [
                of_s3(
                    "putObject",
                    Bucket="out",
                    Key="{% ('x' & $encodeUrlComponent($states.input.key)) %}",
                )
            ],
            ["out/xin%20(new)'s!%2F*"],
        ),
        (VIA_S3, [of_s3("getObject", Bucket="b", **{"Key.$": "$.detail.object.id"})], ["b/*"]),
        (
            VIA_S3,
            [of_s3("getObject", **{"Bucket.$": "States.Format('{}-x', $.a)", "Key": "k"})],
            ["*"],
        ),
    ],
)
def test_the_role_reaches_no_further_than_the_trigger(
    trigger: dict[str, Any], states: list[dict[str, Any]], resources: list[str]
) -> None:
    assert on(trigger, *states) == resources


def test_a_map_of_other_executions_knows_the_event_no_more() -> None:
    """Of the execution itself the context tells its input, of a child its own."""
    get = of_s3(
        "getObject",
        **{
            "Bucket.$": "$$.Execution.Input.detail.bucket.name",
            "Key.$": "$$.Execution.Input.detail.object.key",
        },
    )
    for mode, resource in (("INLINE", "acme-orders/in/*"), ("DISTRIBUTED", "*")):
        inner = {"ProcessorConfig": {"Mode": mode}, "StartAt": "G", "States": {"G": get}}
        found = on(VIA_S3, {"Type": "Map", "ItemProcessor": inner, "End": True})
        assert resource in found


def test_every_prefix_counts_however_many() -> None:
    prefixes = [f"p{number:02}/" for number in range(50)]
    assert on({**VIA_S3, "prefix": prefixes}, GET_S3) == [f"acme-orders/{p}*" for p in prefixes]


def test_a_list_of_objects_is_asked_for_by_each_prefix() -> None:
    reader = {
        "Resource": "arn:aws:states:::s3:listObjectsV2",
        "Parameters": {"Bucket": "acme-orders", "Prefix.$": "$.detail.object.key"},
    }
    inner = {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "G", "States": {}}
    state = {"Type": "Map", "ItemReader": reader, "ItemProcessor": inner, "End": True}
    config = pipeline({}, {**VIA_S3, "prefix": ["a/", "b/"]})
    found = roles.derived(config, definition(state), NAMES).statements
    (listing,) = (each for each in found if each["Action"] == ["s3:ListBucket"])
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["a/*", "b/*"]}}


@pytest.mark.parametrize(
    "key",
    ["$encodeUrlComponent(" * 900 + "$states.input.key" + ")" * 900, "(" * 9_000, "a" * 50_000],
)
def test_no_expression_is_too_deep_or_too_long(key: str) -> None:
    (resource,) = on(OBJECT, of_s3("putObject", Bucket="out", Key=f"{{% {key} %}}"))
    assert resource.startswith("out/")
    assert resource.endswith("*")
