"""Trails that others use too: only our selector comes and goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pipelines import (
    THEIRS,
    another_trail,
    at_a_later_time,
    deploy,
    deploy_later,
    kill_at_each_call,
    plan_for,
    summarize,
    tear_down,
    wiring_for,
)

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.events import cloudtrail
from sfn_s3_cli.iam import arns, tags
from sfn_s3_cli.reconcile.desired import Node
from sfn_s3_cli.resources.change import Action

pytestmark = pytest.mark.usefixtures("bucket")

MANAGEMENT = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": ["kms.amazonaws.com"],
}
READS = {
    "ReadWriteType": "ReadOnly",
    "IncludeManagementEvents": False,
    "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::theirs/"]}],
    "ExcludeManagementEventSources": [],
}
ADVANCED = {"AdvancedEventSelectors": [THEIRS]}
BASIC = {"EventSelectors": [MANAGEMENT, READS]}

FORMS = pytest.mark.parametrize("theirs", [ADVANCED, BASIC], ids=["advanced", "basic"])


def read_selectors(aws: Aws, trail: str) -> Any:
    """Reads the selectors of a trail, and whether it is logging."""
    answer: Any = aws.cloudtrail.get_event_selectors(TrailName=trail)
    return {
        "logging": aws.cloudtrail.get_trail_status(Name=trail)["IsLogging"],
        **{form: answer[form] for form in (*ADVANCED, *BASIC) if answer.get(form)},
    }


def build_basic_selector(bucket: str, prefix: str) -> dict[str, Any]:
    return cloudtrail.build_basic_selector(f"arn:aws:s3:::{bucket}", Trigger(prefix=(prefix,)))


def build_advanced_selector(bucket: str, prefix: str, pipeline: str = "orders") -> dict[str, Any]:
    name, arn = f"sfnctl:{pipeline}", f"arn:aws:s3:::{bucket}"
    return cloudtrail.build_advanced_selector(name, arn, Trigger(prefix=(prefix,)))


def wire_to_trail(aws: Aws, trail: str | None, prefix: str = "incoming/") -> tuple[Node, ...]:
    return wiring_for(aws, trigger={"prefix": prefix, **({"trail": trail} if trail else {})})


def deploy_and_check(aws: Aws, trail: str | None, prefix: str = "incoming/") -> tuple[Node, ...]:
    """Deploys, and finds nothing left to do."""
    nodes = wire_to_trail(aws, trail, prefix)
    deploy(aws, nodes)
    deploy_later(aws, nodes, minutes=20)  # removes what an old trail has kept
    assert summarize(plan_for(aws, nodes)) == ""
    return nodes


def select_sources(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The part of a wiring that brings events to EventBridge."""
    selector = next(node for node in nodes if node.resource.kind == "event_selector")
    trail = next(node for node in nodes if node.resource.kind == "trail")
    needed = {selector.resource.address, *selector.needs, *trail.needs}
    return tuple(node for node in nodes if node.resource.address in needed)


def test_a_new_trail_stays_when_the_config_moves_again(aws: Aws) -> None:
    """From sfnctl's trail to A, to B and back to A: A has logged for some minutes by then."""
    for name in ("a-trail", "b-trail"):
        another_trail(aws, name, **ADVANCED)
    for minutes, trail in enumerate((None, "a-trail", "b-trail", "a-trail")):
        with at_a_later_time(aws, minutes=minutes):
            nodes = wire_to_trail(aws, trail)
            deploy(aws, nodes)
    assert "sfnctl:orders" in str(read_selectors(aws, "sfnctl"))
    assert "sfnctl:orders" in str(read_selectors(aws, "a-trail"))
    deploy_later(aws, nodes, minutes=30)
    assert summarize(plan_for(aws, nodes)) == ""


@pytest.mark.parametrize(("first", "second"), [(None, "audit"), ("audit", None)])
def test_a_move_back_has_to_be_reviewed(aws: Aws, first: str | None, second: str | None) -> None:
    """Nobody has seen before that the selector goes from the trail in between."""
    another_trail(aws, "audit", **ADVANCED)
    deploy(aws, wire_to_trail(aws, first))
    deploy(aws, wire_to_trail(aws, second))
    back = wire_to_trail(aws, first)
    with at_a_later_time(aws, minutes=5):
        plan = plan_for(aws, back)
        unchanged = plan_for(aws, wire_to_trail(aws, second))
    assert "~ event_selector orders: also_on" in summarize(plan).splitlines()
    assert plan.has_to_be_reviewed
    assert plan.fingerprint != unchanged.fingerprint
    deploy_later(aws, back, minutes=5)
    assert summarize(plan_for(aws, back)) == ""


def test_what_an_old_trail_kept_needs_no_review(aws: Aws) -> None:
    another_trail(aws, "audit", **ADVANCED)
    deploy(aws, wire_to_trail(aws, None))
    moved = wire_to_trail(aws, "audit")
    deploy(aws, moved)
    with at_a_later_time(aws, minutes=20):
        plan = plan_for(aws, moved)
    assert "~ event_selector orders: old_trails" in summarize(plan).splitlines()
    assert not plan.has_to_be_reviewed


