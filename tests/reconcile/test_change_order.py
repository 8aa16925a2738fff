"""Whatever AWS has in the middle of a change, a plan has an order in which nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from reliability_figures import TEST_ALL

from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.events.cutover import Cutover, Side
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.reconcile.desired import Node, wiring
from sfn_s3_cli.reconcile.kept_rights import keep_rights
from sfn_s3_cli.reconcile.pinning import pin_targets
from sfn_s3_cli.reconcile.plan import Plan, make_plan
from sfn_s3_cli.reconcile.trail_change import keep_old_trails
from sfn_s3_cli.reconcile.via_change import keep_old_source
from sfn_s3_cli.resources.base import Address
from sfn_s3_cli.resources.bucket_notification import FoundNotification
from sfn_s3_cli.resources.change import Action
from sfn_s3_cli.resources.event_selector import FoundSelector
from sfn_s3_cli.resources.observation import AnyObservation, Found, RoleTags
from sfn_s3_cli.resources.role import FoundRole
from sfn_s3_cli.resources.state_machine import FoundStateMachine

EXAMPLES = 500 if TEST_ALL else 100
PLACE = Place("aws", "123456789012", "us-east-1")
NOW = datetime(2026, 1, 2, 12, 3, 4, tzinfo=UTC)
AWS: Any = SimpleNamespace(now=lambda: NOW, place=PLACE)
VERSION = f"{PLACE.arn('states', 'stateMachine:orders')}:1"

CUTOVERS = st.none() | st.builds(
    lambda minutes, side: str(
        Cutover(NOW.replace(second=0) + timedelta(minutes=minutes), Side(side))
    ),
    st.sampled_from([-60, -7, -1, 0, 1, 9]),
    st.sampled_from(Side),
)
TRIGGERS = st.fixed_dictionaries(
    {"via": st.sampled_from(["s3", "cloudtrail"])},
    optional={
        "prefix": st.sampled_from(["a/", "b/", [f"{n:03}/{'x' * 40}/" for n in range(30)]]),
        "enabled": st.booleans(),
        "dead_letter_queue": st.booleans(),
        "input": st.sampled_from(["event", "object"]),
        "trail": st.sampled_from(["none", "audit"]),
    },
)
LEVELS, BUCKETS = st.sampled_from(["off", "all"]), st.sampled_from(["orders", "other"])
ROLES: st.SearchStrategy[dict[str, str]] = st.just({}) | st.just(
    {"arn": "arn:aws:iam::123456789012:role/theirs"}
)


@st.composite
def wirings(draw: st.DrawFn) -> tuple[Node, ...]:
    """A config's wiring, of EXPRESS so that nobody is asked for running executions."""
    trigger = draw(TRIGGERS)
    if trigger["via"] == "s3":
        trigger.pop("trail", None)
    machine = {
        "definition": "workflow.asl.json",
        "type": "express",
        "logging": {"level": draw(LEVELS)},
        "role": draw(ROLES),
    }
    config = {"name": "orders", "bucket": draw(BUCKETS), "trigger": trigger}
    state: dict[str, Any] = {"Type": draw(st.sampled_from(["Pass", "Succeed"]))}
    if state["Type"] == "Pass":
        state["End"] = True
    definition = {"StartAt": "A", "States": {"A": state}}
    return wiring(Pipeline.model_validate({**config, "state_machine": machine}), definition, PLACE)


@st.composite
def snapshots(draw: st.DrawFn) -> dict[Address, AnyObservation]:
    """What two configs, some kills and somebody's edits can leave behind."""
    both = (draw(wirings()), draw(wirings()))
    found: dict[Address, AnyObservation] = {}
    for nodes in zip(*both, strict=True):
        for node in nodes:
            if node.wanted and draw(st.integers(0, 9)):
                found[node.resource.address] = _find(draw, node.resource)
    return found


