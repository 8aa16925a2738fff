"""The plan: what differs, and the order of the changes."""

from __future__ import annotations

import json
import re
from typing import Any

from fake_kind import OURS, VALUES, Thing, World, node, worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.reconcile.desired import Node, unwant
from sfn_s3_cli.reconcile.diff import find_differences
from sfn_s3_cli.reconcile.plan import Conflict, Plan, explain_owner, make_plan
from sfn_s3_cli.resources.base import Address, Removal
from sfn_s3_cli.resources.change import ABSENT, Action, Field
from sfn_s3_cli.resources.observation import Found, Observation, Refused, RoleTags
from sfn_s3_cli.resources.reasons import ReasonType

FULL = ReasonType("FULL", "2 objects")
USED = ReasonType("USED", "others")
FOREIGN = ReasonType("FOREIGN", "is managed by an AWS service", "choose another name")


def make_snapshot(existing: dict[str, Thing], **about: Any) -> dict[Address, Observation[Thing]]:
    return {thing.address: Found(thing, owner=thing.owner, **about) for thing in existing.values()}


def plan_world(world: World) -> Plan:
    return make_plan(world.nodes, make_snapshot(world.existing))


def find_position(plan: Plan, name: str) -> int:
    return [change.address.name for change in plan.changes].index(name)


@given(VALUES, VALUES)
def test_values_differ_exactly_when_their_json_does(before: Any, after: Any) -> None:
    fields = list(find_differences(before, after))
    same = json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)
    assert (not fields) == same


def test_statements_differ_by_sid_even_if_there_were_none() -> None:
    one, two = {"Sid": "One", "Action": "a:B"}, {"Sid": "Two", "Action": "a:C"}
    assert [*find_differences({"s": []}, {"s": [one]})] == [Field("s[One]", ABSENT, one)]
    assert [*find_differences({"s": [one]}, {"s": []})] == [Field("s[One]", one, ABSENT)]
    assert [*find_differences({"s": [one]}, {"s": [two]})] == [
        Field("s[One]", one, ABSENT),
        Field("s[Two]", ABSENT, two),
    ]
    assert [*find_differences({"s": [one]}, {"s": [1]})] == [
        Field("s[0]", one, 1),
    ]


def get_value(value: Any, path: str) -> Any:
    """The value at the path of a Field; ABSENT if there is none."""
    for key, index in re.findall(r"([a-z]+)|\[(\d+)\]", path):
        try:
            value = value[int(index)] if index else value[key]
        except (IndexError, KeyError, TypeError):
            return ABSENT
    return value


@given(VALUES, VALUES)
def test_difference_has_both_values_at_its_path(before: Any, after: Any) -> None:
    for field in find_differences(before, after):
        assert (field.before, field.after) == (
            get_value(before, field.path),
            get_value(after, field.path),
        )


def test_difference_inside_json_has_its_path() -> None:
    before = {"a": 1, "b": {"c": [1, {"d": None}], "gone": 0}, "e": {}}
    after = {"a": True, "b": {"c": [1, {"d": None, "f": ""}, 2]}, "e": {"g": []}}
    assert list(find_differences(before, after)) == [
        Field("a", 1, True),
        Field("b.c[1].f", ABSENT, ""),
        Field("b.c[2]", ABSENT, 2),
        Field("b.gone", 0, ABSENT),
        Field("e.g", ABSENT, []),
    ]


def test_policies_are_compared_statement_by_statement() -> None:
    sent = {"Sid": "Send", "Action": ["sqs:SendMessage"], "Resource": "*"}
    read, written = ({"Sid": sid, "Action": ["s3:GetObject"]} for sid in ("Read", "Write"))
    before = {"Statement": [read, sent]}
    after = {"Statement": [{**sent, "Resource": ["arn:aws:sqs:::a"]}, written]}
    assert list(find_differences(before, after)) == [
        Field("Statement[Read]", read, ABSENT),
        Field("Statement[Send].Resource", "*", ["arn:aws:sqs:::a"]),
        Field("Statement[Write]", ABSENT, written),
    ]
    assert list(find_differences(before, {"Statement": [sent, read]})) == []


@given(worlds())
def test_nothing_is_planned_when_aws_matches(world: World) -> None:
    wanted = {each.resource.name: each.resource for each in world.nodes if each.wanted}
    assert not make_plan(world.nodes, make_snapshot(wanted)).pending  # type: ignore[arg-type]


@given(worlds())
def test_dependencies_are_created_first_and_deleted_last(world: World) -> None:
    plan = plan_world(world)
    gone = {change.address for change in plan.changes if change.action is Action.DELETE}
    for each in world.nodes:
        here = find_position(plan, each.resource.name)
        for needed in each.needs:
            assert (find_position(plan, needed.name) > here) == (needed in gone)


