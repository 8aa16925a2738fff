"""A watch shows what its options include, and says why it ended."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from error_responses import make_error
from executions.fake_step_functions import make_arn
from fake_clock import NOON, FakeClock, at

from sfn_s3_cli.clock import SystemClock
from sfn_s3_cli.errors import ExecutionFailed, NothingArrived
from sfn_s3_cli.events.s3_object import S3Object
from sfn_s3_cli.executions.model import (
    Behind,
    EndReason,
    Execution,
    LeftOut,
    ReadComplete,
    WatchResult,
)
from sfn_s3_cli.executions.source import Upload, WatchOptions
from sfn_s3_cli.executions.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime


def change(name: str, status: str = "SUCCEEDED", key: str | None = None) -> Execution:
    found = S3Object("acme", key, "PutObject", "", "s3") if key else None
    return Execution(make_arn(name), name, status, started=NOON, object=found)


RUNS, ENDS, FAILS = change("a", "RUNNING"), change("a"), change("b", "FAILED")
THROTTLED: Exception = make_error("ThrottlingException")

Read = list[Execution | Exception | int]


LOST = change("lost", "RUNNING")


@dataclass
class FakeSource:
    """A source whose reads are given: executions, errors, and numbers of seconds that pass."""

    clock: FakeClock
    reads: list[Read]
    since: set[datetime] = field(default_factory=set)
    overlap: timedelta = timedelta(days=1)
    oldest_first: bool = False
    read: Read = field(default_factory=list)

    def list_changes(self, since: datetime) -> list[Execution]:
        self.since.add(since)
        self.read = self.reads.pop(0) if self.reads else []
        listed = (LOST if isinstance(step, Exception) else step for step in self.read)
        return [step for step in listed if isinstance(step, Execution)]

    def complete(
        self, executions: Sequence[Execution], _options: WatchOptions
    ) -> Iterator[Execution]:
        for step in self.read:
            match step:
                case Execution():
                    if step in executions:
                        yield step
                case int():
                    self.clock.sleep(step)
                case error:
                    raise error


class EndedWatch:
    """A watch that has ended."""

    def __init__(self, options: WatchOptions, *reads: Read) -> None:
        self.clock = FakeClock()
        self.source = FakeSource(self.clock, list(reads))
        watch = Watch(self.source, options, self.clock)
        self.shown = [event for event in watch if isinstance(event, Execution)]
        self.result = watch.result


def options(
    *,
    statuses: tuple[str, ...] = (),
    key: str | None = None,
    count: int | None = None,
    timeout: int | None = None,
    until_idle: int | None = None,
    follow: bool = True,
) -> WatchOptions:
    return WatchOptions(
        since=NOON,
        statuses=frozenset(statuses),
        key=key,
        count=count,
        timeout=None if timeout is None else timedelta(seconds=timeout),
        until_idle=None if until_idle is None else timedelta(seconds=until_idle),
        follow=follow,
    )


def test_without_following_the_source_is_read_once() -> None:
    watch = EndedWatch(options(follow=False), [RUNS, FAILS], [ENDS])
    assert watch.shown == [RUNS, FAILS]
    assert watch.result == WatchResult(
        EndReason.ALL_SHOWN, shown=2, ended=1, unsuccessful=1, running=1
    )
    assert watch.source.since == {NOON}


def test_count_waits_for_executions_that_end() -> None:
    watch = EndedWatch(options(count=2), [RUNS], [], [ENDS, FAILS, change("c")])
    assert watch.shown == [RUNS, ENDS, FAILS]
    assert watch.result == WatchResult(EndReason.COUNT, shown=3, ended=2, unsuccessful=1, count=2)
    assert watch.clock.sleeps == [2, 2]


def test_only_the_chosen_statuses_are_shown() -> None:
    watch = EndedWatch(options(statuses=("FAILED", "ABORTED"), follow=False), [RUNS, ENDS, FAILS])
    assert watch.shown == [FAILS]


def test_the_key_is_a_case_sensitive_glob() -> None:
    keys = ["in/a.json", "in/a.JSON", "out/a.json", None]
    changes = [change(str(number), key=key) for number, key in enumerate(keys)]
    watch = EndedWatch(options(key="in/*.json", follow=False), [*changes])
    assert watch.shown == changes[:1]


def test_the_timeout_ends_the_watch() -> None:
    watch = EndedWatch(options(timeout=5), [RUNS])
    assert watch.result == WatchResult(
        EndReason.TIMEOUT, shown=1, ended=0, unsuccessful=0, running=1
    )
    assert watch.clock.sleeps == [2, 2, 1]
    assert watch.result.shortfall == "no execution ended within --timeout; 1 still running"


@pytest.mark.parametrize(
    ("count", "shortfall"), [(None, ""), (1, ""), (2, "1 of 2 executions ended")]
)
def test_fewer_ends_than_count_are_a_shortfall(count: int | None, shortfall: str) -> None:
    watch = EndedWatch(options(count=count, timeout=5), [ENDS])
    assert watch.result.shortfall == shortfall


def test_changes_at_the_timeout_are_shown() -> None:
    watch = EndedWatch(options(timeout=3), [], [], [ENDS, FAILS])
    assert watch.shown == [ENDS, FAILS]
    assert watch.result.reason is EndReason.TIMEOUT


def test_the_timeout_cuts_an_endless_read() -> None:
    watch = EndedWatch(options(timeout=10), [6, RUNS, 5, ENDS, 1, FAILS, 60, change("c")])
    assert watch.shown == [RUNS, ENDS, FAILS]
    assert watch.result.reason is EndReason.TIMEOUT


def test_a_watch_is_idle_when_nothing_is_new_or_running() -> None:
    watch = EndedWatch(options(until_idle=6), [RUNS], [], [], [], [], [ENDS])
    assert watch.shown == [RUNS, ENDS]
    assert watch.result.reason is EndReason.IDLE
    assert watch.clock.slept == 5 * 2 + 6


def test_executions_that_end_unseen_are_not_running() -> None:
    watch = EndedWatch(options(statuses=("RUNNING",), until_idle=6), [RUNS], [ENDS])
    assert watch.shown == [RUNS]
    assert watch.result.reason is EndReason.IDLE
    assert watch.clock.slept == 2 + 6, "its end is activity, too"


def test_an_end_that_is_left_out_is_still_said() -> None:
    """Otherwise a view would go on to show that the execution runs."""
    watch = Watch(
        FakeSource(FakeClock(), [[RUNS], [ENDS]]), options(statuses=("RUNNING",)), FakeClock()
    )
    events = iter(watch)
    assert [next(events) for _ in range(3)] == [RUNS, ReadComplete(timedelta(0)), LeftOut(RUNS.arn)]


def test_throttling_slows_the_watch_but_does_not_end_it() -> None:
    reads: list[Read] = [[THROTTLED]] * 5
    watch = EndedWatch(options(count=1), [RUNS, THROTTLED], *reads, [], [ENDS])
    assert watch.shown == [RUNS, ENDS]
    assert watch.clock.sleeps == [4, 8, 16, 32, 60, 60, 2]


def test_an_expired_page_token_does_not_end_the_watch() -> None:
    watch = EndedWatch(options(count=1), [make_error("InvalidToken")], [ENDS])
    assert watch.shown == [ENDS]


def test_a_failed_read_does_not_end_the_watch() -> None:
    assert EndedWatch(options(follow=False), [THROTTLED], [ENDS]).shown == [ENDS]
    assert EndedWatch(options(until_idle=1), [THROTTLED], [ENDS]).shown == [ENDS]


def test_throttling_does_not_outlast_the_timeout() -> None:
    reads: list[Read] = [[THROTTLED]] * 100
    watch = EndedWatch(options(timeout=30), *reads)
    assert watch.result.reason is EndReason.TIMEOUT
    assert watch.clock.now() == at(30)


def test_network_loss_at_the_first_read_does_not_end_the_watch() -> None:
    lost = EndpointConnectionError(endpoint_url="https://states.example")
    watch = EndedWatch(options(count=1), [lost], [lost], [ENDS])
    assert watch.shown == [ENDS]
    assert watch.clock.sleeps == [4, 8]


@pytest.mark.parametrize("end", ["SUCCEEDED", "FAILED"])
@pytest.mark.parametrize("is_seen", [True, False])
def test_a_redriven_execution_counts_once(end: str, *, is_seen: bool) -> None:
    """Also if it ends again before it was seen running."""
    reads: list[Read] = [[FAILS], [replace(FAILS, status="RUNNING", redrive_count=1)]]
    again = replace(FAILS, status=end, redrive_count=1)
    watch = EndedWatch(options(count=2), *reads[: 1 + is_seen], [again], [], [ENDS])
    assert watch.shown[-1] == ENDS
    assert (watch.result.ended, watch.result.unsuccessful) == (2, int(end == "FAILED"))


def test_an_older_upload_of_the_object_does_not_count() -> None:
    """Versions decide if both are known, or else ETags."""
    plain = S3Object("acme", "k", "PutObject", "", "s3")
    old = replace(plain, etag="1", version_id="v1")
    new = replace(plain, etag="2", version_id="v2")
    for upload, found, is_shown in [
        (Upload("2", "v2"), new, True),
        (Upload("2", "v2"), old, False),
        (Upload("2", "v2"), replace(new, etag="1"), True),
        (Upload("2", "v2"), replace(new, etag="2", version_id="v1"), False),
        (Upload("2"), new, True),
        (Upload("2"), old, False),
        (Upload("2", "v2"), plain, True),
    ]:
        chosen = WatchOptions(NOON, object_key="k", upload=upload)
        assert chosen.includes(replace(ENDS, object=found)) is is_shown


def test_any_other_error_of_aws_ends_the_watch() -> None:
    with pytest.raises(ClientError, match="StateMachineDoesNotExist"):
        EndedWatch(options(), [make_error("StateMachineDoesNotExist")])


def test_the_count_decides_if_an_idle_watch_fell_short() -> None:
    assert EndedWatch(options(count=2, follow=False), [ENDS]).result.shortfall
    assert EndedWatch(options(count=2, until_idle=1), [ENDS], []).result.shortfall
    assert not EndedWatch(options(until_idle=1), [ENDS], []).result.shortfall


def test_idle_time_begins_with_the_first_execution() -> None:
    nothing = EndedWatch(options(until_idle=1, timeout=60)).result
    assert (nothing.reason, nothing.shortfall) == (
        EndReason.TIMEOUT,
        "no execution ended within --timeout",
    )
    late = EndedWatch(options(until_idle=2, timeout=60), [], [], [], [ENDS], [], [])
    assert (late.result.reason, late.clock.slept) == (EndReason.IDLE, 4 * 2)


def test_a_batch_that_is_not_done_is_a_shortfall() -> None:
    result = EndedWatch(options(until_idle=30, timeout=10), [change("c", "RUNNING"), ENDS]).result
    assert result.shortfall == "not idle within --timeout: 1 executions ended; 1 still running"


def test_status_filter_does_not_hide_that_executions_run() -> None:
    """A watch for failures is not idle while executions run that may still fail."""
    fails = change("a", "FAILED")
    chosen = options(statuses=("FAILED",), until_idle=4, timeout=60)
    watch = EndedWatch(chosen, [RUNS], [], [], [], [], [fails])
    assert watch.shown == [fails]
    assert watch.result.reason is EndReason.IDLE


def test_failures_and_what_is_missing_are_both_said() -> None:
    result = EndedWatch(options(count=3, timeout=5), [ENDS, FAILS]).result
    failed = result.to_error(exit_status=True)
    assert isinstance(failed, ExecutionFailed)
    assert failed.message == "1 of 2 executions failed; 2 of 3 executions ended"
    missing = result.to_error(exit_status=False)
    assert isinstance(missing, NothingArrived)
    assert missing.message == "2 of 3 executions ended; 1 of 2 executions failed"


def test_executions_that_started_earlier_are_left_out() -> None:
    early, late = (
        replace(change(name), started=at(started), stopped=at(9))
        for name, started in (("early", -1), ("late", 0))
    )
    chosen = replace(options(count=2, timeout=5), started_since=NOON)
    watch = EndedWatch(chosen, [early, late])
    assert watch.shown == [late]
    assert watch.result.shortfall == "1 of 2 executions ended"


def test_object_key_is_literal() -> None:
    keys = ["a[1] b+c%20\u00e9.json", "a1 b+c%20\u00e9.json", None]
    changes = [change(str(number), key=key) for number, key in enumerate(keys)]
    chosen = replace(options(follow=False), object_key=keys[0])
    assert EndedWatch(chosen, [*changes]).shown == changes[:1]


def test_a_timeout_of_zero_reads_once() -> None:
    assert EndedWatch(options(timeout=0), [ENDS], [FAILS]).shown == [ENDS]


def test_a_long_read_says_how_far_it_is_behind() -> None:
    clock = FakeClock()
    steps: Read = [4, RUNS, 8, ENDS, 5, FAILS, 7, change("c")]
    events = list(Watch(FakeSource(clock, [steps]), options(follow=False), clock))
    assert [event for event in events if not isinstance(event, Execution)] == [
        Behind(timedelta(seconds=12), waiting=3),
        Behind(timedelta(seconds=24), waiting=1),
        ReadComplete(timedelta(seconds=24)),
    ]


def test_a_read_that_is_cut_off_says_what_it_leaves_out() -> None:
    clock = FakeClock()
    steps: Read = [RUNS, 15, ENDS, FAILS, change("c")]
    watch = Watch(FakeSource(clock, [steps]), options(timeout=10), clock)
    events = list(watch)
    assert events[-1] == Behind(timedelta(seconds=15), waiting=2)
    assert (watch.result.reason, watch.result.shown) == (EndReason.TIMEOUT, 2)
    error = watch.result.to_error(exit_status=True)
    assert isinstance(error, NothingArrived), "what was not read may have failed"
    assert error.message == "AWS was not read to the end within --timeout: 1 ended so far"


def test_a_watch_that_cannot_read_at_its_end_is_incomplete() -> None:
    reads: list[Read] = [[THROTTLED]] * 9
    watch = EndedWatch(options(timeout=30), [ENDS], *reads)
    assert watch.result.shortfall == "AWS was not read to the end within --timeout: 1 ended so far"
    assert not EndedWatch(options(timeout=30), [THROTTLED], [ENDS]).result.shortfall


class SilentSource(FakeSource):
    """AWS accepts the call, and never answers."""

    def list_changes(self, since: datetime) -> list[Execution]:
        threading.Event().wait(60)
        raise AssertionError(since)


def test_a_source_that_never_answers_ends_in_time() -> None:
    limits = replace(options(timeout=0), interval=timedelta(seconds=0.05))
    watch = Watch(SilentSource(FakeClock(), []), limits, SystemClock())
    [event] = watch
    assert isinstance(event, Behind)
    assert event.waiting == 0
    assert watch.result.reason is EndReason.TIMEOUT
