"""The role of the state machine: permissions from the definition, the config, logs and traces."""

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


def make_pipeline(
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


def make_definition(*states: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": "0", "States": {str(number): each for number, each in enumerate(states)}}


def list_sids(config: Pipeline, *states: dict[str, Any]) -> list[str]:
    role = roles.states_role(config, make_definition(*states), NAMES, {})
    return [each.get("Sid", "") for each in role.policy["Statement"]] if role.policy else []


def test_policy_has_derived_and_configured_statements() -> None:
    config = make_pipeline({"statements": [GIVEN]}, tracing=True)
    assert list_sids(config, SEND) == ["", "SqsSendMessage", "SfnctlLogDelivery", "SfnctlTracing"]


def test_definition_without_calls_gets_no_policy() -> None:
    assert list_sids(make_pipeline({}, logging={"level": "off"}), {"Type": "Succeed"}) == []


def test_permissions_are_derived_for_an_existing_role_too() -> None:
    config = make_pipeline(
        {"arn": "arn:aws:iam::111122223333:role/given"}, logging={"level": "off"}
    )
    assert list_sids(config, SEND) == ["SqsSendMessage"]


def test_wide_permissions_are_reported() -> None:
    computed = {**SEND, "Parameters": {"QueueUrl.$": "$.queue"}}
    (finding,) = roles.derive_for(
        make_pipeline({}), make_definition(computed), NAMES
    ).wide_permissions
    assert "sqs:SendMessage" in finding.message


def test_every_statement_has_its_own_sid() -> None:
    taken = [{**GIVEN, "Sid": each} for each in ("SfnctlLogDelivery", "SfnctlTracing")]
    config = make_pipeline({"statements": taken}, tracing=True)
    assert list_sids(config)[2:] == ["SfnctlLogDelivery2", "SfnctlTracing2"]


def test_policy_over_the_limit_is_refused() -> None:
    """210 queues fit, 211 do not."""
    states = [{**SEND, "Parameters": {"QueueUrl": f"queue-{number:04}"}} for number in range(211)]
    config = make_pipeline({}, logging={"level": "off"})
    assert list_sids(config, *states[:210]) == ["SqsSendMessage"]
    with pytest.raises(UsageError) as caught:
        list_sids(config, *states[:211])
    assert caught.value.message == (
        "the policy of the workflow's role has 10,250 characters, but AWS allows 10,240"
    )
    assert caught.value.remedy == (
        "make a role with managed policies and name it in `state_machine.role.arn`,"
        " or move some states into another state machine"
    )


def call_s3(operation: str, **parameters: Any) -> dict[str, Any]:
    key = "Arguments" if any("{%" in str(each) for each in parameters.values()) else "Parameters"
    language = {"QueryLanguage": "JSONata"} if key == "Arguments" else {}
    resource = f"arn:aws:states:::aws-sdk:s3:{operation}"
    return {"Type": "Task", "Resource": resource, key: parameters, **language, "End": True}


def find_resources(trigger: dict[str, Any], *states: dict[str, Any]) -> list[str]:
    """The resources of the states, which follow each other, without `arn:aws:s3:::`."""
    linked = [
        {**each, "Next": str(number)} if number < len(states) else each
        for number, each in enumerate(states, 1)
    ]
    derived = roles.derive_for(make_pipeline({}, trigger), make_definition(*linked), NAMES)
    return [
        resource.removeprefix("arn:aws:s3:::")
        for statement in derived.statements
        for resource in statement["Resource"]
    ]


GET_S3 = call_s3(
    "getObject", **{"Bucket.$": "$.detail.bucket.name", "Key.$": "$.detail.object.key"}
)
GET_JSONATA = call_s3(
    "getObject", Bucket="{% $states.input.bucket %}", Key="{% $states.input.object.key %}"
)
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
        # The result of a state replaces the input of the execution.
        (VIA_S3, [{"Type": "Pass", "Result": {}}, GET_S3], ["*"]),
        (
            VIA_S3,
            [{"Type": "Pass", "Result": 1, "ResultPath": "$.x"}, GET_S3],
            ["acme-orders/in/*"],
        ),
        (VIA_S3, [{"Type": "Pass", "Result": 1, "ResultPath": "$.detail"}, GET_S3], ["*"]),
        # Literal text around a known part is kept.
        (
            VIA_S3,
            [
                call_s3(
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
                call_s3(
                    "copyObject",
                    CopySource="{% $states.input.bucket & '/'"
                    " & $encodeUrlComponent($states.input.object.key) %}",
                    Bucket="{% $states.input.bucket %}",
                    Key="{% 'out/' & $substringAfter($states.input.object.key, 'in/') %}",
                )
            ],
            ["acme-orders/in/*", "acme-orders/out/*"],
        ),
        # All places of a text have the same key.
        (
            {**VIA_S3, "prefix": ["a/", "b/"]},
            [call_s3("putObject", Bucket="out", **{"Key.$": TWICE})],
            ["out/a/*-a/*", "out/b/*-b/*"],
        ),
        (
            {**OBJECT, "prefix": "in (new)'s!/"},
            [
                call_s3(
                    "putObject",
                    Bucket="out",
                    Key="{% ('x' & $encodeUrlComponent($states.input.object.key)) %}",
                )
            ],
            ["out/xin%20(new)'s!%2F*"],
        ),
        (VIA_S3, [call_s3("getObject", Bucket="b", **{"Key.$": "$.detail.object.id"})], ["b/*"]),
        (
            VIA_S3,
            [call_s3("getObject", **{"Bucket.$": "States.Format('{}-x', $.a)", "Key": "k"})],
            ["*"],
        ),
    ],
)
def test_role_is_limited_to_what_the_trigger_watches(
    trigger: dict[str, Any], states: list[dict[str, Any]], resources: list[str]
) -> None:
    assert find_resources(trigger, *states) == resources


def test_distributed_map_does_not_know_the_event() -> None:
    """In a child execution, the context object has the input of the child."""
    get = call_s3(
        "getObject",
        **{
            "Bucket.$": "$$.Execution.Input.detail.bucket.name",
            "Key.$": "$$.Execution.Input.detail.object.key",
        },
    )
    for mode, resource in (("INLINE", "acme-orders/in/*"), ("DISTRIBUTED", "*")):
        inner = {"ProcessorConfig": {"Mode": mode}, "StartAt": "G", "States": {"G": get}}
        found = find_resources(VIA_S3, {"Type": "Map", "ItemProcessor": inner, "End": True})
        assert resource in found


def test_many_prefixes_are_all_used() -> None:
    prefixes = [f"p{number:02}/" for number in range(50)]
    assert find_resources({**VIA_S3, "prefix": prefixes}, GET_S3) == [
        f"acme-orders/{p}*" for p in prefixes
    ]


def test_listing_is_allowed_for_every_prefix() -> None:
    reader = {
        "Resource": "arn:aws:states:::s3:listObjectsV2",
        "Parameters": {"Bucket": "acme-orders", "Prefix.$": "$.detail.object.key"},
    }
    inner = {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "G", "States": {}}
    state = {"Type": "Map", "ItemReader": reader, "ItemProcessor": inner, "End": True}
    config = make_pipeline({}, {**VIA_S3, "prefix": ["a/", "b/"]})
    found = roles.derive_for(config, make_definition(state), NAMES).statements
    (listing,) = (each for each in found if each["Action"] == ["s3:ListBucket"])
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["a/*", "b/*"]}}


@pytest.mark.parametrize(
    "key",
    [
        "$encodeUrlComponent(" * 900 + "$states.input.object.key" + ")" * 900,
        "(" * 9_000,
        "a" * 50_000,
    ],
)
def test_deep_and_long_expressions_are_handled(key: str) -> None:
    (resource,) = find_resources(OBJECT, call_s3("putObject", Bucket="out", Key=f"{{% {key} %}}"))
    assert resource.startswith("out/")
    assert resource.endswith("*")
