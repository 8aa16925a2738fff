"""Waiting until AWS agrees with itself: a new role, a bucket's policy, a deletion."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from sfn_s3_cli.aws.errors import code_of, in_words, message_of, passes
from sfn_s3_cli.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sfn_s3_cli.aws import Aws

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 8.0
JITTER = 0.2
WITHIN = 120.0


class Passing(NamedTuple):
    """An error that goes away by itself: its code, and a part of its message."""

    code: str
    message: str = ""
    awaited: str = ""
    """What is waited for, as the user is told at the first time; empty for what is short."""
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
    told = False
    for waited in _pauses(aws, within):
        try:
            return call()
        except (ClientError, BotoCoreError) as error:
            known = next((each for each in passing if each.matches(error)), None)
            if known is None and not (anew and passes(error, seen_before=True)):
                raise
            if waited is None:
                raise _given_up(aws, error, known, within) from error
            if known and known.awaited and not told:
                aws.tell(f"Waiting for {known.awaited}: {message_of(error)}")
                told = True
    raise AssertionError  # the last round returns or raises


def gone(aws: Aws, exists: Callable[[], bool], *, within: float = WITHIN) -> bool:
    """Waits until `exists` says no; False when it still says yes after `within` seconds."""
    return not all(exists() for _ in _pauses(aws, within))


def _pauses(aws: Aws, within: float) -> Iterator[float | None]:
    """Seconds waited so far, dense at first; None the last time. The pauses lie between them."""
    waited, pause = 0.0, FIRST_PAUSE
    while waited < within and not aws.interrupted.is_set():
        yield waited
        aws.pause(pause * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311  (no secret)
        waited, pause = waited + pause, min(2 * pause, LONGEST_PAUSE)
    yield None


def _given_up(aws: Aws, error: Exception, known: Passing | None, within: float) -> AwsError:
    why = "interrupted" if aws.interrupted.is_set() else f"given up after {within:.0f} seconds"
    return AwsError(f"{in_words(error)}; {why}", known.checklist if known else "")
