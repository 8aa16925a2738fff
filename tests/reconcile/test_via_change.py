"""A change of `trigger.via` loses no upload, whenever the next deploy comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pipelines import (
    HELLO,
    at_a_later_time,
    deploy,
    deploy_later,
    machine,
    plan_for,
    summarize,
    tear_down,
    wiring_for,
)

from sfn_s3_cli.aws.calls import ApiCall
from sfn_s3_cli.aws.client import Aws, connect_locally
from sfn_s3_cli.events.cutover import Cutover, Side
from sfn_s3_cli.local.process import Cloud
from sfn_s3_cli.reconcile.apply import apply
from sfn_s3_cli.reconcile.desired import Node
from sfn_s3_cli.resources.change import Action
from sfn_s3_cli.resources.kinds import KINDS

pytestmark = pytest.mark.usefixtures("bucket")

BOTH_WAYS = pytest.mark.parametrize(("old", "new"), [("cloudtrail", "s3"), ("s3", "cloudtrail")])
LONG = [f"incoming/{number:03}/{'x' * 20}/" for number in range(36)]
"""Prefixes whose pattern has no room for a condition on the time."""
OTHER: Any = {"StartAt": "Bye", "States": {"Bye": {"Type": "Pass", "End": True}}}


def wire(aws: Aws, via: str, **trigger: Any) -> tuple[Node, ...]:
    return wiring_for(aws, trigger={"via": via, "prefix": "incoming/", **trigger})


def wire_with(aws: Aws, definition: Any, via: str, **trigger: Any) -> tuple[Node, ...]:
    """A wiring whose state machine has that definition."""
    nodes = wire(aws, via, **trigger)
    return tuple(
        node.replace(definition=definition) if node.resource.kind == "state_machine" else node
        for node in nodes
    )


def read_cutover(aws: Aws, via: str) -> Cutover | None:
    rule = aws.events.describe_rule(Name=f"sfnctl-orders-{via}")
    tags = aws.events.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]
    tag = next((each["Value"] for each in tags if each["Key"] == "sfnctl:cutover"), "")
    return Cutover.read(tag, json.loads(rule["EventPattern"]))


def list_rules(aws: Aws) -> list[str]:
    return [rule["Name"] for rule in aws.events.list_rules()["Rules"]]


def list_executions(aws: Aws) -> list[Any]:
    """The executions of the pipeline, each with its input and the version that it runs."""
    arn = aws.place.arn("states", "stateMachine:orders")
    found = aws.stepfunctions.list_executions(stateMachineArn=arn)["executions"]
    return [
        aws.stepfunctions.describe_execution(executionArn=each["executionArn"]) for each in found
    ]


@BOTH_WAYS
def test_the_old_rule_hands_over_at_a_moment_ahead(aws: Aws, old: str, new: str) -> None:
    deploy(aws, wire(aws, old))
    nodes = wire(aws, new)
    began = datetime.now(UTC)
    deploy(aws, nodes)
    before, after = read_cutover(aws, old), read_cutover(aws, new)
    assert before is not None
    assert after is not None
    assert (before.side, after.side) == (Side.BEFORE, Side.AFTER)
    assert before.moment == after.moment
    wait = timedelta(minutes=10 if new == "s3" else 15)
    assert wait <= before.moment - began <= wait + timedelta(minutes=1, seconds=30)


@BOTH_WAYS
def test_what_stays_is_no_difference(aws: Aws, old: str, new: str) -> None:
    deploy(aws, wire(aws, old))
    nodes = wire(aws, new)
    deploy(aws, nodes)
    plan = plan_for(aws, nodes)
    assert (plan.pending, plan.differs) == ((), False)
    kept = {change.address.kind for change in plan.kept}
    sources = {"s3": {"bucket_notification"}, "cloudtrail": {"event_selector", "trail"}}
    assert kept >= {"rule", "target"} | sources[old]
    assert plan.again_after
    assert plan.again_after > datetime.now(UTC) + timedelta(minutes=9)


@BOTH_WAYS
def test_the_next_deploy_removes_what_stayed(
    aws: Aws, read_account: Callable[[], Any], old: str, new: str
) -> None:
    before = read_account()
    nodes = wire(aws, new)
    deploy(aws, nodes)
    rule = aws.events.describe_rule(Name=f"sfnctl-orders-{new}")["EventPattern"]
    tear_down(aws, nodes)
    deploy(aws, wire(aws, old))
    deploy(aws, nodes)
    with at_a_later_time(aws, minutes=30):
        plan = plan_for(aws, nodes)
        assert plan.differs
        assert plan.again_after is None
        assert plan.count(Action.DELETE) == len(plan.kept) + (3 if old == "s3" else 5)
    deploy_later(aws, nodes, minutes=30)
    assert summarize(plan_for(aws, nodes)) == ""
    assert list_rules(aws) == [f"sfnctl-orders-{new}"]
    assert aws.events.describe_rule(Name=f"sfnctl-orders-{new}")["EventPattern"] == rule
    tear_down(aws, nodes)
    assert read_account() == before


def test_the_fingerprint_does_not_depend_on_the_time(aws: Aws) -> None:
    deploy(aws, wire(aws, "cloudtrail"))
    nodes = wire(aws, "s3")
    first = plan_for(aws, nodes)
    with at_a_later_time(aws, minutes=7):
        assert plan_for(aws, nodes).fingerprint == first.fingerprint
    deploy(aws, nodes)
    kept = plan_for(aws, nodes)
    with at_a_later_time(aws, minutes=30):
        due = plan_for(aws, nodes)
    assert due.pending
    assert due.fingerprint == kept.fingerprint != first.fingerprint


def test_teardown_removes_both_rules(aws: Aws, read_account: Callable[[], Any]) -> None:
    before = read_account()
    deploy(aws, wire(aws, "cloudtrail"))
    deploy(aws, wire(aws, "s3"))
    tear_down(aws, wire(aws, "s3"))
    assert read_account() == before


@BOTH_WAYS
def test_a_change_back_removes_the_younger_rule_at_once(aws: Aws, old: str, new: str) -> None:
    nodes = wire(aws, old)
    deploy(aws, nodes)
    deploy(aws, wire(aws, new))
    deploy(aws, nodes)
    assert list_rules(aws) == [f"sfnctl-orders-{old}"]
    assert read_cutover(aws, old) is None
    assert summarize(plan_for(aws, nodes)) == ""


@BOTH_WAYS
def test_a_change_back_after_the_handover_hands_over_again(aws: Aws, old: str, new: str) -> None:
    """By then the younger rule starts the executions. The older source is still there."""
    nodes = wire(aws, old)
    deploy(aws, nodes)
    deploy(aws, wire(aws, new))
    with at_a_later_time(aws, minutes=17):
        deploy(aws, nodes)
        now = aws.now()
    before, after = read_cutover(aws, new), read_cutover(aws, old)
    assert before is not None
    assert after is not None
    assert (before.side, after.side) == (Side.BEFORE, Side.AFTER)
    assert timedelta(0) < after.moment - now <= timedelta(minutes=2)
    deploy_later(aws, nodes, minutes=40)
    assert list_rules(aws) == [f"sfnctl-orders-{old}"]


def test_a_change_back_after_the_handover_keeps_late_events(aws: Aws) -> None:
    """CloudTrail's events of earlier uploads may still be on their way."""
    nodes = wire(aws, "cloudtrail")
    deploy(aws, nodes)
    deploy(aws, wire(aws, "s3"))
    first = read_cutover(aws, "s3")
    assert first is not None
    with at_a_later_time(aws, minutes=13):
        deploy(aws, nodes)
        assert not plan_for(aws, nodes).pending
    after = read_cutover(aws, "cloudtrail")
    assert after is not None
    assert (after.side, after.since) == (Side.AFTER, first.moment)
    with at_a_later_time(aws, minutes=13):  # back again, before that moment
        deploy(aws, wire(aws, "s3"))
    assert read_cutover(aws, "s3") == first
    assert read_cutover(aws, "cloudtrail") == replace(first, side=Side.BEFORE)


