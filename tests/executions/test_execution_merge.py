"""The once-only rule holds for any source: what is late, repeated, out of order or cut off."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest
from botocore.exceptions import ClientError
from error_responses import make_error
from executions.fake_step_functions import (
    MACHINE,
    FakeStepFunctions,
    Phase,
    lives,
    make_arn,
    make_input,
)
from fake_clock import FakeClock, at
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.clock import Quota
from sfn_s3_cli.executions.adaptive import AdaptiveSource
from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.executions.poll import Poller
from sfn_s3_cli.executions.quotas import Quotas
from sfn_s3_cli.executions.source import ExecutionSource, WatchOptions
from sfn_s3_cli.executions.watch import Merge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from types_boto3_stepfunctions import SFNClient

LONG_AGO = at(-1e6)
FEW = Quota(burst=2, per_second=0.1)

Change = tuple[str, str, int]


def make_execution(name: str, phases: Sequence[Phase], number: int) -> Execution:
    """The execution in its status of that number, as a record of a log shows it."""
    phase = phases[number]
    is_running = phase.status == "RUNNING"
    return Execution(
        arn=make_arn(name),
        name=name,
        status=phase.status,
        started=at(phase.since) if number == 0 else None,
        stopped=None if is_running else at(phase.since),
        redriven=at(phase.since) if is_running and phase.redrives else None,
        input=make_input(name) if number == 0 else None,
        redrive_count=phase.redrives,
    )


@dataclass
class FakeLog:
    """A source that shows every status, not only the latest, shuffled and perhaps repeatedly.

    Sometimes it fails: before its first answer, between two, or when it completes.
    """

    clock: FakeClock
    histories: dict[str, list[Phase]]
    chance: random.Random
    failure_rate: float = 0.0
    overlap: timedelta = timedelta(seconds=60)
    oldest_first: bool = False
    asked: list[str] = field(default_factory=list)

    def list_changes(self, since: datetime) -> Iterator[Execution]:
        self.asked.append("list")
        shown = [
            make_execution(name, phases, number)
            for name, phases in self.histories.items()
            for number, phase in enumerate(phases)
            if phase.visible <= self.clock.slept and at(phase.since) >= since
        ]
        shown += self.chance.sample(shown, len(shown) // 3)
        self.chance.shuffle(shown)
        for each in shown:
            self._perhaps_fail()
            yield each
        self._perhaps_fail()

    def complete(
        self, executions: Sequence[Execution], _options: WatchOptions
    ) -> Iterator[Execution]:
        for each in executions:
            self._perhaps_fail()
            yield replace(each, input=each.input or make_input(each.name))

    def _perhaps_fail(self) -> None:
        if self.chance.random() < self.failure_rate:
            raise make_error("ThrottlingException")


def watch(source: ExecutionSource, clock: FakeClock, until: float, interval: int) -> list[Change]:
    """Reads until that time; then until a read succeeds."""
    merge, given = Merge(source, WatchOptions(LONG_AGO)), list[Change]()
    while True:
        is_last, moments = clock.slept > until, []
        try:
            for each in merge.read():
                given.append((each.name, each.status, each.redrive_count))
                moments.append(each.status_since)
        except ClientError:
            is_last = False
        assert moments == sorted(moments)
        assert merge.waiting == 0 or not is_last
        if is_last:
            return given
        clock.sleep(interval)


def name_all(histories: list[list[Phase]]) -> dict[str, list[Phase]]:
    return {f"e{number}": phases for number, phases in enumerate(histories)}


def find_end(histories: list[list[Phase]]) -> float:
    return max((phase.visible for phases in histories for phase in phases), default=0.0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(lives(), max_size=15),
    st.integers(0, 1000),
    st.sampled_from([0.0, 0.05]),
    st.sampled_from([2, 7, 31]),
)
def test_records_in_any_order_come_exactly_once(
    histories: list[list[Phase]], seed: int, failures: float, interval: int
) -> None:
    """A status that becomes readable after a later one is left out."""
    clock, chance = FakeClock(), random.Random(seed)
    log = FakeLog(clock, name_all(histories), chance, failures)
    given = watch(log, clock, find_end(histories), interval)
    assert len(given) == len(set(given))
    for name, phases in log.histories.items():
        changes = [(status, redrives) for each, status, redrives in given if each == name]
        statuses = [(phase.status, phase.redrives) for phase in phases]
        assert changes == [each for each in statuses if each in changes]
        assert changes[-1:] == statuses[-1:]
        in_time = [
            (phase.status, phase.redrives)
            for phase, later in pairwise(phases)
            if later.visible - phase.visible > interval
        ]
        if not failures:
            assert set(in_time) <= set(changes)


@settings(max_examples=40, deadline=None)
@given(st.lists(lives(), min_size=3, max_size=15), st.integers(0, 1000))
def test_a_change_of_the_source_repeats_and_loses_nothing(
    histories: list[list[Phase]], seed: int
) -> None:
    """The quota is so small that polling is behind at the first read."""
    fake = FakeStepFunctions(FakeClock(), page_limit=3)
    fake.executions = {**name_all(histories)}
    poller = Poller(cast("SFNClient", fake), MACHINE, Quotas(*[FEW] * 3), fake.clock)
    log = FakeLog(fake.clock, name_all(histories), random.Random(seed))
    given = watch(AdaptiveSource(poller, log, fake.clock), fake.clock, find_end(histories), 5)
    assert len(given) == len(set(given))
    last = {
        (name, phases[-1].status, phases[-1].redrives)
        for name, phases in name_all(histories).items()
    }
    assert last <= set(given)


def make_busy(status: str = "RUNNING") -> tuple[FakeStepFunctions, Poller, FakeLog]:
    """Ten executions, with a quota for two descriptions."""
    fake = FakeStepFunctions(FakeClock())
    for number in range(10):
        fake.run(f"e{number}", number - 30, None if status == "RUNNING" else number - 20, status)
    quotas = Quotas(Quota(100, 100), FEW, Quota(100, 100))
    poller = Poller(cast("SFNClient", fake), MACHINE, quotas, fake.clock)
    histories = {name: [*phases] for name, phases in fake.executions.items()}
    return fake, poller, FakeLog(fake.clock, histories, random.Random(1))


def test_the_log_is_read_only_when_polling_is_behind() -> None:
    fake, poller, log = make_busy()
    source = AdaptiveSource(poller, log, fake.clock)
    merge = Merge(source, WatchOptions(LONG_AGO))
    assert sum(each.input is None for each in merge.read()) == 8
    assert log.asked == []
    for number in range(10, 20):
        fake.run(f"e{number}", number - 15)
        log.histories[f"e{number}"] = [*fake.executions[f"e{number}"]]
    fake.clock.sleep(5)
    assert all(each.input for each in merge.read())
    assert log.asked == ["list"]
    assert len(fake.described) == 2


def test_a_log_that_cannot_be_read_is_left_alone() -> None:
    fake, poller, log = make_busy()
    notes: list[str] = []
    source = AdaptiveSource(poller, log, fake.clock, notes.append)
    merge = Merge(source, WatchOptions(LONG_AGO))
    assert len(list(merge.read())) == 10

    def refuse(_since: datetime) -> Iterator[Execution]:
        log.asked.append("refused")
        raise make_error("AccessDeniedException")

    log.list_changes = refuse  # type: ignore[method-assign, assignment]
    fake.run("new", 0)
    assert [each.name for each in merge.read()] == ["new"]
    assert list(merge.read()) == []
    assert log.asked == ["refused"]
    assert notes == ["Note: objects are not read from the log: AccessDeniedException: No."]


def test_a_log_that_is_throttled_does_not_delay_the_list() -> None:
    """It is read again later."""
    fake, poller, log = make_busy()
    source = AdaptiveSource(poller, log, fake.clock)
    merge = Merge(source, WatchOptions(LONG_AGO))
    assert len(list(merge.read())) == 10
    read = log.list_changes

    def throttle(_since: datetime) -> Iterator[Execution]:
        log.asked.append("throttled")
        raise make_error("ThrottlingException")

    log.list_changes = throttle  # type: ignore[method-assign, assignment]
    for name in ("one", "two"):
        fake.run(name, fake.clock.slept)
        assert [each.name for each in merge.read()] == [name]
        fake.clock.sleep(10)
    assert log.asked == ["throttled"]
    log.list_changes = read  # type: ignore[method-assign]
    fake.clock.sleep(60)
    assert list(merge.read()) == []
    assert log.asked == ["throttled", "list"]


def test_a_bug_in_reading_the_log_is_not_hidden() -> None:
    fake, poller, log = make_busy()
    merge = Merge(AdaptiveSource(poller, log, fake.clock), WatchOptions(LONG_AGO))
    assert len(list(merge.read())) == 10

    def fail(_since: datetime) -> Iterator[Execution]:
        raise KeyError("oops")

    log.list_changes = fail  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyError, match="oops"):
        list(merge.read())
