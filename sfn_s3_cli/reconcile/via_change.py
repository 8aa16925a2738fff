"""A change of `trigger.via` that loses no upload: the old source stays until the new one works.

A new source needs minutes until its events arrive. So its rule is made beside the old one, and the
two share the events by their time: those before a moment some minutes ahead are for the old rule,
later ones for the new. When the last of the old source's events have arrived, the next deploy
removes the old source and its rule. Everything is read from AWS: the moment follows from the
patterns of the rules; where these have no room for it, from a tag.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.clock import ceil_minute, format_minute
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.cutover import Cutover, Side
from sfn_s3_cli.events.pattern import fits, limit, read_pattern
from sfn_s3_cli.reconcile.desired import Stay
from sfn_s3_cli.resources.bucket_notification import FoundNotification
from sfn_s3_cli.resources.event_selector import EventSelector
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

_SOON = _MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class _Rules:
    """The rule that the config wants, and our rule of another source, as AWS has them."""

    wanted: Rule
    via: str
    new: Rule | None
    old: Rule
    """With the filters of the config, as far as its source and its input allow."""
    old_via: str


@dataclass(frozen=True)
class _Handover:
    """When the new rule takes over, and when the old one has nothing left to do."""

    new: Cutover
    old: Cutover
    until: datetime

    @property
    def is_split(self) -> bool:
        """Whether the two rules share the events by their time."""
        return self.new.side is Side.AFTER


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
    old = Cutover.parse(rules.old.cutover)
    # What a change back removes was never announced: it has to be reviewed.
    is_leftover = bool(handover or (old and old.side is Side.BEFORE))
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
                    wanted=wanted,
                    via=node.via,
                    new=new.resource if new else None,
                    old=_follow_filters(other, old.resource, nodes, observed),
                    old_via=other.via,
                )
    return None


def _follow_filters(
    node: Node, old: Rule, nodes: tuple[Node, ...], observed: Mapping[Address, AnyObservation]
) -> Rule:
    """The old rule with the pattern that the config gives for its source.

    With another input other events may fit: then it keeps its own pattern.
    """
    desired, inputs = node.resource, set()
    for each in nodes:
        found = each.find_ours(observed) if each.via == node.via else None
        match found.resource if found else each.resource:
            case Target(input_transformer=transformer) if found or each.wanted:
                inputs.add(transformer is None)
    before = read_pattern(old.pattern)
    if (
        isinstance(desired, Rule)
        and before == read_pattern(desired.pattern)
        and fits(desired.pattern)
        and len(inputs) == 1
    ):
        return replace(old, pattern=desired.pattern)
    return old


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
    begins = _find_beginning(rules, nodes, observed, now)
    if begins is None:
        return None
    moment, since = begins
    after = Cutover(moment, Side.AFTER, since)
    before = Cutover(moment, Side.BEFORE, since - _MINUTE if since else None)
    if not all(
        fits(limit(*each)) for each in ((rules.old.pattern, before), (rules.wanted.pattern, after))
    ):
        after = Cutover(moment, Side.BOTH)
    return _Handover(after, before, moment + SOURCES[rules.old_via].ARRIVES_WITHIN)


class _Beginning(NamedTuple):
    """When the new rule takes over, and from when on it leaves the events before that to the old
    one; by default all of them."""

    moment: datetime
    since: datetime | None = None


def _find_beginning(
    rules: _Rules,
    nodes: tuple[Node, ...],
    observed: Mapping[Address, AnyObservation],
    now: datetime,
) -> _Beginning | None:
    """None if the new rule matches all events already.

    A moment that was planned before holds only if the new source was complete then: the old rule
    was changed last.
    """
    new = Cutover.parse(rules.new.cutover) if rules.new else None
    old = Cutover.parse(rules.old.cutover)
    if rules.new and new is None:
        return _Beginning(old.moment, old.since) if old and old.side is Side.BEFORE else None
    states = _list_states(rules.via, nodes, observed)
    if new and _is_set_up(rules.via, nodes, observed):
        if new.side is Side.BEFORE:
            return _change_back(new, old, SOURCES[rules.via].ARRIVES_WITHIN, now)
        if new.side is Side.BOTH or (old and (old.side, old.moment) == (Side.BEFORE, new.moment)):
            return _Beginning(new.moment, new.since)
    is_on = all(map(_works, states))
    wait = _SOON if is_on else SOURCES[rules.via].STARTS_WITHIN
    return _Beginning(ceil_minute(now + wait), new.since if new else None)


def _works(state: AnyObservation | None) -> bool:
    """Whether events arrive already: not if we, or another pipeline, have just asked for them."""
    match state:
        case FoundNotification(owner=None, is_starting=is_starting):
            return not is_starting
        case Found(owner=None):
            return True
    return False


def _change_back(
    new: Cutover, old: Cutover | None, late: timedelta, now: datetime
) -> _Beginning | None:
    """The config wants the rule again that another one was to take over from, or has taken over.

    Until the moment it matches all events. After that it still gets events from before, which may
    arrive late: they stay its own.
    """
    if now < new.moment:
        return _Beginning(old.since) if old and old.since else None
    if now >= new.moment + late:
        return _Beginning(ceil_minute(now + _SOON))
    return _Beginning(max(ceil_minute(now + _SOON), new.moment + 2 * _MINUTE), new.moment)


def _is_set_up(
    via: str, nodes: tuple[Node, ...], observed: Mapping[Address, AnyObservation]
) -> bool:
    """Whether AWS has all that brings events from a source to the state machine."""
    targets = [
        observed.get(node.resource.address)
        for node in nodes
        if node.via == via and isinstance(node.resource, Target)
    ]
    return all(
        isinstance(state, Found) and getattr(state.resource, "is_logging", True)
        for state in (*targets, *_list_states(via, nodes, observed))
    )


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
        return node.replace(cutover=str(handover.new))
    found = node.find_ours(observed) if node.via == rules.old_via else None
    if found is None:
        return node
    reason = _OLD_SOURCE_STAYS(
        until=format_minute(handover.until),
        old=SOURCES[rules.old_via].TITLE,
        new=SOURCES[rules.via].TITLE,
    )
    resource = _keep_resource(node.resource, found.resource, rules, handover)
    kept = replace(node, resource=resource, stays=Stay(reason, handover.until))
    if not isinstance(resource, Target):
        return kept
    # It may be changed before the state machine is: everything that it needs for that exists.
    needs = tuple(each for each in node.needs if each.kind not in {Rule.kind, StateMachine.kind})
    return replace(kept, needs=needs, follows=())


def _keep_resource(
    wanted: Resource, found: Resource, rules: _Rules, handover: _Handover
) -> Resource:
    """What the old source is until then: the filters follow the config, the input does not."""
    match wanted, found:
        case Rule(), Rule():
            cutover = str(handover.old) if handover.is_split else found.cutover
            return replace(found, pattern=rules.old.pattern, cutover=cutover)
        case EventSelector(), EventSelector():
            return replace(found, selector=wanted.selector, basic=wanted.basic)
        case Target(), Target():
            return replace(wanted, arn=found.arn, input_transformer=found.input_transformer)
    return found
