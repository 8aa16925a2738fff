"""Waits until AWS is consistent: after a new role, a change of a bucket's policy, a deletion."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from sfn_s3_cli.aws.errors import code_of, is_transient, message_of
from sfn_s3_cli.aws.explain import describe_error
from sfn_s3_cli.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_s3_cli.aws.client import Aws

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 8.0
JITTER = 0.2
WITHIN = 120.0
RIGHTS_SPREAD = 10.0
_SHORT = 1.0


class TransientError(NamedTuple):
    """An error that goes away by itself, recognised by its code and a part of its message."""

    code: str
    message: str = ""
    waiting_for: str = ""
    """Shown to the user when the wait begins; empty for waits that are usually short."""
    remedy: str = ""
    """What to check when the error stays: a permanent fault may cause the same error."""

    def matches(self, error: Exception) -> bool:
        return code_of(error) == self.code and self.message in message_of(error)


BUSY_BUCKET = TransientError("OperationAborted", "conflicting conditional operation")
"""S3 refuses a change of a bucket's settings while another one is in progress."""


def retry_while(
    aws: Aws,
    call: Callable[[], T],
    *expected: TransientError,
    within: float = WITHIN,
    all_transient: bool = False,
) -> T:
    """Returns the result of `call`, repeated while AWS answers with one of the `expected` errors.

    With `all_transient`, throttling and network errors are retried too: for calls through a client
    without retries. After `within` seconds, or when the command is interrupted, raises AwsError
    with the last error and its remedy.
    """
    backoff = _Backoff(aws, within)
    while True:
        try:
            return call()
        except (ClientError, BotoCoreError) as error:
            known = next((each for each in expected if each.matches(error)), None)
            if known is None and not (all_transient and is_transient(error, worked_before=True)):
                raise
            if backoff.is_over:
                raise _give_up(aws, error, known, within) from error
            backoff.pause((known and known.waiting_for) or "AWS", message_of(error))


def wait_while(aws: Aws, condition: Callable[[], bool], *, within: float = WITHIN) -> bool:
    """Waits until the condition is false; gives up with False after `within` seconds."""
    backoff = _Backoff(aws, within)
    while condition():
        if backoff.is_over:
            return False
        backoff.pause("AWS")
    return True


def wait_for_new_rights(aws: Aws) -> None:
    """Waits until the rights that this run added to a role are old enough for IAM to know them.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
    """
    if aws.rights_added is None or aws.is_local:
        return
    age = (aws.clock.now() - aws.rights_added).total_seconds()
    if age < RIGHTS_SPREAD:
        aws.notify("Waiting for IAM: the workflow's new rights take some seconds to spread")
        aws.pause(RIGHTS_SPREAD - age)
        aws.calls.raise_if_interrupted()


class _Backoff:
    """The pauses of one call: short at first, announced once, and limited in total."""

    def __init__(self, aws: Aws, within: float) -> None:
        self._aws = aws
        self._within = within
        self._began = aws.clock.now()
        self._paused, self._pause = 0.0, FIRST_PAUSE
        self._is_announced = False

    @property
    def is_over(self) -> bool:
        """Counts the time that the calls take, not only the pauses."""
        passed = (self._aws.clock.now() - self._began).total_seconds()
        return max(passed, self._paused) >= self._within or self._aws.calls.interrupted.is_set()

    def pause(self, waiting_for: str, message: str = "") -> None:
        """Waits, longer each time. A wait for just "AWS" is announced only when it gets long."""
        if not self._is_announced and (waiting_for != "AWS" or self._paused >= _SHORT):
            self._aws.notify(f"Waiting for {waiting_for}" + (f": {message}" if message else ""))
            self._is_announced = True
        self._aws.pause(self._pause * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311
        self._paused, self._pause = self._paused + self._pause, min(2 * self._pause, LONGEST_PAUSE)


def _give_up(aws: Aws, error: Exception, known: TransientError | None, within: float) -> AwsError:
    interrupted = aws.calls.interrupted.is_set()
    why = "interrupted" if interrupted else f"gave up after {within:.0f} seconds"
    return AwsError(f"{describe_error(error)}; {why}", known.remedy if known else "")
