"""What an execution says about its own life."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from executions.fake_step_functions import at

from sfn_s3_cli.executions.model import Execution

RUNNING = Execution("arn", "a", "RUNNING", started=at(0))


@pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"])
def test_an_ended_execution(status: str) -> None:
    ended = replace(RUNNING, status=status, stopped=at(5))
    assert ended.ended
    assert ended.succeeded is (status == "SUCCEEDED")
    assert ended.duration == timedelta(seconds=5)
    assert ended.moment == at(5)


def test_a_running_execution() -> None:
    assert not RUNNING.ended
    assert RUNNING.duration is None
    assert RUNNING.moment == at(0)
    assert replace(RUNNING, redrive_count=1, redriven=at(9)).moment == at(9)


def test_progress_only_grows() -> None:
    failed = replace(RUNNING, status="FAILED", stopped=at(5))
    again = replace(RUNNING, redrive_count=1, redriven=at(9))
    assert RUNNING.progress < failed.progress < again.progress
