"""Sample events for testing a trigger's pattern."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from sfn_s3_cli.events import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sfn_s3_cli.events.trigger import Trigger
    from sfn_s3_cli.json_types import JsonObject


def build_matching(bucket: str, trigger: Trigger) -> JsonObject:
    """Build an event that must start an execution."""
    return _build(bucket, f"{_first(trigger.prefix)}sfnctl{_first(trigger.suffix)}", trigger)


def build_other(bucket: str, trigger: Trigger) -> JsonObject:
    """Build an event that must not: another key, or another bucket if every key matches."""
    if trigger.prefix:
        start = _find_unused(prefix[0] for prefix in trigger.prefix)
        return _build(bucket, f"{start}{_first(trigger.suffix)}", trigger)
    if trigger.suffix:
        return _build(bucket, _find_unused(suffix[-1] for suffix in trigger.suffix), trigger)
    return _build(f"{bucket}-2", "sfnctl", trigger)


def _build(bucket: str, key: str, trigger: Trigger) -> JsonObject:
    return SOURCES[trigger.via].build_sample(bucket, key, trigger.events[0])


def _first(affixes: Sequence[str]) -> str:
    return affixes[0] if affixes else ""


def _find_unused(characters: Iterable[str]) -> str:
    used = set(characters)
    return next(char for char in map(chr, count(ord("a"))) if char not in used)