def _find(draw: st.DrawFn, resource: Any) -> AnyObservation:
    owner = resource.owner
    match resource.kind:
        case "rule":
            enabled = draw(st.integers(0, 5)) > 0
            return Found(replace(resource, cutover=draw(CUTOVERS), enabled=enabled), owner)
        case "target":
            arn = draw(st.sampled_from([resource.arn, VERSION]))
            return Found(replace(resource, arn=arn), owner)
        case "bucket_notification":
            note = draw(st.sampled_from(["orders", "gone orders"]))
            tags = RoleTags({"sfnctl:notifications": note}, {"sfnctl:notifications": "orders"})
            ours = draw(st.booleans())
            return FoundNotification(resource, owner if ours else None, role_tags=tags)
        case "event_selector":
            trails = draw(st.sets(st.sampled_from(["sfnctl", "audit", "older"]), min_size=1))
            main = resource.trail if resource.trail in trails else min(trails)
            left = draw(st.sets(st.sampled_from(sorted(trails))))
            others = trails - {main}
            changed = replace(
                resource,
                trail=main,
                old_trails=tuple(sorted(others & left)),
                also_on=tuple(sorted(others - left)),
            )
            return FoundSelector(
                replace(changed, is_logging=draw(st.booleans())),
                owner,
                role_tags=RoleTags({"sfnctl:trail": "audit"}, draw(st.just({}))),
                trails=tuple(sorted(trails)),
                left=tuple(sorted(left)),
                left_until=draw(st.sampled_from(["", "2026-01-02T12:00Z", "2026-01-02T12:09Z"])),
            )
        case "role":
            return FoundRole(resource, owner)
        case "state_machine":
            live = draw(st.sampled_from([resource.live, "version 1", None]))
            since = NOW - timedelta(minutes=draw(st.sampled_from([1, 60])))
            return FoundStateMachine(
                replace(resource, live=live), owner, live_version=VERSION, live_since=since
            )
    return Found(resource, owner)


def make(nodes: tuple[Node, ...], observed: Mapping[Address, AnyObservation]) -> Plan:
    """As a deploy plans, without a cloud."""
    lasting = keep_old_trails(keep_old_source(nodes, observed, NOW), observed, NOW)
    lasting, seen = pin_targets(lasting, observed)
    return make_plan(keep_rights(lasting, seen, AWS), seen)


def list_before(plan: Plan, address: Address) -> set[Address]:
    """All that must be done before a change."""
    before: set[Address] = set()
    rest = [address]
    while rest:
        new = plan.waits_for.get(rest.pop(), frozenset()) - before
        before |= new
        rest.extend(new)
    return before


def list_new(plan: Plan, via: str) -> Iterator[Address]:
    """The pending changes that make the config's own source, rule and target."""
    kinds = {"s3": {"bucket_notification"}, "cloudtrail": {"event_selector"}}[via]
    for change in plan.pending:
        is_source = change.address.kind in kinds and change.action is not Action.DELETE
        if is_source or change.address.name == f"sfnctl-orders-{via}":
            yield change.address


@settings(max_examples=EXAMPLES, deadline=None)
@given(wirings(), snapshots())
def test_every_change_has_a_place_in_the_order(
    nodes: tuple[Node, ...], observed: dict[Address, AnyObservation]
) -> None:
    plan = make(nodes, observed)
    places = {change.address: place for place, change in enumerate(plan.changes)}
    for address, before in plan.waits_for.items():
        assert all(places[each] < places[address] for each in before)


@settings(max_examples=EXAMPLES, deadline=None)
@given(wirings(), snapshots())
def test_the_old_rule_ends_after_the_new_is_complete(
    nodes: tuple[Node, ...], observed: dict[Address, AnyObservation]
) -> None:
    via = next(node.via for node in nodes if node.wanted and node.resource.kind == "rule")
    plan = make(nodes, observed)
    for change in plan.pending:
        is_old = change.address.kind == "rule" and change.address.name != f"sfnctl-orders-{via}"
        if is_old and change.observed and change.observed.resource.enabled:
            assert {*list_new(plan, str(via))} <= list_before(plan, change.address)
