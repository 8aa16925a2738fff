"""Buckets that others use too: teardown undoes only what we switched on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pipelines import deploy, kill_at_each_call, plan_for, summarize, tear_down, wiring_for

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.reconcile.apply import apply
from sfn_s3_cli.reconcile.desired import Node, unwant
from sfn_s3_cli.reconcile.outcome import Kept
from sfn_s3_cli.resources.base import Address
from sfn_s3_cli.resources.change import Action

SWITCH = "EventBridgeConfiguration"
TAGS: Any = [{"Key": "cost-centre", "Value": "7"}, {"Key": "sfnctl", "Value": "no"}]


@pytest.fixture(autouse=True)
def bucket(aws: Aws, account: str) -> str:
    """A bucket of somebody else, with notifications and tags."""
    return create_used_bucket(aws, f"orders-{account}")


def list_their_notifications(aws: Aws) -> dict[str, Any]:
    """The notifications that somebody else configured."""
    return {
        "TopicConfigurations": [
            {
                "Id": "theirs-topic",
                "TopicArn": aws.place.arn("sns", "theirs"),
                "Events": ["s3:ObjectRemoved:*"],
            }
        ],
        "QueueConfigurations": [
            {
                "Id": "theirs-queue",
                "QueueArn": aws.place.arn("sqs", "theirs"),
                "Events": ["s3:ObjectCreated:Put", "s3:ObjectCreated:Copy"],
                "Filter": {
                    "Key": {
                        "FilterRules": [
                            {"Name": "prefix", "Value": "in coming/"},
                            {"Name": "suffix", "Value": ".csv"},
                        ]
                    }
                },
            }
        ],
        "LambdaFunctionConfigurations": [
            {
                "Id": "theirs-function",
                "LambdaFunctionArn": aws.place.arn("lambda", "function:theirs"),
                "Events": ["s3:ObjectCreated:*"],
                "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "incoming/"}]}},
            }
        ],
    }


def create_used_bucket(aws: Aws, name: str) -> str:
    aws.s3.create_bucket(Bucket=name)
    notify(aws, name, **list_their_notifications(aws))
    aws.s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": TAGS})
    return name


def notify(aws: Aws, bucket: str, **configuration: Any) -> None:
    aws.s3.put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration=configuration,  # type: ignore[arg-type]
        SkipDestinationValidation=True,
    )


def read_notifications(aws: Aws, bucket: str) -> Any:
    answer: Any = aws.s3.get_bucket_notification_configuration(Bucket=bucket)
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def create_their_rule(aws: Aws, bucket: str) -> None:
    pattern = f'{{"source": ["aws.s3"], "detail": {{"bucket": {{"name": ["{bucket}"]}}}}}}'
    aws.events.put_rule(Name="theirs", EventPattern=pattern)


def wire_to(aws: Aws, bucket: str) -> tuple[Node, ...]:
    return wiring_for(aws, bucket=bucket, trigger={"via": "s3"})


def deploy_and_check(aws: Aws, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Deploys, and finds nothing left to do."""
    deploy(aws, nodes)
    assert summarize(plan_for(aws, nodes)) == ""
    return nodes


def test_the_switch_is_turned_on_and_off_beside_notifications(
    aws: Aws, bucket: str, read_account: Callable[[], Any]
) -> None:
    before = read_account()
    nodes = deploy_and_check(aws, wire_to(aws, bucket))
    assert read_notifications(aws, bucket) == {**list_their_notifications(aws), SWITCH: {}}
    assert aws.s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == TAGS
    tear_down(aws, nodes)
    assert read_notifications(aws, bucket) == list_their_notifications(aws)
    assert read_account() == before


def test_a_switch_that_was_on_stays_on(
    aws: Aws, bucket: str, read_account: Callable[[], Any]
) -> None:
    notify(aws, bucket, **list_their_notifications(aws), EventBridgeConfiguration={})
    before = read_account()
    tear_down(aws, deploy_and_check(aws, wire_to(aws, bucket)))
    assert read_account() == before


def test_a_switch_that_another_rule_needs_stays_on(aws: Aws, bucket: str) -> None:
    nodes = deploy_and_check(aws, wire_to(aws, bucket))
    create_their_rule(aws, bucket)
    last = summarize(tear_down(aws, nodes)).splitlines()[-1]
    assert last == ("= bucket_notification orders: rules that read the bucket's events: theirs")
    assert read_notifications(aws, bucket) == {**list_their_notifications(aws), SWITCH: {}}


def test_the_config_can_move_to_another_bucket(
    aws: Aws, bucket: str, account: str, read_account: Callable[[], Any]
) -> None:
    other = create_used_bucket(aws, f"other-{account}")
    before = read_account()
    deploy_and_check(aws, wire_to(aws, bucket))
    moved = wire_to(aws, other)
    assert summarize(plan_for(aws, moved)) == (
        "~ bucket_notification orders: eventbridge_on\n"
        "~ rule sfnctl-orders-s3: description, pattern.detail.bucket.name[0]"
    )
    deploy_and_check(aws, moved)
    assert read_notifications(aws, bucket) == list_their_notifications(aws)
    assert read_notifications(aws, other) == {**list_their_notifications(aws), SWITCH: {}}
    tear_down(aws, moved)
    assert read_account() == before