@FORMS
def test_a_joined_trail_keeps_the_selectors_of_others(
    aws: Aws, bucket: str, read_account: Callable[[], Any], theirs: dict[str, Any]
) -> None:
    another_trail(aws, "audit", **theirs)
    before = read_account()
    ((form, existing),) = theirs.items()
    ours = build_advanced_selector if form == "AdvancedEventSelectors" else build_basic_selector
    for prefix in ("incoming/", "other/"):
        nodes = deploy_and_check(aws, "audit", prefix)
        expected = {"logging": True, form: [*existing, ours(bucket, prefix)]}
        assert read_selectors(aws, "audit") == expected
    tear_down(aws, nodes)
    assert read_account() == before


def test_a_default_trail_keeps_logging_management_events(aws: Aws, bucket: str) -> None:
    another_trail(aws, "audit")
    before = read_selectors(aws, "audit")
    nodes = deploy_and_check(aws, "audit")
    default = {**MANAGEMENT, "ExcludeManagementEventSources": []}
    assert read_selectors(aws, "audit")["EventSelectors"] == [
        default,
        build_basic_selector(bucket, "incoming/"),
    ]
    tear_down(aws, nodes)
    assert read_selectors(aws, "audit") == before


def test_an_equal_basic_selector_of_others_is_used_and_kept(
    aws: Aws, bucket: str, read_account: Callable[[], Any]
) -> None:
    another_trail(aws, "audit", EventSelectors=[build_basic_selector(bucket, "incoming/")])
    before = read_account()
    nodes = deploy_and_check(aws, "audit")
    assert read_selectors(aws, "audit")["EventSelectors"] == [
        build_basic_selector(bucket, "incoming/")
    ]
    tear_down(aws, nodes)
    assert read_account() == before


def test_moving_between_trails_restores_each(
    aws: Aws, bucket: str, read_account: Callable[[], Any]
) -> None:
    another_trail(aws, "audit", **ADVANCED)
    another_trail(aws, "billing", **BASIC)
    before = read_account()
    left = {trail: read_selectors(aws, trail) for trail in ("audit", "billing")}
    for trail in (None, "audit", "billing", None, "billing", "audit"):
        nodes = deploy_and_check(aws, trail)
        assert {name: read_selectors(aws, name) for name in left if name != trail} == {
            name: theirs for name, theirs in left.items() if name != trail
        }
    tear_down(aws, nodes)
    assert read_account() == before


@pytest.mark.parametrize(
    ("old", "new", "goes_on"),
    [
        ("audit", "billing", False),
        ("billing", "audit", True),
        ("billing", None, False),
        (None, "audit", False),
    ],
)
def test_an_interrupted_move_leaves_nothing_behind(
    aws: Aws, read_account: Callable[[], Any], old: str | None, new: str | None, goes_on: bool
) -> None:
    another_trail(aws, "audit", **ADVANCED)
    another_trail(aws, "billing", **BASIC)
    before = read_account()
    first, moved = (
        select_sources(wire_to_trail(aws, old)),
        select_sources(wire_to_trail(aws, new, "other/")),
    )
    deploy(aws, first)
    for _ in kill_at_each_call(aws, lambda dying: deploy(dying, moved)):
        if goes_on:  # otherwise the next run is a teardown
            deploy(aws, moved)
            deploy_later(aws, moved, minutes=20)
            assert summarize(plan_for(aws, moved)) == ""
        tear_down(aws, moved)
        assert read_account() == before
        deploy(aws, first)


def test_two_pipelines_share_a_trail_until_the_last_leaves(
    aws: Aws, bucket: str, account: str, read_account: Callable[[], Any]
) -> None:
    before = read_account()
    orders, invoices = (
        wiring_for(aws),
        wiring_for(aws, name="invoices", trigger={"prefix": "invoices/"}),
    )
    deploy(aws, orders)
    deploy(aws, invoices)
    assert summarize(plan_for(aws, orders)) == summarize(plan_for(aws, invoices)) == ""
    assert summarize(tear_down(aws, orders)).splitlines()[-2:] == [
        f"= log_bucket sfnctl-trail-{account}-us-east-1-an: other pipelines use it: invoices",
        "= trail sfnctl: other pipelines use it: invoices",
    ]
    assert read_selectors(aws, "sfnctl") == {
        "logging": True,
        "AdvancedEventSelectors": [build_advanced_selector(bucket, "invoices/", "invoices")],
    }
    assert summarize(plan_for(aws, invoices)) == ""
    tear_down(aws, invoices)
    assert read_account() == before


