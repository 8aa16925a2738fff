"""Polling gives each status of each execution once, oldest first, with few calls."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from error_responses import make_error
from executions.fake_step_functions import MACHINE, FakeStepFunctions, Phase, make_arn, make_input
from fake_clock import FakeClock, at
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from sfn_s3_cli.clock import Quota, SystemClock
from sfn_s3_cli.events.s3_object import S3Object
from sfn_s3_cli.executions import seen
from sfn_s3_cli.executions.model import ENDS, Execution
from sfn_s3_cli.executions.poll import Poller, Quotas, find_quotas
from sfn_s3_cli.executions.source import WatchOptions
from sfn_s3_cli.executions.watch import Merge

if TYPE_CHECKING:
    from datetime import datetime

    from types_boto3_stepfunctions import SFNClient

UNLIMITED = Quotas(Quota(1e9, 1e9), Quota(1e9, 1e9))
LONG_AGO = at(-1e6)


def poll(
    fake: FakeStepFunctions,
    quotas: Quotas = UNLIMITED,
    statuses: frozenset[str] = frozenset(),
    since: datetime = LONG_AGO,
) -> Merge:
    poller = Poller(cast("SFNClient", fake), MACHINE, quotas, fake.clock)
    return Merge(poller, WatchOptions(since, statuses=statuses))


def read(merge: Merge) -> list[tuple[str, str]]:
    return [(each.name, each.status) for each in merge.read()]


@pytest.fixture
def fake() -> FakeStepFunctions:
    return FakeStepFunctions(FakeClock())


def test_an_execution_has_the_object_of_its_input(fake: FakeStepFunctions) -> None:
    fake.run("a.json", -3, -1)
    assert list(poll(fake).read()) == [
        Execution(
            arn=make_arn("a.json"),
            name="a.json",
            status="SUCCEEDED",
            started=at(-3),
            stopped=at(-1),
            object=S3Object("acme", "a.json", "PutObject", "2026-01-02T12:00:00Z", "s3"),
            input=make_input("a.json"),
        )
    ]


def test_a_running_execution_comes_again_when_it_ends(fake: FakeStepFunctions) -> None:
    fake.run("a", 0, 10)
    merge = poll(fake)
    assert read(merge) == [("a", "RUNNING")]
    assert read(merge) == []
    fake.clock.sleep(300)
    [ended] = merge.read()
    assert (ended.status, ended.stopped, ended.input) == ("SUCCEEDED", at(10), make_input("a"))
    assert read(merge) == []
    assert fake.described == ["a"]


def test_a_failure_has_error_and_cause(fake: FakeStepFunctions) -> None:
    fake.run("a", 0, 10, "FAILED")
    merge = poll(fake)
    read(merge)
    fake.clock.sleep(20)
    [failed] = merge.read()
    assert (failed.error, failed.cause) == ("States.TaskFailed", "no such table")
    assert failed.object
    assert fake.described == ["a", "a"]


def test_executions_that_ended_before_since_are_left_out(fake: FakeStepFunctions) -> None:
    fake.run("old", -100, -50)
    fake.run("long", -100, -10)
    fake.run("new", -5)
    given = [each.name for each in poll(fake, since=at(-20)).read()]
    assert given == ["long", "new"]


def test_a_redriven_execution_comes_again(fake: FakeStepFunctions) -> None:
    fake.executions["a"] = [
        Phase("RUNNING", 0, 0),
        Phase("FAILED", 5, 5),
        Phase("RUNNING", 10, 10, 1),
        Phase("FAILED", 15, 15, 1),
        Phase("RUNNING", 20, 20, 2),
        Phase("SUCCEEDED", 25, 25, 2),
    ]
    merge = poll(fake)
    changes = []
    for _ in range(8):
        changes += [(each.status, each.redrive_count) for each in merge.read()]
        fake.clock.sleep(5)
    statuses = [(phase.status, phase.redrives) for phase in fake.executions["a"]]
    assert changes == statuses


def test_a_stale_list_does_not_show_an_end_twice(
    fake: FakeStepFunctions,
) -> None:
    fake.run("a", -3, -1)
    merge = poll(fake)
    assert read(merge) == [("a", "SUCCEEDED")]
    fake.run("a", -3)
    assert read(merge) == []


def test_a_deleted_execution_has_no_input(
    fake: FakeStepFunctions,
) -> None:
    fake.run("a", -3, -1)
    fake.forgotten.add("a")
    [gone] = poll(fake).read()
    assert (gone.name, gone.status, gone.object, gone.input) == ("a", "SUCCEEDED", None, None)


def test_an_execution_deleted_while_running_has_its_object(fake: FakeStepFunctions) -> None:
    fake.run("a", 0, 10, "FAILED")
    merge = poll(fake)
    read(merge)
    fake.clock.sleep(20)
    fake.forgotten.add("a")
    [gone] = merge.read()
    assert gone.object
    assert (gone.status, gone.object.key, gone.error) == ("FAILED", "a", None)


def test_only_executions_of_chosen_statuses_are_described(fake: FakeStepFunctions) -> None:
    fake.run("a", 0, 10)
    fake.run("b", 1, 11, "FAILED")
    merge = poll(fake, statuses=frozenset({"FAILED"}))
    fake.clock.sleep(5)
    assert read(merge) == [("a", "RUNNING"), ("b", "RUNNING")]
    fake.clock.sleep(10)
    assert [each.object and each.object.key for each in merge.read()] == [
        None,
        "b",
    ]
    assert fake.described == ["b"]


def test_the_read_after_a_failed_one_gives_the_rest(fake: FakeStepFunctions) -> None:
    for second in range(30):
        fake.run(f"e{second:02}", second - 40, second - 39)
    fake.describe_faults = [None] * 12 + [make_error("ThrottlingException")]
    merge = poll(fake)
    given: list[str] = []
    with pytest.raises(ClientError, match="ThrottlingException"):
        given.extend(each.name for each in merge.read())
    given += [name for name, _ in read(merge)]
    assert given == [f"e{second:02}" for second in range(30)]


def test_an_expired_page_token_loses_and_repeats_nothing(fake: FakeStepFunctions) -> None:
    fake.page_limit = 4
    for second in range(10):
        fake.run(f"e{second}", second - 40, second - 39)
    fake.list_faults = [None, make_error("InvalidToken")]
    merge = poll(fake)
    with pytest.raises(ClientError, match="InvalidToken"):
        read(merge)
    assert [name for name, _ in read(merge)] == [f"e{second}" for second in range(10)]
    assert read(merge) == []


def test_a_read_without_news_lists_one_page(fake: FakeStepFunctions) -> None:
    for second in range(3000):
        fake.run(f"e{second}", second - 6001, second - 6000)
    merge = poll(fake)
    assert len(read(merge)) == 3000
    fake.lists = 0
    for _ in range(5):
        assert read(merge) == []
    assert fake.lists == 5


def test_the_first_of_1000_executions_come_immediately(fake: FakeStepFunctions) -> None:
    for number in range(1000):
        fake.run(f"e{number:03}", number / 100 - 60, number / 100 - 50)
    changes = poll(fake, find_quotas("eu-central-1")).read()
    shown = [(each.name, fake.clock.slept) for each in changes]
    assert [name for name, _ in shown] == [f"e{number:03}" for number in range(1000)]
    assert shown[240][1] == 0.0
    assert shown[-1][1] == pytest.approx((1000 - 250) / 10)


def test_large_regions_have_larger_quotas() -> None:
    assert find_quotas("eu-west-1") == Quotas(Quota(200, 5), Quota(300, 15))
    assert find_quotas("eu-central-1") == Quotas(Quota(100, 2), Quota(250, 10))


def test_a_large_input_is_read_again_at_the_end(fake: FakeStepFunctions) -> None:
    fake.inputs["a"] = json.dumps({"text": "x" * seen.MAX_INPUT})
    fake.run("a", 0, 10)
    merge = poll(fake)
    read(merge)
    assert not merge._seen._running
    fake.clock.sleep(20)
    [ended] = merge.read()
    assert (ended.input, fake.described) == (fake.inputs["a"], ["a", "a"])


def test_memory_is_bounded(fake: FakeStepFunctions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "MAX_RUNNING", 50)
    merge, count = poll(fake), 0
    for tick in range(30):
        fake.executions.clear()
        for number in range(20):
            start = tick * 100 + number * 5
            fake.run(f"e{tick}-{number}", start, start + 1 if number % 5 else None)
        fake.clock.slept = tick * 100 + 100
        count += len(read(merge))
        assert len(merge._seen._seen) <= 60 / 5 + 1
    assert count == 600
    assert len(merge._seen._running) == 50


LATENESS = st.integers(0, 55)


@st.composite
def lives(draw: st.DrawFn) -> list[Phase]:
    """An execution that starts, perhaps ends, is perhaps redriven; each shown up to 55 s late."""
    since = float(draw(st.integers(-100, 100)))
    visible, redrives = since + draw(LATENESS), 0
    phases = [Phase("RUNNING", since, visible)]
    while draw(st.booleans()):
        status = "RUNNING"
        if phases[-1].status == "RUNNING":
            status = draw(st.sampled_from(sorted(ENDS)))
        elif phases[-1].status == "SUCCEEDED" or redrives == 2:
            break
        else:
            redrives += 1
        since += draw(st.integers(1, 100))
        visible = max(visible, since + draw(LATENESS))
        phases.append(Phase(status, since, visible, redrives))
    return phases


def make_fake(histories: list[list[Phase]], **settings: Any) -> FakeStepFunctions:
    fake = FakeStepFunctions(FakeClock(), **settings)
    fake.executions = {f"e{number}": phases for number, phases in enumerate(histories)}
    return fake


def find_last_visible(histories: list[list[Phase]]) -> float:
    return max((phases[-1].visible for phases in histories), default=0)


Change = tuple[str, str, int]


@settings(max_examples=60, deadline=None)
@given(st.lists(lives(), max_size=25), st.integers(-150, 50), st.sampled_from([2, 7, 31]))
def test_each_listed_status_comes_exactly_once_oldest_first(
    histories: list[list[Phase]], since: int, interval: int
) -> None:
    fake = make_fake(histories)
    merge = poll(fake, since=at(since))
    given: list[Change] = []
    visible: set[Change] = set()
    calls = 0
    while fake.clock.slept <= find_last_visible(histories) + interval:
        for name, phases in fake.executions.items():
            shown = [phase for phase in phases if phase.visible <= fake.clock.slept]
            if shown and shown[-1].since >= since:
                visible.add((name, shown[-1].status, shown[-1].redrives))
        changes = list(merge.read())
        moments = [each.status_since for each in changes]
        assert moments == sorted(moments)
        for each in changes:
            ran = (each.name, "RUNNING", each.redrive_count) in given
            calls += 0 if ran and each.has_succeeded else 1
            given.append((each.name, each.status, each.redrive_count))
        fake.clock.sleep(interval)
    assert sorted(given) == sorted(visible)
    assert len(fake.described) <= calls


@settings(max_examples=60, deadline=None)
@given(st.lists(lives(), max_size=25))
def test_nothing_is_missed_or_repeated_while_pages_move(histories: list[list[Phase]]) -> None:
    fake = make_fake(histories, page_limit=3, seconds_per_page=1.5)
    merge = poll(fake)
    given: list[Change] = []
    reads: list[tuple[float, float]] = []
    while fake.clock.slept <= find_last_visible(histories) + 30:
        began = fake.clock.slept
        given += [(each.name, each.status, each.redrive_count) for each in merge.read()]
        reads.append((began, fake.clock.slept))
        fake.clock.sleep(2)
    assert len(given) == len(set(given))
    for name, phases in fake.executions.items():
        ends = [phase.visible for phase in phases[1:]] + [float("inf")]
        for phase, end in zip(phases, ends, strict=True):
            whole_reads = [began for began, ended in reads if phase.visible <= began <= ended < end]
            if len(whole_reads) >= 2:
                assert (name, phase.status, phase.redrives) in given


def test_boto3s_own_client_can_be_polled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = boto3.client("stepfunctions", region_name="eu-west-1")
        definition = json.dumps({"StartAt": "a", "States": {"a": {"Type": "Wait", "Seconds": 9}}})
        role = "arn:aws:iam::123456789012:role/states"
        machine = client.create_state_machine(name="orders", definition=definition, roleArn=role)
        arn = machine["stateMachineArn"]
        started = client.start_execution(stateMachineArn=arn, name="a", input=make_input("a"))
        poller = Poller(client, arn, find_quotas("eu-west-1"), SystemClock())
        merge = Merge(poller, WatchOptions(LONG_AGO))
        assert read(merge) == [("a", "RUNNING")]
        client.stop_execution(executionArn=started["executionArn"], error="Late", cause="by hand")
        [ended] = merge.read()
        assert (ended.status, ended.input, ended.has_ended) == ("ABORTED", make_input("a"), True)
        assert ended.stopped
        assert ended.stopped.tzname() == "UTC"
