"""A change of `trigger.via` that loses no upload: the old source stays until the new one works.

A new source needs minutes until its events arrive. So its rule is made beside the old one, and the
two share the events by their time: those before a moment some minutes ahead are for the old rule,
later ones for the new. When the last of the old source's events have arrived, the next deploy
removes the old source and its rule. Everything is read from AWS: the moment is a tag of both rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sfn_s3_cli.clock import ceil_minute, format_minute
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.cutover import Cutover, Side
from sfn_s3_cli.events.pattern import fits, limit, read_pattern
from sfn_s3_cli.reconcile.desired import Stay
from sfn_s3_cli.resources.observation import Found
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.rule import Rule
from sfn_s3_cli.resources.state_machine import StateMachine
from sfn_s3_cli.resources.target import Target

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.resources.base import Address, Resource
    from sfn_s3_cli.resources.observation import AnyObservation

_OLD_SOURCE_STAYS = ReasonType(
    "OLD_SOURCE_STAYS", "until {until}, while {new} takes over from {old}"
)

_SOON = timedelta(minutes=1)


@dataclass(frozen=True)
class _Rules:
    """The rule that the config wants, and our rule of another source, as AWS has them."""

    wanted: Rule
    via: str
    new: Rule | None
    old: Rule
    old_via: str


@dataclass(frozen=True)
class _Handover:
    """When the new rule takes over, and when the old one has nothing left to do."""

    moment: datetime
    until: datetime
    is_split: bool
    """Whether the two rules share the events by their time."""


def keep_old_source(
    nodes: tuple[Node, ...], observed: Mapping[Address, AnyObservation], now: datetime
) -> tuple[Node, ...]:
    """The wiring with what is kept of the old source while the new one starts."""
    rules = _find_rules(nodes, observed)
    if rules is None:
        return nodes
    handover = _find_handover(rules, nodes, observed, now)
    if handover and now < handover.until:
        return tuple(_keep(node, rules, handover, observed) for node in nodes)
    is_leftover = bool(handover or rules.old.cutover)
    return tuple(
        replace(node, is_leftover=is_leftover) if node.via == rules.old_via else node
        for node in nodes
    )


def _find_rules(
    nodes: tuple[Node, ...], observed: Mapping[Address, AnyObservation]
) -> _Rules | None:
    rules = [(node, node.resource) for node in nodes if isinstance(node.resource, Rule)]
    for node, wanted in rules:
        for other, _ in rules:
            old = other.find_ours(observed)
            if node.wanted and node.via and old and other.via and other.via != node.via:
                new = node.find_ours(observed)
                return _Rules(
                    wanted, node.via, new.resource if new else None, old.resource, other.via
                )
    return None


def _find_handover(
    rules: _Rules,
    nodes: tuple[Node, ...],
    observed: Mapping[Address, AnyObservation],
    now: datetime,
) -> _Handover | None:
    """None if the new rule does not need the old one."""
    old, new = read_pattern(rules.old.pattern), read_pattern(rules.wanted.pattern)
    watches_the_same = old is not None and new is not None and old.bucket == new.bucket
    if not (rules.wanted.enabled and rules.old.enabled and watches_the_same):
        return None
    moment = _find_moment(rules, nodes, observed, now)
    if moment is None:
        return None
    before, after = (Cutover(moment, side) for side in (Side.BEFORE, Side.AFTER))
    is_split = all(
        fits(limit(*each)) for each in ((rules.old.pattern, before), (rules.wanted.pattern, after))
    )
    late = SOURCES[rules.old_via].ARRIVES_WITHIN if is_split else timedelta(0)
    return _Handover(moment, moment + late, is_split)


def _find_moment(
    rules: _Rules,
    nodes: tuple[Node, ...],
    observed: Mapping[Address, AnyObservation],
    now: datetime,
) -> datetime | None:
    """When the new rule takes over; None if it matches all events already.

    A moment that was planned before holds only if the new source was complete then: the old rule
    was changed last.
    """
    new = Cutover.parse(rules.new.cutover) if rules.new else None
    if rules.new and new is None:
        return None
    if new and new.side is Side.BEFORE:  # the via changes back, and its source is still there
        return None if now < new.moment else ceil_minute(now + _SOON)
    states = _list_states(rules.via, nodes, observed)
    is_set_up = all(isinstance(state, Found) for state in states)
    is_last_step_done = new and str(Cutover(new.moment, Side.BEFORE)) == rules.old.cutover
    if new and is_set_up and (is_last_step_done or new.side is Side.BOTH):
        return new.moment
    # What somebody else has switched on works. What we have switched on may be starting still.
    is_on = all(isinstance(state, Found) and state.owner is None for state in states)
    return ceil_minute(now + (_SOON if is_on else SOURCES[rules.via].STARTS_WITHIN))


def _list_states(
    via: str, nodes: tuple[Node, ...], observed: Mapping[Address, AnyObservation]
) -> list[AnyObservation | None]:
    """What AWS has of the settings that make a source send events."""
    return [
        observed.get(node.resource.address)
        for node in nodes
        if node.via == via and node.wanted and node.resource.is_shared and node.resource.is_slice
    ]


def _keep(
    node: Node, rules: _Rules, handover: _Handover, observed: Mapping[Address, AnyObservation]
) -> Node:
    if node.resource is rules.wanted:
        side = Side.AFTER if handover.is_split else Side.BOTH
        return node.replace(cutover=str(Cutover(handover.moment, side)))
    found = node.find_ours(observed) if node.via == rules.old_via else None
    if found is None:
        return node
    reason = _OLD_SOURCE_STAYS(
        until=format_minute(handover.until),
        old=SOURCES[rules.old_via].TITLE,
        new=SOURCES[rules.via].TITLE,
    )
    resource = _keep_resource(node.resource, found.resource, handover)
    kept = replace(node, resource=resource, stays=Stay(reason, handover.until))
    if not isinstance(resource, Target):
        return kept
    # It may be changed before the state machine is: everything that it needs for that exists.
    needs = tuple(each for each in node.needs if each.kind not in {Rule.kind, StateMachine.kind})
    return replace(kept, needs=needs, follows=())


def _keep_resource(wanted: Resource, found: Resource, handover: _Handover) -> Resource:
    match wanted, found:
        case Rule(), Rule() if handover.is_split:
            return replace(found, cutover=str(Cutover(handover.moment, Side.BEFORE)))
        case Target(), Target():
            return replace(wanted, arn=found.arn, input_transformer=found.input_transformer)
    return found
