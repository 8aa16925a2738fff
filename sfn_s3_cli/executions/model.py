"""One execution of a state machine, as it is at one moment of its life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sfn_s3_cli.objects import S3Object

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
