"""An execution at one moment of its life, and the result of watching many."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sfn_s3_cli.errors import ExecutionFailed, NothingArrived, SfnctlError

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sfn_s3_cli.events.s3_object import S3Object

_NOTHING_UPLOADED = (
    "was an object uploaded, and does its key match the trigger? See `sfnctl status`"
)
ENDS = frozenset({"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"})


@dataclass(frozen=True, slots=True)
class Execution:
    """An execution at one moment. Times are in UTC.

    `input` is text as AWS returns it; None if it was not read, or AWS no longer has it. Only with
    an input it is known whether an S3 object started the execution. `started` is None if the log
    shows only the end. `redriven` is when the latest of its `redrive_count` redrives began.
    `failed_state` is the name of the state that failed.
    """

    arn: str
    name: str
    status: str
    started: datetime | None
    stopped: datetime | None = None
    object: S3Object | None = None
    input: str | None = None
    error: str | None = None
    cause: str | None = None
    failed_state: str | None = None
    redrive_count: int = 0
    redriven: datetime | None = None

    @property
    def has_ended(self) -> bool:
        return self.status in ENDS

    @property
    def has_succeeded(self) -> bool:
        return self.status == "SUCCEEDED"

    @property
    def duration(self) -> timedelta | None:
        """The time from start to end; None while it runs."""
        if self.has_ended and self.started and self.stopped:
            return self.stopped - self.started
        return None

    @property
    def status_since(self) -> datetime:
        """When it came into its status: ListExecutions sorts by this, the latest first."""
        moment = self.stopped if self.has_ended else self.redriven
        moment = moment or self.started
        if moment is None:
            raise ValueError(f"no time is known of {self.arn}")
        return moment

    @property
    def progress(self) -> tuple[int, bool]:
        """Grows with each change of status, and never shrinks."""
        return self.redrive_count, self.has_ended


class Retrying(NamedTuple):
    """A read failed with an error of AWS or of the network; the next one begins after a pause."""

    error: str
    pause: timedelta


class ReadComplete(NamedTuple):
    """A read is complete: every change is shown that was readable when it began.

    `took` is how long it took, and so how far the watch is behind.
    """

    took: timedelta


WatchEvent: TypeAlias = "Execution | Retrying | ReadComplete"
"""What a watch gives: an execution that has changed, or how reading goes."""


class EndReason(StrEnum):
    """Why a watch ended."""

    COUNT = auto()
    ALL_SHOWN = auto()
    IDLE = auto()
    TIMEOUT = auto()


@dataclass(frozen=True)
class WatchResult:
    """Why a watch ended, and what it has shown.

    `shown` counts changes of status. `ended` counts those that were the end of an execution, and
    `unsuccessful` the ends in another status than SUCCEEDED. `wanted` is how many ends the watch
    waited for: `--count`, else one if the timeout ended the watch.
    """

    reason: EndReason
    shown: int
    ended: int
    unsuccessful: int
    wanted: int

    @property
    def is_incomplete(self) -> bool:
        """Whether fewer executions ended than the watch waited for."""
        return self.ended < self.wanted

    def to_error(self, *, exit_status: bool, disabled: str = "") -> SfnctlError | None:
        """The error to exit with; ExecutionFailed only with `exit_status`.

        `disabled` says that the trigger is, if it is.
        """
        if exit_status and self.unsuccessful:
            return ExecutionFailed(f"{self.unsuccessful} of {self.ended} executions failed")
        if self.is_incomplete:
            return NothingArrived(
                f"{self.ended} of {self.wanted} executions ended during the watch",
                disabled or _NOTHING_UPLOADED,
            )
        return None