@pytest.mark.parametrize(
    ("trail", "why"),
    [
        ("missing", "no trail in us-east-1 has that name"),
        ("silent", "it is not logging, so no event would arrive"),
        (
            "watched",
            (
                "it writes its log files into the watched bucket, and every log file would start"
                " an execution"
            ),
        ),
    ],
)
def test_an_unusable_trail_is_a_conflict(aws: Aws, bucket: str, trail: str, why: str) -> None:
    another_trail(aws, "silent", **ADVANCED)
    aws.cloudtrail.stop_logging(Name="silent")
    another_trail(aws, "watched", **ADVANCED)
    policy = aws.s3.get_bucket_policy(Bucket=f"watched-logs-{aws.place.account}")["Policy"]
    logs = policy.replace(f"watched-logs-{aws.place.account}", bucket)
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=logs)
    aws.cloudtrail.update_trail(Name="watched", S3BucketName=bucket)
    (conflict,) = plan_for(aws, wire_to_trail(aws, trail)).conflicts
    assert conflict.reason.message == f"cannot join the trail {trail}: {why}"


@pytest.mark.parametrize(
    "theirs",
    [
        {"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::somebodys/"]}]},
        {"ExcludeManagementEventSources": ["kms.amazonaws.com"]},
        {"ReadWriteType": "WriteOnly"},
    ],
    ids=lambda theirs: next(iter(theirs)),
)
def test_basic_selectors_of_others_on_our_trail_are_kept(
    aws: Aws, bucket: str, theirs: dict[str, Any]
) -> None:
    nodes = wiring_for(aws)
    deploy(aws, nodes)
    basic: Any = {"ReadWriteType": "All", "IncludeManagementEvents": True, **theirs}
    aws.cloudtrail.put_event_selectors(TrailName="sfnctl", EventSelectors=[basic])
    (conflict,) = plan_for(aws, nodes).conflicts
    assert conflict.reason.code == "TRAIL_HAS_BASIC_SELECTORS"
    kept = summarize(tear_down(aws, nodes)).splitlines()
    assert "= trail sfnctl: basic selectors of others" in kept


@pytest.mark.parametrize(
    ("refused", "trigger"),
    [
        ("event_selector orders", {"trail": "missing"}),
        ("rule sfnctl-orders-s3", {"via": "s3", "enabled": False}),
    ],
)
def test_a_refused_move_removes_nothing(
    aws: Aws, bucket: str, account: str, refused: str, trigger: dict[str, Any]
) -> None:
    enabled = trigger.get("enabled", True)
    deploy(aws, wiring_for(aws, trigger={"enabled": enabled}))
    pattern = json.dumps({"source": ["theirs"]})
    aws.events.put_rule(Name="sfnctl-orders-s3", EventPattern=pattern)
    plan = plan_for(aws, wiring_for(aws, trigger=trigger))
    assert [str(each.address) for each in plan.conflicts] == [refused]
    assert plan.count(Action.DELETE) == 0
    kept = {str(change.address) for change in plan.kept}
    assert {"trail sfnctl", f"log_bucket sfnctl-trail-{account}-us-east-1-an"} <= kept
    assert {str(change.reason) for change in plan.kept} == {
        f"until the conflict about {refused} is resolved"
    }


def test_a_pipeline_via_s3_ignores_the_shared_trail(aws: Aws) -> None:
    deploy(aws, wiring_for(aws))
    other = wiring_for(aws, name="billing", trigger={"via": "s3"})
    deploy(aws, other)
    assert summarize(plan_for(aws, other)) == ""


def test_the_config_may_name_the_shared_trail(aws: Aws, read_account: Callable[[], Any]) -> None:
    before = read_account()
    nodes = wiring_for(aws, trigger={"trail": "sfnctl"})
    deploy(aws, nodes)
    assert summarize(plan_for(aws, nodes)) == ""
    tear_down(aws, nodes)
    assert read_account() == before


def test_a_stopped_trail_logs_again_when_the_prefix_changes(aws: Aws) -> None:
    deploy(aws, wiring_for(aws))
    aws.cloudtrail.stop_logging(Name="sfnctl")
    nodes = wiring_for(aws, trigger={"prefix": "uploads/"})
    deploy(aws, nodes)
    assert aws.cloudtrail.get_trail_status(Name="sfnctl")["IsLogging"]


def test_the_first_pipeline_tags_what_is_shared(aws: Aws, account: str) -> None:
    first = wiring_for(aws, tags={"team": "data", "stage": "prod"})
    other = wiring_for(aws, name="invoices", tags={"team": "sales"})
    deploy(aws, first)
    deploy(aws, other)
    changed = wiring_for(aws, tags={"owner": "me"})
    deploy(aws, changed)
    for nodes in (other, changed):
        assert summarize(plan_for(aws, nodes)) == ""
    expected = {"sfnctl:managed": "true", "team": "data", "stage": "prod"}
    arn = arns.trail(aws.place, "sfnctl")
    (found,) = aws.cloudtrail.list_tags(ResourceIdList=[arn])["ResourceTagList"]
    assert tags.from_list(found["TagsList"]) == expected
    bucket = aws.s3.get_bucket_tagging(Bucket=f"sfnctl-trail-{account}-us-east-1-an")
    assert tags.from_list(bucket["TagSet"]) == expected
    tear_down(aws, changed)
    assert f"- log_bucket sfnctl-trail-{account}" in summarize(tear_down(aws, other))
