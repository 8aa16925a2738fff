"""A clock that moves only when a test sleeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from sfn_s3_cli.aws import eventually
from sfn_s3_cli.aws.client import Aws

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """The time so many seconds after the clock has started."""
    return NOON + timedelta(seconds=seconds)


@dataclass
class FakeClock:
    """Starts at noon; `sleep` returns immediately and moves it."""

    slept: float = 0.0
    sleeps: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return at(self.slept)

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(round(seconds, 3))
        self.slept += seconds


def without_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eventually, "JITTER", 0.0)


def offline_aws(clock: FakeClock) -> Aws:
    """An `Aws` through which a test makes no calls."""
    return Aws(boto3.Session(region_name="eu-west-1"), clock=clock)
