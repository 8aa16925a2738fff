"""Sample events for testing a trigger's pattern."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from sfn_s3_cli.events import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sfn_s3_cli.events.trigger import Trigger
    from sfn_s3_cli.json_types import JsonObject


def build_matching(bucket: str, trigger: Trigger, partition: str) -> list[JsonObject]:
    """Build the events that must start an execution, one of each form."""
    key = f"{_first(trigger.prefix)}sfnctl{_first(trigger.suffix)}"
    return SOURCES[trigger.via].build_samples(bucket, key, trigger, partition)


def build_other(bucket: str, trigger: Trigger, partition: str) -> list[JsonObject]:
    """Build such events that must not: another key, or another bucket if every key matches."""
    if trigger.prefix:
        key = f"{_find_unused(prefix[0] for prefix in trigger.prefix)}{_first(trigger.suffix)}"
    elif trigger.suffix:
        key = _find_unused(suffix[-1] for suffix in trigger.suffix)
    else:
        bucket, key = f"{bucket}-2", "sfnctl"
    return SOURCES[trigger.via].build_samples(bucket, key, trigger, partition)


def _first(affixes: Sequence[str]) -> str:
    return affixes[0] if affixes else ""


def _find_unused(characters: Iterable[str]) -> str:
    used = set(characters)
    return next(char for char in map(chr, count(ord("a"))) if char not in used)
