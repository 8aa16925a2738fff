"""The wiring of a pipeline."""

from __future__ import annotations

from typing import Any

import pytest
from pipelines import HELLO

from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.reconcile.desired import wiring
from sfn_s3_cli.reconcile.plan import make_plan

PLACE = Place("aws", "111122223333", "eu-west-1")


def make_pipeline(**changes: Any) -> Pipeline:
    config = {
        "name": "orders",
        "bucket": "acme-orders",
        "state_machine": {"definition": "workflow.asl.json"},
        **changes,
    }
    return Pipeline.model_validate(config)


def list_wanted(**changes: Any) -> set[str]:
    nodes = wiring(make_pipeline(**changes), dict(HELLO), PLACE)
    return {str(node.resource.address) for node in nodes if node.wanted}


def test_watching_the_trails_own_log_bucket_is_refused() -> None:
    """Every log file would start an execution, whose log file would start another."""
    with pytest.raises(UsageError, match="every log file would start an execution"):
        list_wanted(bucket="sfnctl-trail-111122223333-eu-west-1-an")
    assert list_wanted(bucket="sfnctl-trail-111122223333-eu-west-1-an", trigger={"via": "s3"})


@pytest.mark.parametrize(
    ("place", "name", "ending"),
    [
        (PLACE, "acme-111122223333-eu-west-2-an", "-111122223333-eu-west-1-an"),
        (PLACE, "acme-999922223333-eu-west-1-an", "-111122223333-eu-west-1-an"),
        (
            Place("aws", "111122223333", "me-south-1"),
            "acme-111122223333-me-south-1-an",
            "me-south-1 does not support them",
        ),
    ],
)
def test_a_bucket_of_another_namespace_is_not_created(place: Place, name: str, ending: str) -> None:
    with pytest.raises(UsageError, match=ending):
        wiring(make_pipeline(bucket={"name": name, "create": True}), dict(HELLO), place)
    wiring(make_pipeline(bucket=name), dict(HELLO), place)


def test_each_trigger_has_its_own_event_source() -> None:
    common = {
        "bucket acme-orders",
        "log_group /aws/vendedlogs/states/orders",
        "queue sfnctl-orders-dlq",
        "role sfnctl-orders-eu-west-1-events",
        "role sfnctl-orders-eu-west-1-states",
        "state_machine orders",
    }
    trail = {
        "event_selector orders",
        "log_bucket sfnctl-trail-111122223333-eu-west-1-an",
        "trail sfnctl",
    }
    cloudtrail, s3 = (
        {f"{kind} sfnctl-orders-{via}" for kind in ("rule", "target")}
        for via in ("cloudtrail", "s3")
    )
    assert list_wanted() == common | cloudtrail | trail
    assert list_wanted(trigger={"via": "s3"}) == common | s3 | {"bucket_notification orders"}
    joined = list_wanted(trigger={"trail": "audit"})
    assert joined == common | cloudtrail | {"event_selector orders"}


TOPIC = "arn:aws:sns:eu-west-1:111122223333:alerts"
STANDARD = {"definition": "workflow.asl.json"}
EXPRESS = {**STANDARD, "type": "express"}


@pytest.mark.parametrize(
    ("changes", "watched"),
    [
        ({}, {"execution-throttled", "dead-letters", "failed-invocations-cloudtrail"}),
        (
            {"trigger": {"via": "s3"}},
            {"execution-throttled", "dead-letters", "failed-invocations-s3"},
        ),
        (
            {"trigger": {"dead_letter_queue": False}, "state_machine": EXPRESS},
            {"failed-invocations-cloudtrail"},
        ),
    ],
)
def test_each_way_to_fail_has_its_alarm(changes: dict[str, Any], watched: set[str]) -> None:
    watched = watched | {"executions-failed", "executions-timed-out"}
    alarms = list_wanted(alarms={"topic": TOPIC}, **changes) - list_wanted(**changes)
    assert alarms == {f"alarm sfnctl-orders/{each}" for each in watched}


@pytest.mark.parametrize(
    ("arn", "where"),
    [
        (
            TOPIC.replace("eu-west-1", "eu-west-2"),
            "is in eu-west-2, but the pipeline is in eu-west-1",
        ),
        (
            TOPIC.replace("aws:", "aws-cn:"),
            "is in partition aws-cn, but the pipeline is in eu-west-1",
        ),
    ],
)
def test_a_topic_elsewhere_is_refused(arn: str, where: str) -> None:
    with pytest.raises(UsageError, match=f"`alarms.topic` {where}"):
        list_wanted(alarms={"topic": arn})
    assert list_wanted(alarms={"topic": TOPIC.replace("1111", "9999")})


def test_wiring_has_the_same_addresses_for_any_config() -> None:
    nodes = wiring(make_pipeline(), dict(HELLO), PLACE)
    addresses = {node.resource.address for node in nodes}
    unwanted = {"dead_letter_queue": False, "via": "s3"}
    others = wiring(make_pipeline(trigger=unwanted), dict(HELLO), PLACE)
    assert {node.resource.address for node in others} == addresses


def test_fingerprint_depends_on_the_account() -> None:
    other = Place("aws", "999999999999", "eu-west-1")
    plans = [make_plan(wiring(make_pipeline(), dict(HELLO), place), {}) for place in (PLACE, other)]
    assert plans[0].fingerprint != plans[1].fingerprint
