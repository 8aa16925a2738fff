"""Calls stay within AWS's quotas, and no slower."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from sfn_s3_cli.clock import Quota, SystemClock, TokenBucket


@dataclass
class Fake:
    seconds: float = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 2, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def test_a_burst_passes_at_once_and_the_rest_at_the_rate_of_the_quota() -> None:
    clock = Fake()
    bucket = TokenBucket(Quota(burst=3, per_second=2), clock)
    passed = []
    for _ in range(6):
        bucket.take()
        passed.append(clock.seconds)
    assert passed == [0, 0, 0, 0.5, 1, 1.5]


def test_a_rest_fills_the_bucket_and_no_more() -> None:
    clock = Fake()
    bucket = TokenBucket(Quota(burst=2, per_second=1), clock)
    for _ in range(2):
        bucket.take()
    clock.sleep(3600)
    passed = []
    for _ in range(3):
        bucket.take()
        passed.append(clock.seconds)
    assert passed == [3600, 3600, 3601]


def test_a_clock_that_is_set_back_costs_nothing() -> None:
    clock = Fake()
    bucket = TokenBucket(Quota(burst=2, per_second=1), clock)
    clock.seconds = -3600
    bucket.take()
    assert clock.seconds == -3600


def test_the_clock_of_the_machine_is_in_utc_and_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    clock.sleep(2.5)
    assert slept == [2.5]
