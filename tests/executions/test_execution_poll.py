"""Polling gives each status of each execution once, oldest first, with few calls."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
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
from moto import mock_aws

from sfn_s3_cli.clock import Quota, SystemClock
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.events.s3_object import S3Object
from sfn_s3_cli.executions import seen
from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.executions.poll import Poller
from sfn_s3_cli.executions.quotas import Quotas, find_quotas
from sfn_s3_cli.executions.read import THREADS
from sfn_s3_cli.executions.source import Depth, WatchOptions
from sfn_s3_cli.executions.watch import Merge

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_stepfunctions import SFNClient

UNLIMITED = Quotas(*[Quota(1e9, 1e9)] * 3)
LONG_AGO = at(-1e6)


def poll(
    fake: FakeStepFunctions,
    quotas: Quotas = UNLIMITED,
    options: WatchOptions = WatchOptions(LONG_AGO),  # noqa: B008  (it is frozen)
    notify: Callable[[str], None] = lambda _: None,
) -> Merge:
    poller = Poller(cast("SFNClient", fake), MACHINE, quotas, fake.clock, notify)
    return Merge(poller, options)


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
    assert failed.failed_state == "Work"
    assert failed.object
    assert (fake.described, fake.explained) == (["a"], ["a"])


def test_executions_that_ended_before_since_are_left_out(fake: FakeStepFunctions) -> None:
    fake.run("old", -100, -50)
    fake.run("long", -100, -10)
    fake.run("new", -5)
    given = [each.name for each in poll(fake, options=WatchOptions(at(-20))).read()]
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
    assert (gone.status, gone.object.key, gone.failed_state) == ("FAILED", "a", None)


def test_only_executions_of_chosen_statuses_are_described(fake: FakeStepFunctions) -> None:
    fake.run("a", 0, 10)
    fake.run("b", 1, 11, "FAILED")
    merge = poll(fake, options=WatchOptions(LONG_AGO, statuses=frozenset({"FAILED"})))
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
    fake.describe_faults = [None] * 12 + [make_error("InternalFailure")] * 16
    merge = poll(fake)
    given: list[str] = []
    with pytest.raises(ClientError, match="InternalFailure"):
        given.extend(each.name for each in merge.read())
    fake.describe_faults.clear()
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


def run_1000(fake: FakeStepFunctions, failing: Callable[[int], bool] = lambda _: False) -> None:
    for number in range(1000):
        status = "FAILED" if failing(number) else "SUCCEEDED"
        fake.run(f"e{number:03}", number / 100 - 60, number / 100 - 50, status)


def test_inputs_of_1000_executions_wait_for_the_quota(fake: FakeStepFunctions) -> None:
    run_1000(fake)
    for options in (WatchOptions(LONG_AGO, depth=Depth.INPUT), WatchOptions(LONG_AGO, key="e*")):
        began = fake.clock.slept
        changes = poll(fake, find_quotas("eu-central-1"), options=options).read()
        shown = [(each.name, fake.clock.slept - began, each.object) for each in changes]
        assert [name for name, _, _ in shown] == [f"e{number:03}" for number in range(1000)]
        assert all(found for _, _, found in shown)
        assert shown[240][1] == 0.0
        assert shown[-1][1] == pytest.approx((1000 - 250) / 10)


def test_rows_without_object_come_in_time(fake: FakeStepFunctions) -> None:
    """The quota allows 250 calls at once and 10 per second: 300 in the five seconds."""
    run_1000(fake)
    shown = list(poll(fake, find_quotas("eu-central-1")).read())
    assert [each.name for each in shown] == [f"e{number:03}" for number in range(1000)]
    assert fake.clock.slept <= 5.0
    assert [each.object is not None for each in shown] == [True] * 300 + [False] * 700
    assert {each.status for each in shown} == {"SUCCEEDED"}


def test_failures_have_priority_if_the_quota_is_small(fake: FakeStepFunctions) -> None:
    run_1000(fake, lambda number: number % 5 == 4)
    shown = list(poll(fake, find_quotas("eu-central-1")).read())
    failed = [each for each in shown if each.has_failed]
    assert len(failed) == 200
    assert {(each.error, each.failed_state) for each in failed} == {("States.TaskFailed", "Work")}
    assert all(each.object for each in failed)
    assert sum(each.object is not None for each in shown) == 300
    assert fake.clock.slept <= 5.0


def test_1000_failures_all_have_their_reason(fake: FakeStepFunctions) -> None:
    """Their histories are read at 20 per second after 400, their objects at 10 after 250."""
    run_1000(fake, lambda _: True)
    shown = list(poll(fake, find_quotas("eu-central-1")).read())
    assert {(each.error, each.failed_state) for each in shown} == {("States.TaskFailed", "Work")}
    assert sum(each.object is not None for each in shown) >= 450
    assert len(fake.explained) == len(set(fake.explained))
    assert fake.clock.slept <= 40.0


def test_a_summary_waits_for_the_errors_of_all_failures(fake: FakeStepFunctions) -> None:
    """Its groups are what it is for."""
    for number in range(2000):
        fake.run(f"e{number}", number - 5000, number - 4999, "FAILED")
    poller = Poller(cast("SFNClient", fake), MACHINE, find_quotas("eu-central-1"), fake.clock)
    options = WatchOptions(LONG_AGO, depth=Depth.STATUS, waits_for_errors=True)
    assert {each.failed_state for each in Merge(poller, options).read()} == {"Work"}


def test_an_object_that_was_left_out_comes_with_the_end(fake: FakeStepFunctions) -> None:
    for number in range(400):
        fake.run(f"e{number:03}", number / 100 - 60, 30 if number == 399 else None)
    merge = poll(fake, find_quotas("eu-central-1"))
    assert sum(each.object is None for each in merge.read()) == 100
    fake.clock.sleep(60)
    [ended] = merge.read()
    assert (ended.name, ended.status) == ("e399", "SUCCEEDED")
    assert ended.object


def test_the_status_alone_needs_no_description(fake: FakeStepFunctions) -> None:
    fake.run("a", -3, -2)
    fake.run("b", -3, -1, "FAILED")
    fake.run("c", -3)
    options = WatchOptions(LONG_AGO, depth=Depth.STATUS)
    shown = list(poll(fake, options=options).read())
    assert [(each.name, each.error, each.input) for each in shown] == [
        ("c", None, None),
        ("a", None, None),
        ("b", "States.TaskFailed", None),
    ]
    assert (fake.described, fake.explained) == ([], ["b"])


def test_only_failures_that_are_shown_are_explained(fake: FakeStepFunctions) -> None:
    for name in ("a", "b"):
        fake.run(name, -3, -1, "FAILED")
    options = WatchOptions(LONG_AGO, key="b")
    assert len(list(poll(fake, options=options).read())) == 2
    assert (sorted(fake.described), fake.explained) == (["a", "b"], ["b"])


def test_throttling_slows_the_calls_down(fake: FakeStepFunctions) -> None:
    for second in range(20):
        fake.run(f"e{second:02}", second - 40, second - 39)
    fake.describe_faults = [make_error("ThrottlingException")] * 3
    quotas = Quotas(*[Quota(1000, 10)] * 3)
    options = WatchOptions(LONG_AGO, depth=Depth.INPUT)
    assert all(each.object for each in poll(fake, quotas, options=options).read())
    assert len(fake.described) == 23
    assert fake.clock.slept >= 20 / 10


def test_a_call_throttled_five_times_ends_the_read(fake: FakeStepFunctions) -> None:
    fake.run("a", -3, -1)
    fake.list_faults = [make_error("ThrottlingException")] * 5
    merge = poll(fake)
    with pytest.raises(ClientError, match="ThrottlingException"):
        read(merge)
    assert fake.lists == 5
    assert read(merge) == [("a", "SUCCEEDED")]


def test_a_lost_connection_is_tried_again_once(fake: FakeStepFunctions) -> None:
    fake.run("a", -3, -1)
    merge = poll(fake)
    fake.list_faults = [EndpointConnectionError(endpoint_url="x")]
    assert read(merge) == [("a", "SUCCEEDED")]
    fake.list_faults = [EndpointConnectionError(endpoint_url="x")] * 2
    with pytest.raises(EndpointConnectionError):
        read(merge)


def test_encrypted_inputs_are_left_out_and_it_is_said_once(fake: FakeStepFunctions) -> None:
    notes: list[str] = []
    for second in range(30):
        fake.run(f"e{second:02}", second - 40, second - 39, "FAILED")
    refusal = make_error("KmsAccessDeniedException", "no kms:Decrypt", operation="X")
    fake.describe_faults = [refusal] * 30
    fake.history_faults = [refusal] * 30
    shown = list(poll(fake, notify=notes.append).read())
    assert {(each.status, each.input, each.error) for each in shown} == {("FAILED", None, None)}
    assert len(shown) == 30
    remedy = (
        "X: KmsAccessDeniedException: no kms:Decrypt; check that the key is enabled, and that its"
        " policy has the statements that `sfnctl permissions kms-key` prints"
    )
    assert sorted(notes) == [
        f"Note: objects and inputs cannot be read: {remedy}",
        f"Note: the states that fail cannot be read: {remedy}",
    ]
    assert max(len(fake.described), len(fake.explained)) <= 2 * THREADS


def test_a_key_cannot_match_an_encrypted_input(fake: FakeStepFunctions) -> None:
    fake.run("a", -3, -1)
    fake.describe_faults = [make_error("KmsInvalidStateException")]
    with pytest.raises(ClientError, match="KmsInvalidStateException"):
        read(poll(fake, options=WatchOptions(LONG_AGO, key="*")))


def test_without_histories_failures_are_described(fake: FakeStepFunctions) -> None:
    notes: list[str] = []
    for name in "abc":
        fake.run(name, 0, 10, "FAILED")
    merge = poll(fake, notify=notes.append)
    read(merge)
    fake.clock.sleep(20)
    fake.history_faults = [make_error("AccessDeniedException")] * 3
    assert {each.error for each in merge.read()} == {"States.TaskFailed"}
    assert sorted(fake.described) == ["a", "a", "b", "b", "c", "c"]
    [note] = notes
    assert note.startswith("Note: the states that fail cannot be read: ")
    fake.run("d", 25, 30, "FAILED")
    fake.clock.sleep(20)
    explained = len(fake.explained)
    assert [(each.error, each.object is None) for each in merge.read()] == [
        ("States.TaskFailed", False)
    ]
    assert len(fake.explained) == explained


def test_a_deletion_during_the_watch_is_said(fake: FakeStepFunctions) -> None:
    gone = make_error("StateMachineDoesNotExist")
    fake.list_faults = [gone]
    merge = poll(fake)
    with pytest.raises(ClientError, match="StateMachineDoesNotExist"):
        read(merge)
    read(merge)
    fake.list_faults = [gone]
    with pytest.raises(AwsError, match=r"^state machine orders was deleted during the watch$"):
        read(merge)


def test_large_regions_have_larger_quotas() -> None:
    assert find_quotas("eu-west-1") == Quotas(Quota(200, 5), Quota(300, 15), Quota(400, 20))
    assert find_quotas("eu-central-1") == Quotas(Quota(100, 2), Quota(250, 10), Quota(400, 20))


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
    merge = poll(fake, options=WatchOptions(at(since)))
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
            calls += 0 if ran else 1
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