def test_a_bucket_left_behind_stays_on_for_another_rule(
    aws: Aws, bucket: str, account: str
) -> None:
    other = create_used_bucket(aws, f"other-{account}")
    deploy_and_check(aws, wire_to(aws, bucket))
    create_their_rule(aws, bucket)
    tear_down(aws, deploy_and_check(aws, wire_to(aws, other)))
    assert read_notifications(aws, bucket) == {**list_their_notifications(aws), SWITCH: {}}
    assert read_notifications(aws, other) == list_their_notifications(aws)


def test_teardown_finds_the_bucket_that_the_config_has_left(
    aws: Aws, bucket: str, account: str, read_account: Callable[[], Any]
) -> None:
    other = create_used_bucket(aws, f"other-{account}")
    before = read_account()
    deploy_and_check(aws, wire_to(aws, bucket))
    tear_down(aws, wire_to(aws, other))
    assert read_account() == before


@pytest.mark.parametrize("goes_on", [True, False])
def test_an_interrupted_move_leaves_nothing_behind(
    aws: Aws, bucket: str, account: str, read_account: Callable[[], Any], goes_on: bool
) -> None:
    other = create_used_bucket(aws, f"other-{account}")
    before = read_account()
    first, moved = select_switch(wire_to(aws, bucket)), select_switch(wire_to(aws, other))
    deploy(aws, first)
    for _ in kill_at_each_call(aws, lambda dying: deploy(dying, moved)):
        if goes_on:  # otherwise the next run is a teardown
            deploy_and_check(aws, moved)
            assert read_notifications(aws, bucket) == list_their_notifications(aws)
        tear_down(aws, moved)
        assert read_account() == before
        deploy(aws, first)


def select_switch(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The part of a wiring that switches the notifications on."""
    node = next(node for node in nodes if node.resource.kind == "bucket_notification")
    needed = {node.resource.address, *node.needs}
    return tuple(node for node in nodes if node.resource.address in needed)


@pytest.mark.parametrize(("old", "new"), [("cloudtrail", "s3"), ("s3", "cloudtrail")])
def test_the_new_source_is_in_place_before_the_old_rule_changes(
    aws: Aws, bucket: str, read_account: Callable[[], Any], old: str, new: str
) -> None:
    before = read_account()
    deploy_and_check(aws, wiring_for(aws, trigger={"via": old}))
    changed = wiring_for(aws, trigger={"via": new})
    plan = plan_for(aws, changed)
    assert "EVENT_SOURCE_CHANGES" in {note.code for note in plan.notes}
    (rule,) = (change.address for change in plan.pending if change.action is Action.UPDATE)
    created = {change.address for change in plan.pending if change.action is Action.CREATE}
    assert rule == Address("rule", f"sfnctl-orders-{old}")
    assert created <= plan.waits_for[rule]
    assert plan.count(Action.DELETE) == 0
    tear_down(aws, changed)
    assert read_account() == before


@pytest.mark.parametrize(("old", "new"), [("cloudtrail", "s3"), ("s3", "cloudtrail")])
def test_a_disabled_rule_needs_no_overlap(aws: Aws, bucket: str, old: str, new: str) -> None:
    deploy(aws, wiring_for(aws, trigger={"via": old}))
    changed = wiring_for(aws, trigger={"via": new, "enabled": False})
    plan = deploy(aws, changed)
    assert summarize(plan_for(aws, changed)) == ""
    gone = {change.address for change in plan.pending if change.action is Action.DELETE}
    target = Address("target", f"sfnctl-orders-{new}")
    assert {each.kind for each in gone} >= {"rule", "target"}
    assert all(target in plan.waits_for[each] for each in gone)


@pytest.mark.parametrize("first", ["orders", "invoices"])
def test_the_last_of_two_simultaneous_teardowns_switches_off(aws: Aws, first: str) -> None:
    """Both plans are made before either is applied."""
    wirings = {
        name: wiring_for(aws, name=name, trigger={"via": "s3"}) for name in ("orders", "invoices")
    }
    for nodes in wirings.values():
        deploy(aws, nodes)
    plans = {name: plan_for(aws, unwant(nodes)) for name, nodes in wirings.items()}
    kept = [
        event
        for name in sorted(plans, key=lambda each: each != first)
        for event in apply(plans[name], aws)
        if isinstance(event, Kept)
    ]
    assert [str(each.change.address) for each in kept] == (
        ["role sfnctl-invoices-us-east-1-events"] if first == "orders" else []
    )
    assert {each.reason.code for each in kept} <= {"HANDED_OVER"}
    for nodes in wirings.values():
        tear_down(aws, nodes)
        assert summarize(plan_for(aws, unwant(nodes))) == ""
    assert SWITCH not in aws.s3.get_bucket_notification_configuration(
        Bucket=f"orders-{aws.place.account}"
    )


@pytest.mark.parametrize("last", ["orders", "invoices"])
def test_the_last_pipeline_of_a_bucket_switches_it_off(
    aws: Aws, read_account: Callable[[], Any], last: str
) -> None:
    """No matter which one switched it on."""
    before = read_account()
    pipelines = {
        name: wiring_for(aws, name=name, trigger={"via": "s3"}) for name in ("orders", "invoices")
    }
    for nodes in pipelines.values():
        deploy(aws, nodes)
    tear_down(aws, pipelines.pop("invoices" if last == "orders" else "orders"))
    assert summarize(plan_for(aws, pipelines[last])) == ""
    tear_down(aws, pipelines[last])
    assert read_account() == before
