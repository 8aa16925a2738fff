"""The status of an execution."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fake_clock import at

from sfn_s3_cli.executions.model import Execution

RUNNING = Execution("arn", "a", "RUNNING", started=at(0))


@pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"])
def test_an_ended_execution_has_a_duration(status: str) -> None:
    ended = replace(RUNNING, status=status, stopped=at(5))
    assert ended.has_ended
    assert ended.has_succeeded is (status == "SUCCEEDED")
    assert ended.duration == timedelta(seconds=5)
    assert ended.status_since == at(5)


def test_a_running_execution_has_no_duration() -> None:
    assert not RUNNING.has_ended
    assert RUNNING.duration is None
    assert RUNNING.status_since == at(0)
    assert replace(RUNNING, redrive_count=1, redriven=at(9)).status_since == at(9)


def test_progress_only_grows() -> None:
    failed = replace(RUNNING, status="FAILED", stopped=at(5))
    again = replace(RUNNING, redrive_count=1, redriven=at(9))
    assert RUNNING.progress < failed.progress < again.progress
