"""How one rule hands over to another: events before a moment are for one, later ones for the other.

EventBridge compares text, not times. So the conditions list the beginnings of the times: hours,
then blocks of ten minutes, then minutes.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.clock import format_minute, parse_minute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sfn_s3_cli.json_types import JsonObject

FIELD = "time"
"""The field of events that the conditions are about: every event has it, in UTC."""

_MINUTE, _TEN_MINUTES, _HOUR = timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1)
_HOUR_LETTERS = len("2026-01-02T12")
_REACH = timedelta(hours=1, minutes=15)
"""How far before the moment the conditions reach: the longest wait for a source to start, and one
hour for events that arrive late."""

_LONGEST = timedelta(hours=3)


class Side(StrEnum):
    """The events that a rule matches."""

    BEFORE = "before"
    AFTER = "after"
    """Also those of the minute before: the two sources do not give an upload the same time."""
    BOTH = "before and after"
    """Without a condition on the time, because the pattern has no room for it."""


@dataclass(frozen=True)
class Cutover:
    """A full minute, in UTC, at which one rule takes over from another, and a rule's part in it."""

    moment: datetime
    side: Side
    since: datetime | None = None
    """Where the events begin that the rules share, if the via has changed back soon after another
    moment; otherwise so early that no earlier event is on its way."""

    @classmethod
    def read(cls, tag: str, pattern: Mapping[str, object]) -> Cutover | None:
        """What a rule's pattern says, or its tag where the pattern has no conditions.

        None for a rule without either, and for conditions on the time that are not ours.
        """
        if FIELD not in pattern:
            moment = parse_minute(tag)
            return cls(moment, Side.BOTH) if moment else None
        match pattern[FIELD]:
            case [{"anything-but": {"prefix": [*blocks]}}]:
                side, after = Side.AFTER, _MINUTE
            case [*conditions]:
                side, after = Side.BEFORE, timedelta(0)
                blocks = [each.get("prefix") for each in conditions if isinstance(each, dict)]
            case _:
                return None
        shared = _read_blocks(blocks)
        if shared is None:
            return None
        found = cls(shared.end + after, side)
        candidates = (found, replace(found, since=shared.start))
        return next((each for each in candidates if each.conditions[FIELD] == pattern[FIELD]), None)

    @classmethod
    def parse(cls, text: str | None) -> Cutover | None:
        """The opposite of `str`; None for None."""
        match (text or "").partition(" since "):
            case "", *_:
                return None
            case said, _, since:
                side, _, written = said.rpartition(" ")
                moment = parse_minute(written)
                return cls(moment, Side(side), parse_minute(since)) if moment else None

    @property
    def tag(self) -> str:
        """The moment as text, such as 2026-01-02T12:10Z."""
        return format_minute(self.moment)

    @property
    def conditions(self) -> JsonObject:
        """What is added to the pattern of the rule."""
        match self.side:
            case Side.BEFORE:
                return {FIELD: [{"prefix": text} for text in self._blocks(self.moment)]}
            case Side.AFTER:
                others = [*self._blocks(self.moment - _MINUTE)]
                return {FIELD: [{"anything-but": {"prefix": others}}]}
        return {}

    def _blocks(self, end: datetime) -> Iterator[str]:
        """The longest blocks that together reach from the beginning to the end."""
        start = self.since or (self.moment - _REACH).replace(minute=0)
        while start < end:
            minute = f"{start:%Y-%m-%dT%H:%M}"
            if start.minute == 0 and start + _HOUR <= end:
                yield minute.removesuffix(":00")
                start += _HOUR
            elif start.minute % 10 == 0 and start + _TEN_MINUTES <= end:
                yield minute.removesuffix("0")
                start += _TEN_MINUTES
            else:
                yield minute
                start += _MINUTE

    def __str__(self) -> str:
        since = f" since {format_minute(self.since)}" if self.since else ""
        return f"{self.side} {self.tag}{since}"


class _Span(NamedTuple):
    start: datetime
    end: datetime


def _read_blocks(blocks: Sequence[object]) -> _Span | None:
    """From where to where blocks reach; None if these are none of ours."""
    if not blocks:
        return None
    first, last = (_read_block(blocks[at]) for at in (0, -1))
    if first is None or last is None or not timedelta(0) < last.end - first.start < _LONGEST:
        return None
    return _Span(first.start, last.end)


def _read_block(block: object) -> _Span | None:
    text = str(block)
    start = parse_minute(text + "YYYY-MM-DDTHH:00Z"[len(text) :])
    lengths = {_HOUR_LETTERS: _HOUR, _HOUR_LETTERS + 2: _TEN_MINUTES}
    return _Span(start, start + lengths.get(len(text), _MINUTE)) if start else None
