"""Watches executions: which changes to show, for how long, and why the watch ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Protocol

from sfn_s3_cli.aws.errors import is_transient
from sfn_s3_cli.executions.model import EndReason, Execution, WatchResult

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sfn_s3_cli.clock import Clock

LONGEST_PAUSE = timedelta(minutes=1)
FOREVER = timedelta(days=36_500)


class ExecutionSource(Protocol):
    """Gives the executions of a state machine."""

    def read_changes(self, since: datetime) -> Iterator[Execution]:
        """Reads every execution that came into its status after `since`, oldest first.

        A source gives each status of each execution once. A read may fail halfway with an error of
        AWS: then the next one gives the rest.
        """
        ...


@dataclass(frozen=True)
class WatchOptions:
    """What to show (all statuses if empty; `key` is a glob), and when to end."""

    since: datetime
    statuses: frozenset[str] = frozenset()
    key: str | None = None
    count: int | None = None
    timeout: timedelta | None = None
    until_idle: timedelta | None = None
    follow: bool = True
    interval: timedelta = timedelta(seconds=2)

    def includes(self, execution: Execution) -> bool:
        if self.statuses and execution.status not in self.statuses:
            return False
        if self.key is None:
            return True
        return execution.object is not None and fnmatchcase(execution.object.key, self.key)


@dataclass
class Watch:
    """Iterates over every change that the options include; `result` is set at the end."""

    source: ExecutionSource
    options: WatchOptions
    clock: Clock
    result: WatchResult = field(init=False)

    def __iter__(self) -> Iterator[Execution]:
        tally, clock = _Tally(self.options, last=self.clock.now()), self.clock
        reason = EndReason.TIMEOUT
        for event in _read_until_timeout(self.source, self.options, clock):
            if isinstance(event, Execution) and tally.add(event, clock.now()):
                yield event
            if end := tally.find_end(event, clock.now()):
                reason = end
                break
        wanted = self.options.count or (1 if reason is EndReason.TIMEOUT else 0)
        self.result = WatchResult(reason, tally.shown, tally.ended, tally.unsuccessful, wanted)


class _Read(Enum):
    """How one read of the source ended."""

    COMPLETE = auto()
    FAILED = auto()


def _read_until_timeout(
    source: ExecutionSource, options: WatchOptions, clock: Clock
) -> Iterator[Execution | _Read]:
    """Reads again and again. The last read begins at the timeout and may take one interval."""
    deadline = clock.now() + (FOREVER if options.timeout is None else options.timeout)
    pause, read = options.interval, None
    while True:
        try:
            for execution in source.read_changes(options.since):
                yield execution
                if clock.now() >= deadline + options.interval:
                    return
            read, pause = _Read.COMPLETE, options.interval
        except Exception as error:
            if not is_transient(error, worked_before=read is not None):
                raise
            read, pause = _Read.FAILED, min(2 * pause, LONGEST_PAUSE)
        yield read
        left = deadline - clock.now()
        if left <= timedelta(0):
            return
        clock.sleep(min(pause, left).total_seconds())


@dataclass
class _Tally:
    """Counts what a watch has shown so far."""

    options: WatchOptions
    last: datetime
    shown: int = 0
    ended: int = 0
    unsuccessful: int = 0
    running: set[str] = field(default_factory=set)

    def add(self, execution: Execution, now: datetime) -> bool:
        """Counts the execution and returns whether to show it."""
        self.running.discard(execution.arn)
        if not self.options.includes(execution):
            return False
        self.last = now
        self.shown += 1
        if not execution.has_ended:
            self.running.add(execution.arn)
        else:
            self.ended += 1
            self.unsuccessful += not execution.has_succeeded
        return True

    def find_end(self, event: Execution | _Read, now: datetime) -> EndReason | None:
        """Why the watch ends after this event; None if it goes on."""
        options = self.options
        if options.count is not None and self.ended >= options.count:
            return EndReason.COUNT
        if event is not _Read.COMPLETE:
            return None
        if not options.follow:
            return EndReason.ALL_SHOWN
        is_idle = options.until_idle is not None and now - self.last >= options.until_idle
        return EndReason.IDLE if is_idle and not self.running else None
