"""Waits for AWS: shortly at first, not forever, and with the reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from error_responses import make_error
from fake_clock import FakeClock, offline_aws, without_jitter

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.aws.errors import code_of
from sfn_s3_cli.aws.eventually import JITTER, TransientError, retry_while, wait_while
from sfn_s3_cli.errors import AwsError

YOUNG = "ValidationException: Provided role cannot be assumed by principal events"
YOUNG_ROLE = TransientError(
    "ValidationException", "cannot be assumed", waiting_for="IAM", remedy="Is the trust right?"
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    without_jitter(monkeypatch)
    return FakeClock()


@pytest.fixture
def messages() -> list[str]:
    return []


@pytest.fixture
def aws(clock: FakeClock, messages: list[str]) -> Aws:
    aws = offline_aws(clock)
    aws.notify = messages.append
    return aws


def answer_in_turn(*answers: str, at: Callable[[], None] = lambda: None) -> Callable[[], str]:
    """A call with these answers, one after the other; `code: message` is an error."""
    left = iter(answers)

    def call() -> str:
        at()
        code, colon, message = next(left).partition(": ")
        if colon:
            raise make_error(code, message, operation="PutTargets")
        return code

    return call


def test_a_success_is_returned_immediately(aws: Aws, clock: FakeClock, messages: list[str]) -> None:
    assert retry_while(aws, answer_in_turn("done"), YOUNG_ROLE) == "done"
    assert (clock.slept, messages) == (0, [])


def test_a_transient_error_is_retried_with_growing_pauses(
    aws: Aws, clock: FakeClock, messages: list[str]
) -> None:
    times: list[float] = []
    call = answer_in_turn(*[YOUNG] * 7, "done", at=lambda: times.append(clock.slept))
    assert retry_while(aws, call, YOUNG_ROLE) == "done"
    assert times == [0, 0.25, 0.75, 1.75, 3.75, 7.75, 15.75, 23.75]
    assert messages == [
        "Waiting for IAM: Provided role cannot be assumed by principal events",
    ]


def test_pauses_have_jitter(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    pauses = set()
    for _ in range(20):
        aws.clock = clock = FakeClock()
        retry_while(aws, answer_in_turn(YOUNG, "done"), YOUNG_ROLE)
        pauses.add(clock.slept)
    assert len(pauses) > 1
    assert all(0.25 * (1 - JITTER) <= each <= 0.25 * (1 + JITTER) for each in pauses)


@pytest.mark.parametrize(
    "error",
    ["ValidationException: RoleArn is required", "AccessDeniedException: cannot be assumed"],
)
def test_any_other_error_is_raised_immediately(aws: Aws, clock: FakeClock, error: str) -> None:
    with pytest.raises(ClientError) as raised:
        retry_while(aws, answer_in_turn(error), YOUNG_ROLE)
    assert code_of(raised.value) == error.partition(":")[0]
    assert clock.slept == 0


def test_a_lasting_error_has_its_remedy(aws: Aws, clock: FakeClock) -> None:
    with pytest.raises(AwsError) as raised:
        retry_while(aws, answer_in_turn(*[YOUNG] * 100), YOUNG_ROLE)
    assert raised.value.message == f"PutTargets: {YOUNG}; gave up after 120 seconds"
    assert raised.value.remedy == "Is the trust right?"
    assert 120 <= clock.slept < 128


def test_an_interruption_ends_a_wait(aws: Aws, clock: FakeClock) -> None:
    call = answer_in_turn(YOUNG, YOUNG, at=aws.calls.interrupted.set)
    with pytest.raises(AwsError, match=r"; interrupted$"):
        retry_while(aws, call, YOUNG_ROLE)
    assert clock.slept == 0


def test_all_transient_also_retries_throttling(aws: Aws, clock: FakeClock) -> None:
    errors = ["ThrottlingException: Rate exceeded", "InternalFailure: Oops."]
    assert retry_while(aws, answer_in_turn(*errors, "done"), all_transient=True) == "done"
    assert clock.slept == 0.75
    with pytest.raises(ClientError):
        retry_while(aws, answer_in_turn(*errors, "done"))


def test_all_transient_also_retries_network_errors(aws: Aws) -> None:
    calls = [1]

    def call() -> str:
        if calls.pop():
            calls.append(0)
            raise ReadTimeoutError(endpoint_url="https://cloudtrail.example")
        return "done"

    assert retry_while(aws, call, all_transient=True) == "done"


def test_wait_while_waits_for_a_deletion(aws: Aws, clock: FakeClock) -> None:
    left = iter([True, True, False])
    assert wait_while(aws, lambda: next(left))
    assert clock.slept == 0.75


def test_wait_while_gives_up(aws: Aws, clock: FakeClock) -> None:
    assert not wait_while(aws, lambda: True, within=60)
    assert 60 <= clock.slept < 68
