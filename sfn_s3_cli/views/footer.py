"""The counts of a watch: how many executions run and have ended, how fast, and how late."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sfn_s3_cli.counts import Count
from sfn_s3_cli.executions.model import Behind, Execution, ReadComplete, Retrying
from sfn_s3_cli.views.table import format_length

if TYPE_CHECKING:
    from datetime import datetime

    from sfn_s3_cli.executions.model import WatchEvent

_WORDS = {
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "TIMED_OUT": "timed out",
    "ABORTED": "aborted",
}
_WINDOW = timedelta(minutes=1)
_SHORTEST = timedelta(seconds=5)
"""A rate over a shorter time says nothing; and a lag that is shorter does not matter."""


@dataclass
class Footer:
    """Counts what a watch gives."""

    running: int = 0
    _ends: Counter[str] = field(default_factory=Counter)
    _rate: Rate | None = None
    """None during the first read, which may give executions of long ago."""
    _state: str = ""

    def add(self, event: WatchEvent, now: datetime) -> None:
        match event:
            case ReadComplete(took):
                self._state = f"{format_length(took)} behind" if took >= _SHORTEST else ""
                self._rate = self._rate or Rate(now)
            case Behind(lag, _):
                self._state = f"{format_length(lag)} behind"
            case Retrying():
                self._state = "AWS cannot be read at the moment"
            case Execution(has_ended=True):
                self._ends[event.status] += 1
                if self._rate:
                    self._rate.add(now)

    def format(self, now: datetime) -> str:
        """Write the counts while the watch goes on."""
        counts = [f"{self.running:,} running", *self._list_ends()]
        rate = f"{self._rate.per_minute(now):,} a minute" if self._rate else ""
        return " | ".join(filter(None, (", ".join(counts), rate, self._state)))

    def format_total(self) -> str:
        """Write the counts at the end of the watch."""
        text = f"{Count(self._ends.total()):execution} ended"
        if self._ends:
            text += f": {', '.join(self._list_ends())}"
        return f"{text}; {self.running:,} still running" if self.running else text

    def _list_ends(self) -> list[str]:
        return [f"{self._ends[each]:,} {word}" for each, word in _WORDS.items() if self._ends[each]]


class Rate:
    """Counts events of the last minute, one number for each second."""

    def __init__(self, began: datetime) -> None:
        self._began = began
        self._counts: deque[tuple[datetime, int]] = deque()

    def add(self, now: datetime) -> None:
        second = now.replace(microsecond=0)
        number = self._counts.pop()[1] if self._counts and self._counts[-1][0] == second else 0
        self._counts.append((second, number + 1))

    def per_minute(self, now: datetime) -> int:
        while self._counts and self._counts[0][0] <= now - _WINDOW:
            self._counts.popleft()
        length = min(max(now - self._began, _SHORTEST), _WINDOW)
        return round(sum(number for _, number in self._counts) * (_WINDOW / length))