def test_a_change_back_has_to_be_reviewed(aws: Aws) -> None:
    nodes = wire(aws, "cloudtrail")
    deploy(aws, nodes)
    nothing = plan_for(aws, nodes).fingerprint
    deploy(aws, wire(aws, "s3"))
    plan = plan_for(aws, nodes)
    assert plan.has_to_be_reviewed
    assert plan.fingerprint != nothing


def test_the_filters_follow_the_config_at_once(aws: Aws, bucket: str) -> None:
    deploy(aws, wire(aws, "s3"))
    deploy(aws, wire(aws, "cloudtrail"))
    nodes = wire(aws, "cloudtrail", prefix="in2/")
    deploy(aws, nodes)
    assert not plan_for(aws, nodes).pending
    aws.s3.put_object(Bucket=bucket, Key="in2/a.json", Body=b"{}")
    (execution,) = wait_for_executions(aws, 1)
    assert json.loads(execution["input"])["detail"]["object"]["key"] == "in2/a.json"


def test_a_tag_removed_by_hand_changes_nothing(aws: Aws) -> None:
    deploy(aws, wire(aws, "cloudtrail"))
    nodes = wire(aws, "s3")
    deploy(aws, nodes)
    arn = aws.place.arn("events", "rule/sfnctl-orders-s3")
    aws.events.untag_resource(ResourceARN=arn, TagKeys=["sfnctl:cutover"])
    assert not plan_for(aws, nodes).pending
    assert plan_for(aws, nodes).again_after


