"""Waiting until AWS agrees with itself: a new role, a bucket's policy, a deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from botocore.exceptions import ClientError

from sfn_s3_cli.aws.errors import code_of, message_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_s3_cli.clock import Clock

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 8.0


class Passing(NamedTuple):
    """An error that goes away by itself: its code, and a part of its message."""

    code: str
    message: str = ""

    def matches(self, error: ClientError) -> bool:
        return code_of(error) == self.code and self.message in message_of(error)


BUSY_BUCKET = Passing("OperationAborted", "conflicting conditional operation")
"""S3 refuses a second write to a bucket's settings while one is under way."""


def eventually(call: Callable[[], T], *passing: Passing, clock: Clock, within: float = 120.0) -> T:
    """What `call` gives, tried again while AWS answers with one of `passing`.

    A fault that lasts gives the same answers as one that passes, so after `within` seconds the
    last error is raised.
    """
    waited, pause = 0.0, FIRST_PAUSE
    while True:
        try:
            return call()
        except ClientError as error:
            if waited >= within or not any(each.matches(error) for each in passing):
                raise
        clock.sleep(pause)
        waited, pause = waited + pause, min(2 * pause, LONGEST_PAUSE)


def gone(exists: Callable[[], bool], *, clock: Clock, within: float = 120.0) -> bool:
    """Waits until `exists` says no; False when it still says yes after `within` seconds."""
    waited, pause = 0.0, FIRST_PAUSE
    while exists():
        if waited >= within:
            return False
        clock.sleep(pause)
        waited, pause = waited + pause, min(2 * pause, LONGEST_PAUSE)
    return True