@given(worlds(), st.randoms(use_true_random=False))
def test_plan_does_not_depend_on_the_order_of_nodes(world: World, random: Any) -> None:
    shuffled = list(world.nodes)
    random.shuffle(shuffled)
    plan, again = plan_world(world), plan_world(World(tuple(shuffled), world.existing))
    assert (plan.changes, plan.fingerprint) == (again.changes, again.fingerprint)


@given(worlds())
def test_changes_wait_only_for_pending_changes(world: World) -> None:
    plan = plan_world(world)
    pending = {change.address for change in plan.pending}
    assert plan.waits_for.keys() == pending
    assert all(before <= pending for before in plan.waits_for.values())


@given(worlds())
@settings(max_examples=30)
def test_teardown_deletes_only_our_resources(world: World) -> None:
    theirs = {
        name: Thing(name=name, value=thing.value, tags={}) for name, thing in world.existing.items()
    }
    for existing, count in ((world.existing, len(world.existing)), (theirs, 0)):
        plan = make_plan(unwant(world.nodes), make_snapshot(existing))
        assert plan.count(Action.DELETE) == len(plan.pending) == count


def plan_one(existing: Thing, *, wanted: bool = True, **choices: Any) -> Plan:
    about = {key: choices.pop(key) for key in ("holds", "used_by", "role_tags") if key in choices}
    return make_plan(
        (node("a", wanted=wanted),), make_snapshot({"a": existing}, **about), **choices
    )


def test_untagged_resource_is_a_conflict_unless_adopted() -> None:
    bare = Thing(name="a", value=1, tags={"team": "data"})
    assert plan_one(bare).conflicts == (Conflict(Address("thing", "a"), explain_owner(None, bare)),)
    adopting = plan_one(bare, adopt=True)
    assert adopting.conflicts == ()
    assert [change.action for change in adopting.pending] == [Action.UPDATE]


def test_resource_of_another_pipeline_is_never_adopted() -> None:
    other = Thing(name="a", value=1, tags={**OURS, "sfnctl:pipeline": "invoices"})
    for adopt in (False, True):
        conflict = Conflict(Address("thing", "a"), explain_owner("invoices", other))
        assert plan_one(other, adopt=adopt).conflicts == (conflict,)


def test_refused_resource_is_never_adopted() -> None:
    address = Address("thing", "a")
    for adopt in (False, True):
        plan = make_plan((node("a"),), {address: Refused(FOREIGN())}, adopt=adopt)
        assert plan.conflicts == (Conflict(address, FOREIGN()),)


def test_purge_deletes_data_but_not_what_others_use() -> None:
    thing = Thing(name="a", value=1)
    (kept,) = plan_one(thing, wanted=False, holds=FULL()).kept
    assert kept.reason == FULL()
    assert (
        plan_one(thing, wanted=False, holds=FULL(), removal=Removal(purge=True)).count(
            Action.DELETE
        )
        == 1
    )
    (kept,) = plan_one(
        thing, wanted=False, holds=FULL(), used_by=USED(), removal=Removal(purge=True)
    ).kept
    assert kept.reason == USED()


def test_different_plans_have_different_fingerprints() -> None:
    def fingerprint(*nodes: Node) -> str:
        return make_plan(nodes, {}).fingerprint

    prints = {
        fingerprint(node("a")),
        fingerprint(node("b")),
        fingerprint(node("a", value=2)),
        fingerprint(node("a"), node("b")),
        fingerprint(node("a", wanted=False)),
    }
    assert len(prints) == 5
    assert fingerprint(node("a")) == fingerprint(node("a"))


def test_what_comes_after_a_plan_was_shown_changes_it() -> None:
    """Data that a purge would delete, and a conflict about another resource."""
    thing, purge = Thing(name="a", value=1), Removal(purge=True)
    empty, full = (
        plan_one(thing, wanted=False, removal=purge, holds=holds) for holds in (None, FULL())
    )
    assert [empty.count(Action.DELETE), full.count(Action.DELETE)] == [1, 1]
    assert empty.fingerprint != full.fingerprint
    nodes, address = (node("a"), node("b")), Address("thing", "b")
    refused = make_plan(nodes, {address: Refused(FOREIGN())})
    assert refused.pending == make_plan((node("a"),), {}).pending
    assert refused.fingerprint != make_plan((node("a"),), {}).fingerprint


def test_each_removed_role_tag_is_shown() -> None:
    thing = Thing(name="a", value=1)
    tags = RoleTags({"sfnctl:trail": "audit"}, {})
    (change,) = plan_one(thing, role_tags=tags).pending
    assert change.fields == (Field("role tag sfnctl:trail", "audit", ABSENT),)