def test_a_source_that_was_on_takes_over_soon(aws: Aws, bucket: str) -> None:
    """The old rule stays only for events that are on their way."""
    aws.s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    deploy(aws, wire(aws, "cloudtrail"))
    deploy(aws, wire(aws, "s3"))
    cutover = read_cutover(aws, "s3")
    assert cutover
    assert cutover.moment - datetime.now(UTC) <= timedelta(minutes=2)


def wire_other(aws: Aws, via: str, **trigger: Any) -> tuple[Node, ...]:
    """Another pipeline of the same bucket."""
    return wiring_for(aws, name="invoices", trigger={"via": via, **trigger})


@pytest.mark.parametrize("trigger", [{}, {"prefix": LONG}], ids=["split", "overlap"])
def test_a_source_that_others_just_switched_on_starts(aws: Aws, trigger: Any) -> None:
    for via in ("cloudtrail", "s3"):
        deploy(aws, wire_other(aws, via, **trigger))
        deploy(aws, wire(aws, via))
    cutover = read_cutover(aws, "s3")
    assert cutover
    assert cutover.moment - datetime.now(UTC) >= timedelta(minutes=9)


def test_a_source_that_others_switched_on_long_ago_works(aws: Aws) -> None:
    deploy(aws, wire(aws, "cloudtrail"))
    for via in ("cloudtrail", "s3"):
        deploy(aws, wire_other(aws, via))
    with at_a_later_time(aws, minutes=15):
        deploy(aws, wire(aws, "s3"))
    cutover = read_cutover(aws, "s3")
    assert cutover
    assert cutover.moment - datetime.now(UTC) <= timedelta(minutes=17)


def test_a_rule_of_another_bucket_does_not_stay(aws: Aws, account: str) -> None:
    aws.s3.create_bucket(Bucket=f"other-{account}")
    deploy(aws, wire(aws, "cloudtrail"))
    nodes = wiring_for(aws, bucket=f"other-{account}", trigger={"via": "s3"})
    plan = plan_for(aws, nodes)
    assert "BUCKET_CHANGES" in {note.code for note in plan.notes}
    deploy(aws, nodes)
    assert list_rules(aws) == ["sfnctl-orders-s3"]
    assert read_cutover(aws, "s3") is None


def test_a_pattern_without_room_overlaps_until_the_moment(aws: Aws) -> None:
    deploy(aws, wire(aws, "cloudtrail", prefix=LONG))
    nodes = wire(aws, "s3", prefix=LONG)
    plan = deploy(aws, nodes)
    assert "EVENT_SOURCES_OVERLAP" in {note.code for note in plan.notes}
    (note,) = (note for note in plan.notes if note.code == "EVENT_SOURCES_OVERLAP")
    assert "an upload may start two executions" in note.message
    assert read_cutover(aws, "cloudtrail") is None
    cutover = read_cutover(aws, "s3")
    assert cutover
    assert cutover.side is Side.BOTH
    assert not plan_for(aws, nodes).pending
    deploy(aws, wire(aws, "cloudtrail", prefix=LONG))
    assert list_rules(aws) == ["sfnctl-orders-cloudtrail"]
    deploy(aws, nodes)
    deploy_later(aws, nodes, minutes=22)
    assert list_rules(aws) == ["sfnctl-orders-s3"]
    assert summarize(plan_for(aws, nodes)) == ""


