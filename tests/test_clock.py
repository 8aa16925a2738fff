"""Calls are as fast as AWS's quotas allow, and not faster."""

from __future__ import annotations

import time
from datetime import UTC

import pytest
from fake_clock import FakeClock

from sfn_s3_cli.clock import Quota, SystemClock, TokenBucket


def test_calls_after_a_burst_keep_the_rate_of_the_quota() -> None:
    clock = FakeClock()
    bucket = TokenBucket(Quota(burst=3, per_second=2), clock)
    passed = []
    for _ in range(6):
        bucket.take()
        passed.append(clock.slept)
    assert passed == [0, 0, 0, 0.5, 1, 1.5]


def test_a_pause_refills_at_most_the_burst() -> None:
    clock = FakeClock()
    bucket = TokenBucket(Quota(burst=2, per_second=1), clock)
    for _ in range(2):
        bucket.take()
    clock.sleep(3600)
    passed = []
    for _ in range(3):
        bucket.take()
        passed.append(clock.slept)
    assert passed == [3600, 3600, 3601]


def test_a_clock_set_back_delays_no_call() -> None:
    clock = FakeClock()
    bucket = TokenBucket(Quota(burst=2, per_second=1), clock)
    clock.slept = -3600
    bucket.take()
    assert clock.slept == -3600


def test_the_system_clock_is_in_utc_and_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    clock.sleep(2.5)
    assert slept == [2.5]
