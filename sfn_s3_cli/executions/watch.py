"""Watches executions: which changes to show, for how long, and why the watch ended."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.aws.errors import is_transient, message_of
from sfn_s3_cli.executions.model import (
    Behind,
    EndReason,
    Execution,
    LeftOut,
    ReadComplete,
    Retrying,
    WatchEvent,
    WatchResult,
)
from sfn_s3_cli.executions.seen import SeenExecutions
from sfn_s3_cli.signals import TimeUp, time_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.clock import Clock
    from sfn_s3_cli.executions.source import ExecutionSource, WatchOptions

LONGEST_PAUSE = timedelta(minutes=1)
FOREVER, NONE = timedelta.max, timedelta(0)
BEHIND_AFTER = timedelta(seconds=10)
STEP = 100
BATCH = 200
"""So many changes are shown before the next are read, if the source gives the oldest first."""

MAX_FAILED = 10_000


@dataclass
class Watch:
    """Iterates over every change that the options include, each once, and over the reads.

    `result` is set at the end.
    """

    source: ExecutionSource
    options: WatchOptions
    clock: Clock
    result: WatchResult = field(init=False)

    def __iter__(self) -> Iterator[WatchEvent]:
        tally, clock = _Tally(self.options), self.clock
        reason, event = EndReason.TIMEOUT, None
        for event in self._read_until_timeout():
            if not isinstance(event, Execution) or tally.add(event, clock.now()):
                yield event
            elif event.has_ended:
                yield LeftOut(event.arn)
            if end := tally.find_end(event, clock.now()):
                reason = end
                break
        is_cut_off = reason is EndReason.TIMEOUT and not isinstance(event, ReadComplete)
        self.result = replace(tally.make_result(reason), is_complete=not is_cut_off)

    def _read_until_timeout(self) -> Iterator[WatchEvent]:
        """Reads again and again. The last read begins at the timeout and may take one interval."""
        clock, options = self.clock, self.options
        deadline = None if options.timeout is None else clock.now() + options.timeout
        merge, pause = Merge(self.source, options), options.interval
        while True:
            read = _Read(merge, clock, deadline + options.interval if deadline else None)
            try:
                yield from read
                if read.is_cut_off:
                    return
                pause = options.interval
                event: WatchEvent = ReadComplete(clock.now() - read.began)
            except Exception as error:
                # The command has called AWS before, to find the state machine.
                if not is_transient(error, worked_before=True):
                    raise
                pause = min(2 * pause, LONGEST_PAUSE)
                event = Retrying(message_of(error), min(pause, _left(deadline, clock)))
            yield event
            if (left := _left(deadline, clock)) == NONE:
                return
            clock.sleep(min(pause, left).total_seconds())


def _left(deadline: datetime | None, clock: Clock) -> timedelta:
    return FOREVER if deadline is None else max(deadline - clock.now(), NONE)


@dataclass
class _Read:
    """One read: iterates over its changes, and says when it takes long.

    Ends at the deadline, also if the source does not answer.
    """

    merge: Merge
    clock: Clock
    deadline: datetime | None
    began: datetime = field(init=False)
    is_cut_off: bool = False

    def __post_init__(self) -> None:
        self.began = self.clock.now()

    def __iter__(self) -> Iterator[Execution | Behind]:
        last_said = self.began
        for step in self._iterate_in_time():
            now = self.clock.now()
            if now - last_said >= BEHIND_AFTER:
                last_said = now
                yield Behind(now - self.began, self.merge.waiting + (step is not None))
            if step is not None:
                yield step
        if self.is_cut_off:
            yield Behind(self.clock.now() - self.began, self.merge.waiting)

    def _iterate_in_time(self) -> Iterator[Execution | None]:
        steps = self.merge.read_steps()
        while True:
            left = (self.deadline - self.clock.now()).total_seconds() if self.deadline else None
            self.is_cut_off = left is not None and left <= 0
            if self.is_cut_off:
                return
            try:
                with time_limit(left):
                    step = next(steps)
            except StopIteration:
                return
            except TimeUp:
                self.is_cut_off = True
                return
            yield step


class Merge:
    """The once-only rule: gives each status of each execution once, oldest first.

    The source repeats what changed lately, because a change may become readable late. The cutoff
    moves only after a complete read, so a read that fails halfway loses nothing.
    """

    def __init__(self, source: ExecutionSource, options: WatchOptions) -> None:
        self._source = source
        self._options = options
        self._cutoff = datetime.min.replace(tzinfo=UTC)
        self._seen = SeenExecutions()
        self.waiting = 0
        """How many changes are known and not given yet."""

    def read(self) -> Iterator[Execution]:
        """Every change since the last read, also those that the options leave out."""
        return (step for step in self.read_steps() if step is not None)

    def read_steps(self) -> Iterator[Execution | None]:
        """Like `read`, but also gives None now and then while the source is listing."""
        newest = self._cutoff
        news: dict[Any, Execution] = {}
        self.waiting = 0
        changes = self._source.list_changes(max(self._options.since, self._cutoff))
        for number, listed in enumerate(changes):
            newest = max(newest, listed.status_since - self._source.overlap)
            if self._seen.is_new(listed):
                news[listed.arn, listed.progress] = self._seen.fill_in(listed)
            if number % STEP == 0:
                yield None
            if self._source.oldest_first and len(news) >= BATCH:
                yield from self._complete(_sort(news))
                news = {}
        yield from self._complete(_sort(news))
        self._cutoff = newest
        self._seen.forget_before(self._cutoff)

    def _complete(self, news: list[Execution]) -> Iterator[Execution]:
        self.waiting = len(news)
        wanted = [each for each in news if self._options.may_include(each)]
        complete = self._source.complete(wanted, self._options)
        for listed in news:
            execution = next(complete) if self._options.may_include(listed) else listed
            self._seen.add(execution)
            self.waiting -= 1
            yield execution


def _sort(news: dict[Any, Execution]) -> list[Execution]:
    return sorted(news.values(), key=lambda each: each.status_since)


@dataclass
class _Tally:
    """Counts what a watch has shown so far."""

    options: WatchOptions
    last: datetime | None = None
    """When an execution last changed; idle time begins with the first one."""
    shown: int = 0
    ended: int = 0
    unsuccessful: int = 0
    running: set[str] = field(default_factory=set)
    failed: dict[str, None] = field(default_factory=dict)
    """The counted executions that ended without success; a redrive makes one run again."""

    def add(self, execution: Execution, now: datetime) -> bool:
        """Counts the execution and returns whether to show it."""
        self.running.discard(execution.arn)
        if not self.options.concerns(execution):
            return False
        self.last = now
        if execution.arn in self.failed:
            del self.failed[execution.arn]
            self.ended -= 1
            self.unsuccessful -= 1
        if not execution.has_ended:
            self.running.add(execution.arn)
        if not self.options.includes(execution):
            return False
        self.shown += 1
        if execution.has_ended:
            self.ended += 1
            if execution.has_failed:
                self._add_failure(execution.arn)
        return True

    def _add_failure(self, arn: str) -> None:
        self.unsuccessful += 1
        self.failed[arn] = None
        if len(self.failed) > MAX_FAILED:
            del self.failed[next(iter(self.failed))]

    def find_end(self, event: WatchEvent, now: datetime) -> EndReason | None:
        """Why the watch ends after this event; None if it goes on."""
        options = self.options
        if options.count is not None and self.ended >= options.count:
            return EndReason.COUNT
        if not isinstance(event, ReadComplete):
            return None
        if not options.follow:
            return EndReason.ALL_SHOWN
        if options.until_idle is None or self.last is None or self.running:
            return None
        return EndReason.IDLE if now - self.last >= options.until_idle else None

    def make_result(self, reason: EndReason) -> WatchResult:
        return WatchResult(
            reason=reason,
            shown=self.shown,
            ended=self.ended,
            unsuccessful=self.unsuccessful,
            running=len(self.running),
            count=self.options.count,
            until_idle=self.options.until_idle is not None,
        )
