"""Calls one operation within its quota, and more slowly while AWS throttles it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sfn_s3_cli.aws.errors import THROTTLED, code_of, is_transient
from sfn_s3_cli.clock import TokenBucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_s3_cli.clock import Clock, Quota

T = TypeVar("T")

_ATTEMPTS = 5


class LimitedCall:
    """Makes the calls of one operation. Safe to use from many threads.

    For a client without retries: botocore's are as fast as its own rules allow, and nobody sees
    them. Here each retry counts for the quota, like any other call.
    """

    def __init__(self, quota: Quota, clock: Clock) -> None:
        self.bucket = TokenBucket(quota, clock)

    def __call__(self, request: Callable[[], T], *, is_taken: bool = False) -> T:
        """Returns the answer. With `is_taken`, the caller has taken a call from the bucket.

        Tries a second time after a network error, since connections that were idle get lost, and
        up to five times after throttling.
        """
        errors: list[bool] = []
        while True:
            if errors or not is_taken:
                self.bucket.take()
            try:
                answer = request()
            except Exception as error:
                is_throttled = code_of(error) in THROTTLED
                if is_throttled:
                    self.bucket.slow_down()
                elif errors or not _may_pass(error):
                    raise
                errors.append(is_throttled)
                if len(errors) == _ATTEMPTS:
                    raise
                continue
            self.bucket.speed_up()
            return answer


def _may_pass(error: Exception) -> bool:
    """Whether the very same request may succeed immediately; not with an expired page token."""
    return is_transient(error, worked_before=True) and code_of(error) != "InvalidToken"
