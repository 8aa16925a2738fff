"""Calls are as fast as AWS's quotas allow, and not faster."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
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


def test_throttling_halves_the_rate_and_answers_restore_it() -> None:
    clock = FakeClock()
    bucket = TokenBucket(Quota(burst=100, per_second=8), clock)
    for _ in range(3):
        bucket.slow_down()  # calls that were made together
    assert bucket.find_wait() == 1 / 4
    clock.sleep(1)
    bucket.slow_down()
    clock.sleep(10)
    assert bucket.find_wait(spare=30) == (31 - 4 - 20 + 4) / 2
    for _ in range(1000):
        bucket.speed_up()
    clock.sleep(3600)
    assert bucket.find_wait(spare=99) == 0.0
    assert bucket.find_wait(spare=107) == 1.0


def test_lasting_throttling_does_not_stop_all_calls() -> None:
    clock = FakeClock()
    bucket = TokenBucket(Quota(burst=100, per_second=10), clock)
    for _ in range(50):
        bucket.slow_down()
        clock.sleep(1)
    bucket.slow_down()
    assert bucket.find_wait() == 1 / (10 * 0.05)


def test_a_wait_can_leave_calls_for_others() -> None:
    clock = FakeClock()
    bucket = TokenBucket(Quota(burst=10, per_second=2), clock)
    assert bucket.find_wait(spare=9) == 0.0
    bucket.take()
    assert bucket.find_wait(spare=9) == 0.5
    assert bucket.find_wait(spare=8) == 0.0


def test_threads_share_a_quota() -> None:
    clock = FakeClock()
    bucket = TokenBucket(Quota(burst=1000, per_second=1), clock)
    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(lambda _: bucket.take(), range(1000)):
            pass
    assert clock.slept == 0.0
    assert bucket.find_wait() == 1.0


def test_the_system_clock_is_in_utc_and_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    clock.sleep(2.5)
    assert slept == [2.5]
