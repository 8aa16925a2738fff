"""Time, as it is handed to whoever reads it or waits for it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import NamedTuple, Protocol


class Clock(Protocol):
    """What tests replace to make hours pass at once."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Lets that much time pass."""
        ...


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Quota(NamedTuple):
    """AWS's limit for one operation: calls at once, and how many more each second allows."""

    burst: float
    per_second: float


class TokenBucket:
    """Spaces calls so that they stay within a quota. For one thread."""

    def __init__(self, quota: Quota, clock: Clock) -> None:
        self._quota = quota
        self._clock = clock
        self._tokens = quota.burst
        self._filled = clock.now()

    def take(self) -> None:
        """Returns when the next call may be made."""
        now = self._clock.now()
        elapsed = max(0.0, (now - self._filled).total_seconds())
        self._filled = now
        self._tokens = min(self._quota.burst, self._tokens + elapsed * self._quota.per_second) - 1
        if self._tokens < 0:
            self._clock.sleep(-self._tokens / self._quota.per_second)
