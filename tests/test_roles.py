"""The role of the state machine: what the definition needs, what the config adds, logs, traces."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_s3_cli import roles
from sfn_s3_cli.aws.arns import Place
from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.names import Names

PLACE = Place("aws", "111122223333", "eu-west-1")
NAMES = Names("orders", PLACE)
SEND = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sqs:sendMessage",
    "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/shop"},
    "End": True,
}
GIVEN = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-west-1:1:key/2"}


def pipeline(role: dict[str, Any], **settings: Any) -> Pipeline:
    machine = {"definition": "workflow.asl.json", "role": role, **settings}
    return Pipeline.model_validate(
        {"name": "orders", "bucket": "acme-orders", "state_machine": machine}
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
    assert caught.value.hint == (
        "make a role with managed policies and name it in `state_machine.role.arn`,"
        " or move states into a state machine of their own"
    )