def test_the_trust_and_the_queue_policy_name_both_rules(aws: Aws) -> None:
    deploy(aws, wire(aws, "cloudtrail"))
    changed = {change.address.kind for change in plan_for(aws, wire(aws, "s3")).pending}
    assert not changed & {"role", "queue"}


def test_a_queue_that_is_switched_off_leaves_both_targets(aws: Aws) -> None:
    deploy(aws, wire(aws, "cloudtrail"))
    plan = deploy(aws, wire(aws, "s3", dead_letter_queue=False))
    queue, target = (
        next(change.address for change in plan.pending if change.address.name == name)
        for name in ("sfnctl-orders-dlq", "sfnctl-orders-cloudtrail")
        for change in plan.pending
        if change.address.name == name and change.address.kind in {"queue", "target"}
    )
    assert target in plan.waits_for[queue]


@BOTH_WAYS
def test_each_rule_starts_the_version_that_reads_its_events(
    aws: Aws, bucket: str, old: str, new: str
) -> None:
    deploy(aws, wire(aws, old))
    deploy(aws, wire_with(aws, OTHER, new))
    aws.s3.put_object(Bucket=bucket, Key="incoming/a.json", Body=b"{}")
    (execution,) = wait_for_executions(aws, 1)
    assert execution["stateMachineVersionArn"].endswith("stateMachine:orders:1")
    assert ("reason" in json.loads(execution["input"])["detail"]) == (old == "s3")
    deploy(aws, wire_with(aws, OTHER, old))  # back again: the old rule follows `live`
    assert list_rules(aws) == [f"sfnctl-orders-{old}"]
    assert find_target(aws, old).endswith(":live")


def test_after_the_moment_the_new_rule_starts_executions(aws: Aws, bucket: str) -> None:
    deploy(aws, wire(aws, "cloudtrail"))
    deploy_later(aws, wire_with(aws, OTHER, "s3"), minutes=-12)
    aws.s3.put_object(Bucket=bucket, Key="incoming/a.json", Body=b"{}")
    (execution,) = wait_for_executions(aws, 1)
    assert execution["stateMachineVersionArn"].endswith("stateMachine:orders:2")
    assert json.loads(execution["input"])["detail"]["reason"] == "PutObject"


def wait_for_executions(aws: Aws, number: int) -> list[Any]:
    """The embedded cloud delivers an event within moments; an execution gets its version last."""
    while True:
        found = [each for each in list_executions(aws) if "stateMachineVersionArn" in each]
        if len(found) >= number:
            return found


def find_target(aws: Aws, via: str) -> str:
    (target,) = aws.events.list_targets_by_rule(Rule=f"sfnctl-orders-{via}")["Targets"]
    return target["Arn"]


def test_a_definition_changed_later_still_leaves_the_old_rule(aws: Aws) -> None:
    deploy(aws, wire(aws, "cloudtrail"))
    deploy(aws, wire(aws, "s3"))
    assert find_target(aws, "cloudtrail").endswith(":live")
    deploy(aws, wire_with(aws, OTHER, "s3"))
    assert find_target(aws, "cloudtrail").endswith(":1")
    assert find_target(aws, "s3").endswith(":live")


def test_an_input_changes_together_with_the_version(cloud: Cloud, aws: Aws, account: str) -> None:
    """The target is pinned, `live` moves, then one call sets the new input and `live`."""
    deploy(aws, wire(aws, "s3"))
    calls: list[ApiCall] = []
    watched = connect_locally(cloud.endpoint_url, account=account, on_call=calls.append)
    plan = deploy(watched, wire_with(watched, OTHER, "s3", input="object"))
    assert [change.address.kind for change in plan.pending][-3:] == [
        "pinned_target",
        "state_machine",
        "target",
    ]
    order = ("PutTargets", "UpdateStateMachine", "UpdateStateMachineAlias")
    assert [call.operation for call in calls if call.operation in order] == [*order, "PutTargets"]
    assert find_target(aws, "s3").endswith(":live")
    assert not plan_for(aws, wire_with(aws, OTHER, "s3", input="object")).pending


