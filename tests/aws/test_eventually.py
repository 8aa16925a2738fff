from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from sfn_s3_cli.aws.errors import code_of
from sfn_s3_cli.aws.eventually import Passing, eventually, gone

YOUNG_ROLE = Passing("ValidationException", "cannot be assumed")


class FakeClock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=sum(self.slept))

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def answering(*answers: str) -> Callable[[], str]:
    """A call that answers so, one after the other; `code: message` is an error."""
    left = iter(answers)

    def call() -> str:
        code, colon, message = next(left).partition(": ")
        if colon:
            raise ClientError({"Error": {"Code": code, "Message": message}}, "PutTargets")
        return code

    return call


def test_what_succeeds_is_not_waited_for(clock: FakeClock) -> None:
    assert eventually(answering("done"), YOUNG_ROLE, clock=clock) == "done"
    assert clock.slept == []


def test_an_error_that_passes_is_waited_out_in_growing_pauses(clock: FakeClock) -> None:
    young = "ValidationException: Provided role cannot be assumed by principal events"
    assert eventually(answering(*[young] * 7, "done"), YOUNG_ROLE, clock=clock) == "done"
    assert clock.slept == [0.25, 0.5, 1, 2, 4, 8, 8]


@pytest.mark.parametrize(
    "error",
    ["ValidationException: RoleArn is required", "AccessDeniedException: cannot be assumed"],
)
def test_any_other_error_is_raised_at_once(clock: FakeClock, error: str) -> None:
    with pytest.raises(ClientError) as raised:
        eventually(answering(error), YOUNG_ROLE, clock=clock)
    assert code_of(raised.value) == error.partition(":")[0]
    assert clock.slept == []


def test_an_error_that_lasts_is_raised_when_the_time_is_over(clock: FakeClock) -> None:
    lasting = ["ValidationException: cannot be assumed"] * 100
    with pytest.raises(ClientError, match="cannot be assumed"):
        eventually(answering(*lasting), YOUNG_ROLE, clock=clock, within=10)
    assert 10 <= sum(clock.slept) < 20


def test_a_deletion_is_waited_for(clock: FakeClock) -> None:
    left = iter([True, True, False])
    assert gone(lambda: next(left), clock=clock)
    assert clock.slept == [0.25, 0.5]


def test_a_deletion_that_lasts_is_told(clock: FakeClock) -> None:
    assert not gone(lambda: True, clock=clock, within=60)
    assert 60 <= sum(clock.slept) < 70
