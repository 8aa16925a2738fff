"""Following executions: which changes are shown, how long, and why it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Protocol

from sfn_s3_cli.aws.errors import is_transient
from sfn_s3_cli.executions.model import Execution, Reason, Watched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sfn_s3_cli.clock import Clock

LONGEST_PAUSE = timedelta(minutes=1)
FOREVER = timedelta(days=36_500)


class Source(Protocol):
    """Where executions are seen."""

    def changes(self, since: datetime) -> Iterator[Execution]:
        """One look: every execution that came into its status after `since`, oldest first.

        Each status of each execution is given once in the life of the source. A look may break
        off with an error of AWS: then the next one gives the rest.
        """
        ...


@dataclass(frozen=True)
class Options:
    """What is shown (no `statuses`: all; `key` is a glob), and what ends the watch."""

    since: datetime
    statuses: frozenset[str] = frozenset()
    key: str | None = None
    count: int | None = None
    timeout: timedelta | None = None
    until_idle: timedelta | None = None
    follow: bool = True
    interval: timedelta = timedelta(seconds=2)

    def admit(self, execution: Execution) -> bool:
        if self.statuses and execution.status not in self.statuses:
            return False
        if self.key is None:
            return True
        return execution.object is not None and fnmatchcase(execution.object.key, self.key)


@dataclass
class Watch:
    """Iterates over every change that the options admit, when it is seen.

    When that has ended, `outcome` tells why, and how much was shown.
    """

    source: Source
    options: Options
    clock: Clock
    outcome: Watched = field(init=False)

    def __iter__(self) -> Iterator[Execution]:
        tally, clock = _Tally(self.options, last=self.clock.now()), self.clock
        reason = Reason.TIMEOUT
        for event in _looks(self.source, self.options, clock):
            if isinstance(event, Execution) and tally.add(event, clock.now()):
                yield event
            if over := tally.over(event, clock.now()):
                reason = over
                break
        wanted = self.options.count or (1 if reason is Reason.TIMEOUT else 0)
        self.outcome = Watched(reason, tally.shown, tally.ended, tally.unsuccessful, wanted)


class _Look(Enum):
    COMPLETE = auto()
    BROKEN_OFF = auto()


def _looks(source: Source, options: Options, clock: Clock) -> Iterator[Execution | _Look]:
    """Look after look until the timeout. The last begins then, and is given one interval."""
    deadline = clock.now() + (FOREVER if options.timeout is None else options.timeout)
    pause, look = options.interval, None
    while True:
        try:
            for execution in source.changes(options.since):
                yield execution
                if clock.now() >= deadline + options.interval:
                    return
            look, pause = _Look.COMPLETE, options.interval
        except Exception as error:
            if not is_transient(error, worked_before=look is not None):
                raise
            look, pause = _Look.BROKEN_OFF, min(2 * pause, LONGEST_PAUSE)
        yield look
        left = deadline - clock.now()
        if left <= timedelta(0):
            return
        clock.sleep(min(pause, left).total_seconds())


@dataclass
class _Tally:
    """What a watch has shown so far."""

    options: Options
    last: datetime
    shown: int = 0
    ended: int = 0
    unsuccessful: int = 0
    running: set[str] = field(default_factory=set)

    def add(self, execution: Execution, now: datetime) -> bool:
        """Whether it is to be shown; then it is counted."""
        self.running.discard(execution.arn)
        if not self.options.admit(execution):
            return False
        self.last = now
        self.shown += 1
        if not execution.ended:
            self.running.add(execution.arn)
        else:
            self.ended += 1
            self.unsuccessful += not execution.succeeded
        return True

    def over(self, event: Execution | _Look, now: datetime) -> Reason | None:
        """Why the watch ends with this event, if it does."""
        options = self.options
        if options.count is not None and self.ended >= options.count:
            return Reason.COUNT
        if event is not _Look.COMPLETE:
            return None
        if not options.follow:
            return Reason.ALL_SHOWN
        idle = options.until_idle is not None and now - self.last >= options.until_idle
        return Reason.IDLE if idle and not self.running else None
