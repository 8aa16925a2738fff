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
_NOT_READ = "the messages above say what kept AWS from answering in time"
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
    def has_failed(self) -> bool:
        """Whether it ended without success."""
        return self.has_ended and not self.has_succeeded

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


class LeftOut(NamedTuple):
    """An execution has ended in a status that is not shown; it does not run any more."""

    arn: str


class Retrying(NamedTuple):
    """A read failed with an error of AWS or of the network; the next one begins after a pause."""

    error: str
    pause: timedelta


class Behind(NamedTuple):
    """A read takes long: since `lag`, this many changes are known and wait to be shown.

    No change waits if AWS is still listing them. As the last event of a watch, it says that the
    timeout came before the read was complete.
    """

    lag: timedelta
    waiting: int


class ReadComplete(NamedTuple):
    """A read is complete: every change is shown that was readable when it began.

    `took` is how long it took, and so how far the watch is behind.
    """

    took: timedelta


WatchEvent: TypeAlias = "Execution | LeftOut | Retrying | Behind | ReadComplete"
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
    `unsuccessful` the ends in another status than SUCCEEDED. `running` is how many of the shown
    executions had not ended. `count` is the `count` of its options.
    """

    reason: EndReason
    shown: int = 0
    ended: int = 0
    unsuccessful: int = 0
    running: int = 0
    count: int | None = None
    until_idle: bool = False
    is_complete: bool = True
    """Whether everything was read that had changed before the end."""

    @property
    def shortfall(self) -> str:
        """What the watch waited for in vain; empty if it did not."""
        running = f"; {self.running} still running" if self.running else ""
        if self.count is not None and self.ended < self.count:
            return f"{self.ended} of {self.count} executions ended{running}"
        if self.reason is not EndReason.TIMEOUT:
            return ""
        if not self.is_complete:
            return (
                f"AWS was not read to the end within --timeout: {self.ended} ended so far{running}"
            )
        if not self.ended:
            return f"no execution ended within --timeout{running}"
        if self.until_idle:
            return f"not idle within --timeout: {self.ended} executions ended{running}"
        return ""

    def to_error(self, *, exit_status: bool, remedy: str = "") -> SfnctlError | None:
        """The error to exit with; ExecutionFailed only with `exit_status`.

        `remedy` is what to look at if nothing came.
        """
        failed = f"{self.unsuccessful} of {self.ended} executions failed"
        if exit_status and self.unsuccessful:
            return ExecutionFailed("; ".join(filter(None, (failed, self.shortfall))))
        if self.shortfall:
            failures = f"; {failed}" if self.unsuccessful else ""
            if not self.is_complete:
                remedy = _NOT_READ
            return NothingArrived(self.shortfall + failures, remedy or _NOTHING_UPLOADED)
        return None
