"""A change of `trigger.trail` that loses no upload: the old trail logs until the new one does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.clock import ceil_minute, format_minute, parse_minute
from sfn_s3_cli.events import cloudtrail
from sfn_s3_cli.iam.names import OWN_TRAIL
from sfn_s3_cli.reconcile.desired import Stay
from sfn_s3_cli.resources.event_selector import EventSelector, FoundSelector
from sfn_s3_cli.resources.log_bucket import LogBucket
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.rule import Rule
from sfn_s3_cli.resources.trail import Trail

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.resources.base import Address
    from sfn_s3_cli.resources.observation import AnyObservation

_OLD_TRAIL_STAYS = ReasonType(
    "OLD_TRAIL_STAYS", "until {until} on {trails}, while the trail {new} starts to log"
)


def keep_old_trails(
    nodes: tuple[Node, ...], observed: Mapping[Address, AnyObservation], now: datetime
) -> tuple[Node, ...]:
    """The wiring with what is kept of an old trail while the new one starts."""
    for node in nodes:
        match node.resource, node.find_ours(observed):
            case EventSelector() as desired, FoundSelector() as found if node.wanted:
                stay = _find_stay(desired, found, now) if _is_enabled(nodes) else None
                return tuple(_keep(each, stay, found, observed) for each in nodes)
    return nodes


class _OldTrails(NamedTuple):
    """The trails that keep our selector, and until when."""

    trails: tuple[str, ...]
    until: datetime
    stay: Stay


def _is_enabled(nodes: tuple[Node, ...]) -> bool:
    rules = (node.resource for node in nodes if node.wanted)
    return all(rule.enabled for rule in rules if isinstance(rule, Rule))


def _find_stay(desired: EventSelector, found: FoundSelector, now: datetime) -> _OldTrails | None:
    """None if no trail has to keep the selector, as when the config moves back."""
    others = {*found.trails} - {desired.trail}
    if desired.trail not in found.trails or not found.resource.is_logging:
        until = ceil_minute(now + cloudtrail.STARTS_WITHIN)
    elif found.left_until:
        others &= {*found.left}
        until = parse_minute(found.left_until) or now
    else:
        return None
    if not others or until <= now:
        return None
    trails = tuple(sorted(others))
    reason = _OLD_TRAIL_STAYS(until=format_minute(until), trails=trails, new=desired.trail)
    return _OldTrails(trails, until, Stay(reason, until))


def _keep(
    node: Node,
    old: _OldTrails | None,
    found: FoundSelector,
    observed: Mapping[Address, AnyObservation],
) -> Node:
    match node.resource:
        case EventSelector() if old:
            kept = node.replace(old_trails=old.trails, old_until=format_minute(old.until))
            return replace(kept, stays=old.stay)
        case Trail() | LogBucket() if not node.wanted and (ours := node.find_ours(observed)):
            if old and OWN_TRAIL in old.trails:
                return replace(node, resource=ours.resource, stays=old.stay)
            return replace(node, is_leftover=OWN_TRAIL in found.left)
    return node
