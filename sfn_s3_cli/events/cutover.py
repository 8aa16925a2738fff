"""How one rule hands over to another: events before a moment are for one, later ones for the other.

EventBridge compares text, not times. So the conditions list the beginnings of the times: hours,
then blocks of ten minutes, then minutes.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sfn_s3_cli.clock import format_minute, parse_minute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.json_types import JsonObject

FIELD = "time"
"""The field of events that the conditions are about: every event has it, in UTC."""

_MINUTE, _TEN_MINUTES, _HOUR = timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1)
_REACH = timedelta(hours=1, minutes=15)
"""How far before the moment the conditions reach: the longest wait for a source to start, and one
hour for events that arrive late."""


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

    @classmethod
    def read(cls, tag: str, pattern: Mapping[str, object]) -> Cutover | None:
        """What a rule's tag and pattern say; None if the tag holds no moment."""
        moment = parse_minute(tag)
        if moment is None:
            return None
        for side in (Side.BEFORE, Side.AFTER):
            cutover = cls(moment, side)
            if pattern.get(FIELD) == cutover.conditions[FIELD]:
                return cutover
        return cls(moment, Side.BOTH)

    @classmethod
    def parse(cls, text: str | None) -> Cutover | None:
        """The opposite of `str`; None for None."""
        if text is None:
            return None
        side, _, written = text.rpartition(" ")
        moment = parse_minute(written)
        return cls(moment, Side(side)) if moment else None

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
        """The longest blocks that together reach from an hour before the moment to the end."""
        start = (self.moment - _REACH).replace(minute=0)
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
        return f"{self.side} {self.tag}"
