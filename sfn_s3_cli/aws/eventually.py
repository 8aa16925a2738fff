"""Waiting until AWS agrees with itself: a new role, a bucket's policy, a deletion."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from sfn_s3_cli.aws.errors import code_of, in_words, message_of, passes
from sfn_s3_cli.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_s3_cli.aws.client import Aws

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 8.0
JITTER = 0.2
WITHIN = 120.0
_SHORT = 1.0


class Passing(NamedTuple):
    """An error that goes away by itself: its code, and a part of its message."""

    code: str
    message: str = ""
    awaited: str = ""
    """What is waited for, as the user is told at once; empty for what is mostly short."""
    checklist: str = ""
    """What to look at when it does not go away: a lasting fault may give the same error."""

    def matches(self, error: Exception) -> bool:
        return code_of(error) == self.code and self.message in message_of(error)


BUSY_BUCKET = Passing("OperationAborted", "conflicting conditional operation")
"""S3 refuses a second write to a bucket's settings while one is under way."""


def eventually(
    aws: Aws,
    call: Callable[[], T],
    *passing: Passing,
    within: float = WITHIN,
    anew: bool = False,
) -> T:
    """What `call` gives, tried again while AWS answers with one of `passing`.

    `anew` is for a call that AWS's client does not repeat by itself: throttling and trouble on the
    way are waited out as well. After `within` seconds, or when the command is interrupted,
    AwsError tells the last error with the checklist.
    """
    patience = _Patience(aws, within)
    while True:
        try:
            return call()
        except (ClientError, BotoCoreError) as error:
            known = next((each for each in passing if each.matches(error)), None)
            if known is None and not (anew and passes(error, seen_before=True)):
                raise
            if patience.is_over:
                raise _given_up(aws, error, known, within) from error
            patience.pause((known and known.awaited) or "AWS", message_of(error))


def gone(
    aws: Aws, exists: Callable[[], bool], *, awaited: str = "AWS", within: float = WITHIN
) -> bool:
    """Waits until `exists` says no; False when it still says yes after `within` seconds."""
    patience = _Patience(aws, within)
    while exists():
        if patience.is_over:
            return False
        patience.pause(awaited)
    return True


class _Patience:
    """The waiting of one call: dense at first, told once, and not for ever."""

    def __init__(self, aws: Aws, within: float) -> None:
        self._aws = aws
        self._within = within
        self._began = aws.clock.now()
        self._paused, self._pause = 0.0, FIRST_PAUSE
        self._told = False

    @property
    def is_over(self) -> bool:
        """Also the answers take time, not the pauses alone."""
        passed = (self._aws.clock.now() - self._began).total_seconds()
        return max(passed, self._paused) >= self._within or self._aws.calls.interrupted.is_set()

    def pause(self, awaited: str, message: str = "") -> None:
        """Lets some time pass. What has no name is told when it is no longer short."""
        if not self._told and (awaited != "AWS" or self._paused >= _SHORT):
            self._aws.tell(f"Waiting for {awaited}" + (f": {message}" if message else ""))
            self._told = True
        self._aws.pause(self._pause * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311
        self._paused, self._pause = self._paused + self._pause, min(2 * self._pause, LONGEST_PAUSE)


def _given_up(aws: Aws, error: Exception, known: Passing | None, within: float) -> AwsError:
    why = (
        "interrupted" if aws.calls.interrupted.is_set() else f"given up after {within:.0f} seconds"
    )
    return AwsError(f"{in_words(error)}; {why}", known.checklist if known else "")
