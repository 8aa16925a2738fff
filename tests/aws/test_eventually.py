"""Waiting for AWS: densely at first, not for ever, and with the reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from patience import PatientClock, nowhere, without_jitter

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.aws.errors import code_of
from sfn_s3_cli.aws.eventually import JITTER, TransientError, retry_while, wait_until_gone
from sfn_s3_cli.errors import AwsError

YOUNG = "ValidationException: Provided role cannot be assumed by principal events"
YOUNG_ROLE = TransientError(
    "ValidationException", "cannot be assumed", waiting_for="IAM", remedy="Is the trust right?"
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> PatientClock:
    without_jitter(monkeypatch)
    return PatientClock()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def aws(clock: PatientClock, told: list[str]) -> Aws:
    aws = nowhere(clock)
    aws.notify = told.append
    return aws


def answering(*answers: str, at: Callable[[], None] = lambda: None) -> Callable[[], str]:
    """A call that answers so, one after the other; `code: message` is an error."""
    left = iter(answers)

    def call() -> str:
        at()
        code, colon, message = next(left).partition(": ")
        if colon:
            raise ClientError({"Error": {"Code": code, "Message": message}}, "PutTargets")
        return code

    return call


def test_what_succeeds_is_not_waited_for(aws: Aws, clock: PatientClock, told: list[str]) -> None:
    assert retry_while(aws, answering("done"), YOUNG_ROLE) == "done"
    assert (clock.slept, told) == (0, [])


def test_an_error_that_passes_is_waited_out_in_growing_pauses(
    aws: Aws, clock: PatientClock, told: list[str]
) -> None:
    times: list[float] = []
    call = answering(*[YOUNG] * 7, "done", at=lambda: times.append(clock.slept))
    assert retry_while(aws, call, YOUNG_ROLE) == "done"
    assert times == [0, 0.25, 0.75, 1.75, 3.75, 7.75, 15.75, 23.75]
    assert told == [
        "Waiting for IAM: Provided role cannot be assumed by principal events",
    ]


def test_the_pauses_of_many_differ(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    pauses = set()
    for _ in range(20):
        aws.clock = clock = PatientClock()
        retry_while(aws, answering(YOUNG, "done"), YOUNG_ROLE)
        pauses.add(clock.slept)
    assert len(pauses) > 1
    assert all(0.25 * (1 - JITTER) <= each <= 0.25 * (1 + JITTER) for each in pauses)


@pytest.mark.parametrize(
    "error",
    ["ValidationException: RoleArn is required", "AccessDeniedException: cannot be assumed"],
)
def test_any_other_error_is_raised_at_once(aws: Aws, clock: PatientClock, error: str) -> None:
    with pytest.raises(ClientError) as raised:
        retry_while(aws, answering(error), YOUNG_ROLE)
    assert code_of(raised.value) == error.partition(":")[0]
    assert clock.slept == 0


def test_an_error_that_lasts_is_told_with_the_checklist(aws: Aws, clock: PatientClock) -> None:
    with pytest.raises(AwsError) as raised:
        retry_while(aws, answering(*[YOUNG] * 100), YOUNG_ROLE)
    assert raised.value.message == f"PutTargets: {YOUNG}; gave up after 120 seconds"
    assert raised.value.remedy == "Is the trust right?"
    assert 120 <= clock.slept < 128


def test_an_interruption_ends_the_waiting(aws: Aws, clock: PatientClock) -> None:
    call = answering(YOUNG, YOUNG, at=aws.calls.interrupted.set)
    with pytest.raises(AwsError, match=r"; interrupted$"):
        retry_while(aws, call, YOUNG_ROLE)
    assert clock.slept == 0


def test_what_the_client_does_not_repeat_is_repeated_here(aws: Aws, clock: PatientClock) -> None:
    errors = ["ThrottlingException: Rate exceeded", "InternalFailure: Oops."]
    assert retry_while(aws, answering(*errors, "done"), all_transient=True) == "done"
    assert clock.slept == 0.75
    with pytest.raises(ClientError):
        retry_while(aws, answering(*errors, "done"))


def test_an_answer_that_was_lost_is_asked_for_anew(aws: Aws) -> None:
    calls = [1]

    def call() -> str:
        if calls.pop():
            calls.append(0)
            raise ReadTimeoutError(endpoint_url="https://cloudtrail.example")
        return "done"

    assert retry_while(aws, call, all_transient=True) == "done"


def test_a_deletion_is_waited_for(aws: Aws, clock: PatientClock) -> None:
    left = iter([True, True, False])
    assert wait_until_gone(aws, lambda: next(left))
    assert clock.slept == 0.75


def test_a_deletion_that_lasts_is_told(aws: Aws, clock: PatientClock) -> None:
    assert not wait_until_gone(aws, lambda: True, within=60)
    assert 60 <= clock.slept < 68
