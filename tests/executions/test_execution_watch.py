"""A watch shows what its options admit, and says at its end why it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from executions.fake_step_functions import NOON, FakeClock, arn_of, at, refusal

from sfn_s3_cli.events.s3_object import S3Object
from sfn_s3_cli.executions.model import Execution, Reason, Watched
from sfn_s3_cli.executions.watch import Options, Watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def change(name: str, status: str = "SUCCEEDED", key: str | None = None) -> Execution:
    found = S3Object("acme", key, "PutObject", "", "s3") if key else None
    return Execution(arn_of(name), name, status, started=NOON, object=found)


RUNS, ENDS, FAILS = change("a", "RUNNING"), change("a"), change("b", "FAILED")
THROTTLED: Exception = refusal("ThrottlingException")

Look = list[Execution | Exception | int]


@dataclass
class Scripted:
    """A source that gives one list of changes after the other, then none; an error is raised.

    A number in a list is that many seconds which the look takes.
    """

    clock: FakeClock
    looks: list[Look]
    since: set[datetime] = field(default_factory=set)

    def changes(self, since: datetime) -> Iterator[Execution]:
        self.since.add(since)
        for step in self.looks.pop(0) if self.looks else []:
            match step:
                case Execution():
                    yield step
                case int():
                    self.clock.sleep(step)
                case error:
                    raise error


class Seen:
    """One watch from its beginning to its end."""

    def __init__(self, options: Options, *looks: Look) -> None:
        self.clock = FakeClock()
        self.source = Scripted(self.clock, list(looks))
        watch = Watch(self.source, options, self.clock)
        self.shown = list(watch)
        self.outcome = watch.outcome


def options(
    *,
    statuses: tuple[str, ...] = (),
    key: str | None = None,
    count: int | None = None,
    timeout: int | None = None,
    until_idle: int | None = None,
    follow: bool = True,
) -> Options:
    return Options(
        since=NOON,
        statuses=frozenset(statuses),
        key=key,
        count=count,
        timeout=None if timeout is None else timedelta(seconds=timeout),
        until_idle=None if until_idle is None else timedelta(seconds=until_idle),
        follow=follow,
    )


def test_without_following_one_look_is_shown() -> None:
    watched = Seen(options(follow=False), [RUNS, FAILS], [ENDS])
    assert watched.shown == [RUNS, FAILS]
    assert watched.outcome == Watched(Reason.ALL_SHOWN, shown=2, ended=1, unsuccessful=1, wanted=0)
    assert watched.source.since == {NOON}


def test_count_waits_for_executions_that_have_ended() -> None:
    watched = Seen(options(count=2), [RUNS], [], [ENDS, FAILS, change("c")])
    assert watched.shown == [RUNS, ENDS, FAILS]
    assert watched.outcome == Watched(Reason.COUNT, shown=3, ended=2, unsuccessful=1, wanted=2)
    assert watched.clock.sleeps == [2, 2]


def test_only_the_wanted_statuses_are_shown() -> None:
    watched = Seen(options(statuses=("FAILED", "ABORTED"), follow=False), [RUNS, ENDS, FAILS])
    assert watched.shown == [FAILS]


def test_the_key_is_a_glob_that_knows_upper_from_lower_case() -> None:
    keys = ["in/a.json", "in/a.JSON", "out/a.json", None]
    changes = [change(str(number), key=key) for number, key in enumerate(keys)]
    watched = Seen(options(key="in/*.json", follow=False), [*changes])
    assert watched.shown == changes[:1]


def test_the_timeout_ends_the_watch() -> None:
    watched = Seen(options(timeout=5), [RUNS])
    assert watched.outcome == Watched(Reason.TIMEOUT, shown=1, ended=0, unsuccessful=0, wanted=1)
    assert watched.clock.sleeps == [2, 2, 1]
    assert watched.outcome.nothing_arrived


@pytest.mark.parametrize(("count", "nothing_arrived"), [(None, False), (1, False), (2, True)])
def test_what_arrived_is_measured_by_what_was_waited_for(
    count: int | None, nothing_arrived: bool
) -> None:
    watched = Seen(options(count=count, timeout=5), [ENDS])
    assert watched.outcome.nothing_arrived is nothing_arrived


def test_what_came_at_the_last_moment_is_shown() -> None:
    watched = Seen(options(timeout=3), [], [], [ENDS, FAILS])
    assert watched.shown == [ENDS, FAILS]
    assert watched.outcome.reason is Reason.TIMEOUT


def test_a_look_without_end_is_cut_short_by_the_timeout() -> None:
    watched = Seen(options(timeout=10), [6, RUNS, 5, ENDS, 1, FAILS, 60, change("c")])
    assert watched.shown == [RUNS, ENDS, FAILS]
    assert watched.outcome.reason is Reason.TIMEOUT


def test_idle_is_when_nothing_is_new_and_nothing_runs() -> None:
    watched = Seen(options(until_idle=6), [RUNS], [], [], [], [], [ENDS])
    assert watched.shown == [RUNS, ENDS]
    assert watched.outcome.reason is Reason.IDLE
    assert watched.clock.seconds == 5 * 2 + 6


def test_an_end_that_is_not_shown_still_counts_as_no_longer_running() -> None:
    watched = Seen(options(statuses=("RUNNING",), until_idle=6), [RUNS], [ENDS])
    assert watched.shown == [RUNS]
    assert watched.outcome.reason is Reason.IDLE
    assert watched.clock.seconds == 6


def test_throttling_slows_the_watch_down_and_never_ends_it() -> None:
    looks: list[Look] = [[THROTTLED]] * 5
    watched = Seen(options(count=1), [RUNS, THROTTLED], *looks, [], [ENDS])
    assert watched.shown == [RUNS, ENDS]
    assert watched.clock.sleeps == [4, 8, 16, 32, 60, 60, 2]


def test_an_expired_page_token_does_not_end_the_watch() -> None:
    watched = Seen(options(count=1), [refusal("InvalidToken")], [ENDS])
    assert watched.shown == [ENDS]


def test_a_look_that_broke_off_has_not_shown_all_and_is_not_idle() -> None:
    assert Seen(options(follow=False), [THROTTLED], [ENDS]).shown == [ENDS]
    assert Seen(options(until_idle=1), [THROTTLED], [ENDS]).shown == [ENDS]


def test_throttling_does_not_outlast_the_timeout() -> None:
    looks: list[Look] = [[THROTTLED]] * 100
    watched = Seen(options(timeout=30), *looks)
    assert watched.outcome.reason is Reason.TIMEOUT
    assert watched.clock.now() == at(30)


def test_any_other_error_of_aws_ends_the_watch() -> None:
    with pytest.raises(ClientError, match="StateMachineDoesNotExist"):
        Seen(options(), [refusal("StateMachineDoesNotExist")])


def test_fewer_than_were_asked_for_is_nothing_arrived_however_the_watch_ended() -> None:
    assert Seen(options(count=2, follow=False), [ENDS]).outcome.nothing_arrived
    assert Seen(options(count=2, until_idle=1), [ENDS], []).outcome.nothing_arrived
    assert not Seen(options(until_idle=1), []).outcome.nothing_arrived


def test_a_timeout_of_nothing_is_one_look() -> None:
    assert Seen(options(timeout=0), [ENDS], [FAILS]).shown == [ENDS]
