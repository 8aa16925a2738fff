"""The event pattern of the rule: which events start an execution."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.events import SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.events.cutover import Cutover
    from sfn_s3_cli.events.trigger import Trigger
    from sfn_s3_cli.json_types import JsonObject

PATTERN_LIMIT = 2048
"""Characters of an event pattern; AWS's default quota
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html)."""


def build_pattern(bucket: str, trigger: Trigger, partition: str) -> JsonObject:
    """Build the pattern of the rule; UsageError if it is longer than AWS allows."""
    pattern = SOURCES[trigger.via].build_pattern(bucket, trigger, partition)
    _check_length(pattern)
    return pattern


def write_pattern(pattern: Mapping[str, object]) -> str:
    """Write a pattern as AWS gets it: short, since its characters count."""
    return json.dumps(pattern, separators=(",", ":"))


def needs_wildcard(pattern: object) -> bool:
    """Whether a condition of the pattern is a wildcard, of which AWS allows only a few rules."""
    match pattern:
        case {"wildcard": str() | list()}:
            return True
        case dict():
            return any(map(needs_wildcard, pattern.values()))
        case list():
            return any(map(needs_wildcard, pattern))
    return False


class Watched(NamedTuple):
    """What a pattern of sfnctl watches: a bucket, through a source."""

    via: str
    bucket: str


def read_pattern(pattern: JsonObject) -> Watched | None:
    """Read what a pattern watches; None if it does not look like one of sfnctl's."""
    for alternative in list_alternatives(pattern):
        for via, source in SOURCES.items():
            value: object = alternative
            for name in source.FIELDS["bucket"].split("."):
                value = value.get(name) if isinstance(value, dict) else None
            match value:
                case [str(bucket)]:
                    return Watched(via, bucket)
    return None


def list_alternatives(pattern: JsonObject) -> list[JsonObject]:
    """Take a pattern apart into patterns without `$or`, of which one must match.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
    """
    alternatives: list[JsonObject] = [{}]
    for name, value in pattern.items():
        match name, value:
            case "$or", [dict(), dict(), *_]:
                parts = [part for each in value for part in list_alternatives(each)]
            case _, dict():
                parts = [{name: part} for part in list_alternatives(value)]
            case _:
                parts = [{name: value}]
        alternatives = [_merge(each, part) for each in alternatives for part in parts]
    return alternatives


def _merge(one: JsonObject, other: JsonObject) -> JsonObject:
    """Merge two patterns; a condition of the second replaces one on the same field."""
    merged = dict(one)
    for name, value in other.items():
        match merged.get(name), value:
            case dict(before), dict(after):
                merged[name] = _merge(before, after)
            case _:
                merged[name] = value
    return merged


def limit(pattern: JsonObject, cutover: Cutover | None) -> JsonObject:
    """Add the conditions of a cutover to a pattern."""
    return {**pattern, **cutover.conditions} if cutover else pattern


def without(pattern: JsonObject, cutover: Cutover | None) -> JsonObject:
    """Remove these conditions."""
    conditions = cutover.conditions if cutover else {}
    return {name: value for name, value in pattern.items() if name not in conditions}


def fits(pattern: JsonObject) -> bool:
    """Whether the pattern is no longer than AWS allows."""
    return len(write_pattern(pattern)) <= PATTERN_LIMIT


def _check_length(pattern: JsonObject) -> None:
    if not fits(pattern):
        length = len(write_pattern(pattern))
        raise UsageError(
            f"the trigger's event pattern has {length:,} characters,"
            f" but AWS allows {PATTERN_LIMIT:,}",
            "use fewer or shorter entries in `trigger.prefix` and `trigger.suffix`",
        )
