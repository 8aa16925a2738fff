"""The clock, and how to stay within a quota of AWS."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

_MINUTE, _SECOND = timedelta(minutes=1), timedelta(seconds=1)
_LOWEST_SHARE, _RECOVERED_SHARE = 0.05, 0.02
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
    """Delays calls so that they stay within a quota. Safe to use from many threads.

    The quota may be shared with others: while AWS throttles calls, they are delayed more.
    """

    def __init__(self, quota: Quota, clock: Clock) -> None:
        self._quota = quota
        self._clock = clock
        self._lock = threading.Lock()
        self._rate = quota.per_second
        self._tokens = quota.burst
        self._filled = clock.now()
        self._slowed: datetime | None = None

    def take(self) -> None:
        """Waits until the next call is allowed."""
        with self._lock:
            self._fill()
            self._tokens -= 1
            wait = -self._tokens / self._rate
        if wait > 0:
            self._clock.sleep(wait)

    def find_wait(self, spare: int = 0) -> float:
        """How many seconds `take` would wait now, if it left `spare` calls for others."""
        with self._lock:
            self._fill()
            return max(0.0, (1 + spare - self._tokens) / self._rate)

    def slow_down(self) -> None:
        """AWS has throttled a call: allows half as many, and no burst.

        Calls that were made together are throttled together, so this counts once a second.
        """
        with self._lock:
            self._fill()
            if self._slowed is None or self._filled - self._slowed >= _SECOND:
                self._slowed = self._filled
                self._rate = max(self._rate / 2, self._quota.per_second * _LOWEST_SHARE)
                self._tokens = min(self._tokens, 0)

    def speed_up(self) -> None:
        """AWS has answered a call: allows a little more again, up to the quota."""
        with self._lock:
            more = self._quota.per_second * _RECOVERED_SHARE
            self._rate = min(self._quota.per_second, self._rate + more)

    def _fill(self) -> None:
        now = self._clock.now()
        elapsed = max(0.0, (now - self._filled).total_seconds())
        self._filled = now
        self._tokens = min(self._quota.burst, self._tokens + elapsed * self._rate)
