"""Executions for tests of views: of the second of January, a tenth of a second apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sfn_s3_cli.events.s3_object import S3Object
from sfn_s3_cli.executions.model import Execution

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
TENTH = timedelta(seconds=0.1)


def make_running(number: int, key: str | None = None) -> Execution:
    key = f"incoming/2026-01-02/orders-{number:04}.json" if key is None else key
    about = S3Object("acme-orders", key, "PutObject", "", "s3", 1400 + number, requester="alice")
    name = f"{number:08}-0000"
    return Execution(
        f"arn:{name}", name, "RUNNING", NOON + number * TENTH, object=about, input="{}"
    )


def make_ended(number: int, status: str = "SUCCEEDED", key: str | None = None) -> Execution:
    running = make_running(number, key)
    assert running.started
    return replace(running, status=status, stopped=running.started + timedelta(seconds=2))


def make_failed(number: int, key: str | None = None) -> Execution:
    return replace(
        make_ended(number, "FAILED", key),
        failed_state="Validate",
        error="States.TaskFailed",
        cause="no such table",
    )
