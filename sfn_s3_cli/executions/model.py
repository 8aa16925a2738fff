"""One execution of a state machine at one moment of its life, and what came of watching many."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import ExecutionFailed, NothingArrived, SfnctlError

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sfn_s3_cli.events.s3_object import S3Object

ENDS = frozenset({"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"})


@dataclass(frozen=True, slots=True)
class Execution:
    """`input` is the text that AWS gives; None when AWS no longer has it. Times are aware.

    `redriven` is when the latest of its `redrive_count` redrives began.
    """

    arn: str
    name: str
    status: str
    started: datetime
    stopped: datetime | None = None
    object: S3Object | None = None
    input: str | None = None
    error: str | None = None
    cause: str | None = None
    redrive_count: int = 0
    redriven: datetime | None = None

    @property
    def ended(self) -> bool:
        return self.status in ENDS

    @property
    def succeeded(self) -> bool:
        return self.status == "SUCCEEDED"

    @property
    def duration(self) -> timedelta | None:
        """From the start to the end; None while it runs."""
        return self.stopped - self.started if self.ended and self.stopped else None

    @property
    def moment(self) -> datetime:
        """When it came into this status: what ListExecutions sorts by, the latest first."""
        if self.ended and self.stopped:
            return self.stopped
        return self.redriven or self.started

    @property
    def progress(self) -> tuple[int, bool]:
        """Grows with each change of status, and never shrinks."""
        return self.redrive_count, self.ended


class Reason(StrEnum):
    """Why a watch ended."""

    COUNT = auto()
    ALL_SHOWN = auto()
    IDLE = auto()
    TIMEOUT = auto()


@dataclass(frozen=True)
class Watched:
    """The last value of a watch: why it ended, and how much of what was shown.

    `shown` counts changes, `ended` and `unsuccessful` those of them that are the end of an
    execution; `wanted` is how many ends were waited for: as many as were asked for, else one when
    there was a timeout.
    """

    reason: Reason
    shown: int
    ended: int
    unsuccessful: int
    wanted: int

    @property
    def nothing_arrived(self) -> bool:
        """The watch was over before as many executions had ended as were waited for."""
        return self.ended < self.wanted

    def error(self, *, exit_status: bool) -> SfnctlError | None:
        """What to end with: ExecutionFailed only if asked for, None when all is well."""
        if exit_status and self.unsuccessful:
            return ExecutionFailed(f"{self.unsuccessful} of {self.ended} executions failed")
        if self.nothing_arrived:
            return NothingArrived(
                f"{self.ended} of {self.wanted} executions ended before the watch was over",
                "was an object uploaded, does its key match the trigger? See `sfnctl status`",
            )
        return None
