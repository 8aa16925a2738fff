"""Which of a trigger's events a trail's selectors log: all, a part or none of them. Pure.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html
"""

from __future__ import annotations

import re
from enum import IntEnum
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.events.cloudtrail import CALLS, EVENT_SOURCE, OBJECT_TYPE
from sfn_s3_cli.json_types import JsonMapping

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_s3_cli.events.trigger import Trigger


class Share(IntEnum):
    """How much of some events is logged. `min` is both, `max` is either, `_except` is the rest."""

    NONE = 0
    PART = 1
    ALL = 2


class _Events(NamedTuple):
    """The events of one call for all objects with this beginning and this end of their ARN."""

    call: str
    start: str
    end: str


_ALL_BUCKETS = re.compile(r"arn:[^:]+:s3(:::)?")


def measure(selectors: JsonMapping, bucket_arn: str, trigger: Trigger) -> Share:
    """How much of the trigger's events a trail logs, given the answer of GetEventSelectors."""
    calls = [call for event in trigger.events for call in CALLS[event]]
    shares = {
        _measure_one(selectors, _Events(call, f"{bucket_arn}/{prefix}", suffix))
        for call, prefix, suffix in product(calls, trigger.prefix or ("",), trigger.suffix or ("",))
    }
    return shares.pop() if len(shares) == 1 else Share.PART


def _measure_one(selectors: JsonMapping, events: _Events) -> Share:
    advanced = [_advanced(each, events) for each in selectors.get("AdvancedEventSelectors") or []]
    basic = [_basic(each, events) for each in selectors.get("EventSelectors") or []]
    return max([*advanced, *basic], default=Share.NONE)


def _basic(selector: JsonMapping, events: _Events) -> Share:
    if selector.get("ReadWriteType", "All") not in {"All", "WriteOnly"}:
        return Share.NONE
    values = [
        value
        for resource in selector.get("DataResources") or []
        if resource["Type"] == OBJECT_TYPE
        for value in resource.get("Values") or []
    ]
    return max((_basic_value(each, events) for each in values), default=Share.NONE)


def _basic_value(value: str, events: _Events) -> Share:
    if _ALL_BUCKETS.fullmatch(value):
        return Share.ALL
    return _compare("StartsWith", value, events) if "/" in value else Share.NONE


def _advanced(selector: JsonMapping, events: _Events) -> Share:
    """Every field must match."""
    return min(_field(each, events) for each in selector["FieldSelectors"])


def _field(field: JsonMapping, events: _Events) -> Share:
    """Any of the positive conditions must match, and none of the negative ones."""
    conditions = [
        (operator, value)
        for operator, values in field.items()
        if operator != "Field"
        for value in values or []
    ]
    wanted = [
        _test(field["Field"], operator, value, events)
        for operator, value in conditions
        if not operator.startswith("Not")
    ]
    unwanted = (
        _test(field["Field"], operator.removeprefix("Not"), value, events)
        for operator, value in conditions
        if operator.startswith("Not")
    )
    return min([max(wanted, default=Share.ALL), *_except(unwanted)])


def _except(shares: Iterable[Share]) -> list[Share]:
    return [Share(Share.ALL - share) for share in shares]


def _test(field: str, operator: str, value: str, events: _Events) -> Share:
    if field == "resources.ARN":
        return _compare(operator, value, events)
    # A deletion may be part of a batch, whose records are of another type.
    types = {} if events.call in CALLS["deleted"] else {"eventType": "AwsApiCall"}
    known = {
        **types,
        "eventCategory": "Data",
        "eventName": events.call,
        "eventSource": EVENT_SOURCE,
        "readOnly": "false",
        "resources.type": OBJECT_TYPE,
    }.get(field)
    if known is None:  # who made the call, or how
        return Share.PART
    match operator:
        case "Equals":
            is_match = known == value
        case "StartsWith":
            is_match = known.startswith(value)
        case "EndsWith":
            is_match = known.endswith(value)
        case _:
            return Share.PART
    return Share.ALL if is_match else Share.NONE


def _compare(operator: str, value: str, events: _Events) -> Share:
    """A condition on the object's ARN, of which only the beginning and the end are known."""
    match operator:
        case "StartsWith" if events.start.startswith(value):
            return Share.ALL
        case "EndsWith" if events.end.endswith(value):
            return Share.ALL
        case "StartsWith":
            is_possible = value.startswith(events.start)
        case "EndsWith":
            is_possible = value.endswith(events.end)
        case "Equals":
            is_possible = value.startswith(events.start) and value.endswith(events.end)
        case _:
            is_possible = True
    return Share.PART if is_possible else Share.NONE
