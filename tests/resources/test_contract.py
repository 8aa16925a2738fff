"""What every kind promises: each does all that it can, on two clouds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from fake_clock import FakeClock
from kind_cases import CASES, TOPIC
from moto import mock_aws
from pipelines import THEIRS, deploy, plan_for, tear_down, wiring_for

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.reconcile.apply import apply
from sfn_s3_cli.reconcile.desired import Node
from sfn_s3_cli.reconcile.observe import observe
from sfn_s3_cli.reconcile.outcome import Done, Failed, Started
from sfn_s3_cli.reconcile.plan import Conflict, explain_owner
from sfn_s3_cli.resources.base import Removal, Resource
from sfn_s3_cli.resources.change import Action, Change
from sfn_s3_cli.resources.kinds import KINDS
from sfn_s3_cli.resources.observation import Missing

MOTO_LACKS = {
    "bucket": "CreateBucket drops the tags",
    "bucket_notification": "GetBucketNotificationConfiguration never shows EventBridge",
    "log_bucket": "CreateBucket drops the tags",
    "state_machine": "PublishStateMachineVersion is not implemented",
}
SILENT = {"alarm", "bucket", "queue", "rule", "state_machine"}
"""Kinds that AWS creates again without an error, at least in us-east-1."""
TAGGED = sorted(KINDS.keys() - {"bucket_notification", "event_selector", "target"})

EVERY_KIND = pytest.mark.parametrize("kind", sorted(KINDS))
TAGGED_KINDS = pytest.mark.parametrize("kind", TAGGED)


@pytest.fixture(params=["embedded", "moto"])
def world(request: pytest.FixtureRequest, kind: str) -> Iterator[Aws]:
    """An empty account on the embedded cloud, over HTTP, and one on moto, in this process."""
    if request.param == "embedded":
        yield request.getfixturevalue("aws")
        return
    if kind in MOTO_LACKS:
        pytest.skip(f"moto: {MOTO_LACKS[kind]}")
    with mock_aws():
        yield Aws(boto3.Session(region_name="us-east-1"))


@pytest.fixture
def resource(world: Aws, kind: str) -> Resource:
    """A resource of the kind that does not exist yet, while all that it needs does."""
    via = "s3" if kind == "bucket_notification" else "cloudtrail"
    bucket = {"name": f"orders-{world.place.account}", "create": True}
    topic = TOPIC.replace("123456789012", world.place.account)
    nodes = wiring_for(world, bucket=bucket, trigger={"via": via}, alarms={"topic": topic})
    node = next(node for node in nodes if node.resource.kind == kind)
    needed = set(node.needs)
    for other in reversed(nodes):  # dependencies come first
        if other.resource.address in needed:
            needed |= set(other.needs)
    if needed:
        deploy(world, tuple(each for each in nodes if each.resource.address in needed))
    if kind == "event_selector":  # a trail needs a selector, so ours is not the last
        put = world.cloudtrail.put_event_selectors
        put(TrailName="sfnctl", AdvancedEventSelectors=[THEIRS])
    return node.resource


def wire_only(resource: Resource) -> tuple[Node, ...]:
    """A wiring of one node."""
    return (Node(resource),)


def observe_one(aws: Aws, resource: Resource) -> Any:
    """Observes the resource; None if it does not exist."""
    observation = observe(wire_only(resource), aws)[resource.address]
    return None if isinstance(observation, Missing) else observation


def replace_tags(resource: Any, tags: dict[str, str]) -> Any:
    return replace(resource, tags=tags)


def list_changed_fields(change: Change) -> set[str]:
    """The fields in which a resource differs."""
    return {re.split(r"[.\[]", field.path)[0] for field in change.fields}


def test_every_kind_is_tested() -> None:
    assert CASES.keys() == KINDS.keys()


@EVERY_KIND
def test_resource_is_created_once_and_deleted_once(world: Aws, resource: Resource) -> None:
    assert observe_one(world, resource) is None
    assert [change.action for change in deploy(world, wire_only(resource)).changes] == [
        Action.CREATE
    ]
    assert observe_one(world, resource).resource.document() == resource.document()
    assert not plan_for(world, wire_only(resource)).pending
    assert [change.action for change in tear_down(world, wire_only(resource)).changes] == [
        Action.DELETE
    ]
    assert observe_one(world, resource) is None
    assert not tear_down(world, wire_only(resource)).pending


@EVERY_KIND
def test_each_field_follows_the_config(world: Aws, kind: str, resource: Resource) -> None:
    deploy(world, wire_only(resource))
    case = CASES[kind](world, resource)
    assert case.fields | {"tags"} == resource.document().keys() | {"tags"}
    for change in case.changes:
        for wanted in (replace(resource, **change), resource):
            (made,) = deploy(world, wire_only(wanted)).changes
            assert (made.action, list_changed_fields(made)) == (Action.UPDATE, {*change})
            assert not plan_for(world, wire_only(wanted)).pending


@EVERY_KIND
def test_changes_made_by_hand_are_reverted(world: Aws, kind: str, resource: Resource) -> None:
    deploy(world, wire_only(resource))
    for field, change in CASES[kind](world, resource).by_hand:
        change()
        (made,) = deploy(world, wire_only(resource)).changes
        assert (made.action, field in list_changed_fields(made)) == (Action.UPDATE, True)
        assert not plan_for(world, wire_only(resource)).pending


@EVERY_KIND
def test_deleting_twice_does_no_harm(world: Aws, kind: str, resource: Resource) -> None:
    deploy(world, wire_only(resource))
    found = observe_one(world, resource)
    KINDS[kind].delete(world, found, Removal())
    KINDS[kind].delete(world, found, Removal())
    assert observe_one(world, resource) is None


@EVERY_KIND
def test_creating_twice_does_no_harm(world: Aws, kind: str, resource: Resource) -> None:
    """As after a lost answer, or with two deploys at the same time."""
    plan = plan_for(world, wire_only(resource))
    for _ in range(2):
        assert [type(event) for event in apply(plan, world)] == [Started, Done]
    assert not plan_for(world, wire_only(resource)).pending


def create_without_tags(aws: Aws, resource: Resource) -> None:
    """Removes the tags after the creation, because not every service creates without any."""
    kind = KINDS[resource.address.kind]
    kind.create(aws, resource)
    found = observe_one(aws, resource)
    kind.update(aws, found, replace_tags(resource, {}))


@pytest.mark.parametrize("kind", [kind for kind in TAGGED if kind not in SILENT])
def test_resource_created_after_the_plan_is_left_alone(
    world: Aws, kind: str, resource: Resource
) -> None:
    if kind == "trail" and not world.is_local:
        pytest.skip("moto: CreateTrail of a name that is there overwrites it")
    plan = plan_for(world, wire_only(resource))
    create_without_tags(world, resource)
    world.clock = FakeClock()
    _, failed = apply(plan, world)
    assert isinstance(failed, Failed)
    assert "created in the meantime" in str(failed.error)
    assert observe_one(world, resource).owner is None


@TAGGED_KINDS
def test_resource_without_our_tags_is_a_conflict(world: Aws, kind: str, resource: Resource) -> None:
    create_without_tags(world, resource)
    plan = plan_for(world, wire_only(resource))
    assert plan.conflicts == (Conflict(resource.address, explain_owner(None, resource)),)
    assert not tear_down(world, wire_only(resource)).pending
    deploy(world, wire_only(resource), adopt=True)
    assert observe_one(world, resource).owner == resource.owner


@TAGGED_KINDS
def test_resource_of_another_pipeline_is_a_conflict(
    world: Aws, kind: str, resource: Resource
) -> None:
    KINDS[kind].create(world, replace_tags(resource, ownership.of_pipeline("invoices", {})))
    for adopt in (False, True):
        plan = plan_for(world, wire_only(resource), adopt=adopt)
        assert plan.conflicts == (Conflict(resource.address, explain_owner("invoices", resource)),)
    assert not tear_down(world, wire_only(resource)).pending


@TAGGED_KINDS
def test_tags_follow_the_config_and_keep_those_of_others(
    world: Aws, kind: str, resource: Resource
) -> None:
    def tagged(**user: str) -> Any:
        return replace_tags(resource, ownership.of_pipeline("orders", user))

    deploy(world, wire_only(tagged(team="data", stage="test")))
    found = observe_one(world, tagged())
    theirs = {**found.resource.tags, "theirs": "1"}
    KINDS[kind].update(world, found, replace_tags(found.resource, theirs))
    asked = replace_tags(resource, dict.fromkeys(("team", "stage", "theirs"), ""))

    deploy(world, wire_only(tagged(team="sales")))
    assert _user_tags(observe_one(world, asked)) == {"team": "sales", "theirs": "1"}
    deploy(world, wire_only(tagged()))
    assert _user_tags(observe_one(world, asked)) == {"theirs": "1"}


def _user_tags(found: Any) -> dict[str, str]:
    tags: dict[str, str] = found.resource.tags
    return {key: value for key, value in tags.items() if not key.startswith("sfnctl:")}
