"""A clock that only sleeping moves, for tests of waiting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from sfn_s3_cli.aws import eventually
from sfn_s3_cli.aws.client import Aws


class FakeClock:
    """Starts at midnight; `sleep` returns immediately and moves it."""

    def __init__(self) -> None:
        self.slept = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


def without_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eventually, "JITTER", 0.0)


def offline_aws(clock: FakeClock) -> Aws:
    """An `Aws` through which a test makes no calls."""
    return Aws(boto3.Session(region_name="eu-west-1"), clock=clock)