@pytest.mark.parametrize("alone", ["input", "definition"])
def test_a_change_of_one_of_them_needs_no_pin(aws: Aws, alone: str) -> None:
    deploy(aws, wire(aws, "s3"))
    definition = dict(HELLO) if alone == "input" else OTHER
    nodes = wire_with(aws, definition, "s3", input="object" if alone == "input" else "event")
    plan = deploy(aws, nodes)
    assert "pinned_target" not in {change.address.kind for change in plan.pending}
    assert plan.pending


def test_a_pinned_target_follows_live_again(aws: Aws) -> None:
    """As after a deploy that was killed between the two calls."""
    nodes = wire(aws, "s3")
    deploy(aws, nodes)
    target = next(node.resource for node in nodes if node.resource.kind == "target" and node.wanted)
    pinned: Any = next(node for node in nodes if node.resource == target)
    arn = aws.place.arn("states", "stateMachine:orders:1")
    KINDS["target"].update(aws, None, pinned.replace(arn=arn).resource)
    assert summarize(plan_for(aws, nodes)) == "~ target sfnctl-orders-s3: arn"
    deploy(aws, nodes)
    assert find_target(aws, "s3").endswith(":live")


def test_the_role_and_version_stay_while_the_old_rule_does(aws: Aws) -> None:
    """Even if no execution runs at the moment."""
    settings = machine(keep_versions=1)
    for number in range(4):
        via = "cloudtrail" if number == 0 else "s3"
        nodes = wiring_for(aws, trigger={"via": via}, state_machine=settings)
        definition = {"Comment": str(number), **HELLO}
        deploy(
            aws,
            tuple(
                node.replace(definition=definition)
                if node.resource.kind == "state_machine"
                else node
                for node in nodes
            ),
        )
    assert find_target(aws, "cloudtrail").endswith(":1")
    arn = aws.place.arn("states", "stateMachine:orders")
    versions = aws.stepfunctions.list_state_machine_versions(stateMachineArn=arn)
    numbers = [each["stateMachineVersionArn"][-1] for each in versions["stateMachineVersions"]]
    assert numbers == ["4", "3", "1"]


def test_a_failed_start_of_the_source_plans_the_moment_anew(aws: Aws, bucket: str) -> None:
    """The rule was made in vain, and its moment has passed when the next deploy comes."""
    deploy(aws, wire(aws, "cloudtrail"))
    nodes = wire(aws, "s3")
    deploy(aws, nodes)
    aws.s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    with at_a_later_time(aws, hours=1):
        deploy(aws, nodes)
        now = aws.now()
    before, after = read_cutover(aws, "cloudtrail"), read_cutover(aws, "s3")
    assert before is not None
    assert after is not None
    assert before.moment == after.moment > now + timedelta(minutes=9)


def test_a_change_that_was_cut_off_plans_the_moment_anew(aws: Aws) -> None:
    """The old rule is changed last, so nobody knows how long the new source has been complete."""
    deploy(aws, wire(aws, "cloudtrail"))
    nodes = wire(aws, "s3")
    with at_a_later_time(aws, hours=-1):
        plan = plan_for(aws, nodes)
        made = [each for each in plan.changes if each.address.name != "sfnctl-orders-cloudtrail"]
        waits_for = {
            address: before
            for address, before in plan.waits_for.items()
            if address.name != "sfnctl-orders-cloudtrail"
        }
        list(apply(replace(plan, changes=tuple(made), waits_for=waits_for), aws))
    after = read_cutover(aws, "s3")
    assert after is not None
    assert after.moment < datetime.now(UTC)
    deploy(aws, nodes)
    before, after = read_cutover(aws, "cloudtrail"), read_cutover(aws, "s3")
    assert before is not None
    assert after is not None
    assert before.moment == after.moment > datetime.now(UTC) + timedelta(minutes=9)
