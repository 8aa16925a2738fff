"""The clock, and how to stay within a quota of AWS."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

_MINUTE = timedelta(minutes=1)
_FORMAT = "%Y-%m-%dT%H:%MZ"


def ceil_minute(moment: datetime) -> datetime:
    """The first full minute that is not before the moment."""
    return (moment + _MINUTE - timedelta(microseconds=1)).replace(second=0, microsecond=0)


def format_minute(moment: datetime) -> str:
    """A moment in UTC as text, such as 2026-01-02T12:10Z."""
    return moment.astimezone(UTC).strftime(_FORMAT)


def parse_minute(text: str) -> datetime | None:
    """The moment that `format_minute` wrote; None if the text is none."""
    try:
        return datetime.strptime(text, _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None


class Clock(Protocol):
    """Tells the time and sleeps. Tests replace it, so that hours pass immediately."""

    def now(self) -> datetime:
        """The current time, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Waits that long."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Quota(NamedTuple):
    """AWS's limit for one operation: calls in a burst, and calls per second after it."""

    burst: float
    per_second: float


class TokenBucket:
    """Delays calls so that they stay within a quota. Not safe to use from several threads."""

    def __init__(self, quota: Quota, clock: Clock) -> None:
        self._quota = quota
        self._clock = clock
        self._tokens = quota.burst
        self._filled = clock.now()

    def take(self) -> None:
        """Waits until the next call is allowed."""
        now = self._clock.now()
        elapsed = max(0.0, (now - self._filled).total_seconds())
        self._filled = now
        self._tokens = min(self._quota.burst, self._tokens + elapsed * self._quota.per_second) - 1
        if self._tokens < 0:
            self._clock.sleep(-self._tokens / self._quota.per_second)
