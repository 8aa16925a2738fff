"""Reading the log gives each status of each execution once, with its object, and few calls."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError
from error_responses import make_error
from executions.fake_logs import PREFIX, STANDARD, FakeLogs, make_arn
from executions.fake_step_functions import make_input
from fake_clock import FakeClock, at
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.clock import Clock, Quota
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.events.s3_object import S3Object
from sfn_s3_cli.executions.logs import FILTER_LOG_EVENTS, Log, LogReader
from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.executions.source import Depth, WatchOptions
from sfn_s3_cli.executions.watch import Merge

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from types_boto3_logs import CloudWatchLogsClient

LOG = Log("/aws/vendedlogs/states/orders", PREFIX)
LONG_AGO = at(-1e6)
PLENTY = Quota(1e9, 1e9)


def make_reader(
    fake: FakeLogs,
    log: Log = LOG,
    clock: Clock | None = None,
    quota: Quota = PLENTY,
    check: Callable[[], None] = lambda: None,
) -> LogReader:
    client = cast("CloudWatchLogsClient", fake)
    return LogReader(client, log, quota, clock or fake.clock, fake.clock.now, check)


def read_log(fake: FakeLogs, log: Log = LOG, **options: Any) -> Merge:
    reader = make_reader(fake, log)
    return Merge(reader, WatchOptions(**{"since": LONG_AGO, **options}))


def read(merge: Merge) -> list[tuple[str, str]]:
    return [(each.name, each.status) for each in merge.read()]


@pytest.fixture
def fake() -> FakeLogs:
    return FakeLogs(FakeClock())


def test_an_execution_has_what_its_records_say(fake: FakeLogs) -> None:
    arn = fake.run("a", -3, -1)
    assert list(read_log(fake).read()) == [
        Execution(
            arn=arn,
            name="a",
            status="SUCCEEDED",
            started=at(-3),
            stopped=at(-1),
            object=S3Object("acme", "a", "PutObject", "2026-01-02T12:00:00Z", "s3"),
            input=make_input("a"),
        )
    ]
    assert fake.requests == [
        {
            "group": "/aws/vendedlogs/states/orders",
            "pattern": f'{{ $.type = "Execution*" && $.execution_arn = "{PREFIX}*" }}',
            "start": round(LONG_AGO.timestamp() * 1000),
        }
    ]


def test_a_running_execution_comes_again_at_its_end(fake: FakeLogs) -> None:
    fake.run("a", 0, 3)
    fake.clock.slept = 1
    fake.lines[1] = fake.lines[1]._replace(visible=3)
    merge = read_log(fake)
    assert read(merge) == [("a", "RUNNING")]
    assert read(merge) == []
    fake.clock.sleep(4)
    [ended] = merge.read()
    assert (ended.status, ended.started, ended.input) == ("SUCCEEDED", at(0), make_input("a"))
    assert read(merge) == []


@pytest.mark.parametrize(
    ("kind", "status"),
    [("Failed", "FAILED"), ("TimedOut", "TIMED_OUT"), ("Aborted", "ABORTED")],
)
def test_every_end_has_its_status(fake: FakeLogs, kind: str, status: str) -> None:
    arn = fake.start("a", -3)
    fake.log(arn, f"Execution{kind}", -1, 9, error="Bad", cause="odd")
    [ended] = read_log(fake).read()
    assert (ended.status, ended.error, ended.cause) == (status, "Bad", "odd")


def test_other_texts_and_executions_are_left_out(fake: FakeLogs) -> None:
    for text in ("Permissions are set correctly", "[]", '"a"', "{}", '{"id": "x"}', "null"):
        fake.write(text, -5)
    damaged = {"id": "1", "type": "ExecutionStarted", "event_timestamp": "1" * 30}
    fake.write(json.dumps({**damaged, "execution_arn": make_arn("damaged")}), -5)
    fake.log(make_arn("b").replace("orders", "orders/Map"), "ExecutionStarted", -4)
    fake.log(make_arn("c").replace("orders", "orders-2"), "ExecutionStarted", -4)
    fake.log(make_arn("d"), "ExecutionStarted", -4, input=7, inputDetails="x", error=[])
    assert read(read_log(fake)) == [("d", "RUNNING")]


def test_an_end_may_be_logged_before_the_start(fake: FakeLogs) -> None:
    """It waits for the start, which has the object."""
    arn = fake.start("a", -2, late=6)
    fake.log(arn, "ExecutionSucceeded", -1, 4)
    merge = read_log(fake)
    [ended] = merge.read()
    assert (ended.started, ended.object and ended.object.key) == (at(-2), "a")
    assert fake.clock.sleeps == [2, 2]
    assert read(merge) == []


def test_a_start_that_never_comes_is_not_waited_for_long(fake: FakeLogs) -> None:
    fake.log(make_arn("a"), "ExecutionSucceeded", -1, 4)
    [ended] = read_log(fake).read()
    assert (ended.started, ended.input, ended.duration) == (None, None, None)
    assert sum(fake.clock.sleeps) <= 10
    fake.clock.slept, fake.clock.sleeps = 100, []
    fake.log(make_arn("b"), "ExecutionSucceeded", 0, 4)
    assert read(read_log(fake, since=at(-0.5))) == [("b", "SUCCEEDED")]
    assert fake.clock.sleeps == []


def test_an_execution_that_began_before_since_has_its_object(fake: FakeLogs) -> None:
    fake.run("a", -300, -1)
    [ended] = read_log(fake, since=at(-5)).read()
    assert (ended.started, ended.input) == (at(-300), make_input("a"))


@pytest.mark.parametrize("depth", [Depth.STATUS, Depth.OBJECT])
def test_only_the_start_says_which_executions_are_new(fake: FakeLogs, depth: Depth) -> None:
    """It is read if only the end is after `since`, or if it is late."""
    fake.run("old", -300, -1)
    arn = fake.start("new", -4, late=6)
    fake.log(arn, "ExecutionSucceeded", -2, 4)
    fake.log(make_arn("lost"), "ExecutionSucceeded", -2, 4)
    options = WatchOptions(at(-5), started_since=at(-5), depth=depth)
    merge = read_log(fake, since=at(-5), started_since=at(-5), depth=depth)
    shown = [each.name for each in merge.read() if options.includes(each)]
    assert shown == ["new"]


def test_an_input_that_is_cut_off_is_unknown(fake: FakeLogs) -> None:
    fake.log(make_arn("a"), "ExecutionStarted", -1, input='{"bu', inputDetails={"truncated": True})
    [running] = read_log(fake).read()
    assert (running.input, running.object) == (None, None)


def test_a_log_without_inputs_is_read_once(fake: FakeLogs) -> None:
    fake.log(make_arn("a"), "ExecutionStarted", -2)
    fake.log(make_arn("a"), "ExecutionSucceeded", -1, 4)
    [ended] = read_log(fake, LOG._replace(has_data=False)).read()
    assert (ended.started, ended.input) == (at(-2), None)
    assert len(fake.requests) == 1


def test_without_the_need_of_objects_no_more_is_read(fake: FakeLogs) -> None:
    fake.log(make_arn("a"), "ExecutionSucceeded", -1, 4)
    assert read(read_log(fake, depth=Depth.STATUS)) == [("a", "SUCCEEDED")]
    assert len(fake.requests) == 1


def fail(fake: FakeLogs, name: str, time: float) -> None:
    """Fails in the branch `Read` while another branch goes on."""
    arn = fake.start(name, time)
    fake.log(arn, "ParallelStateEntered", time, 2, previous=0, name="Both")
    fake.log(arn, "TaskStateEntered", time, 3, previous=2, name="Read")
    fake.log(arn, "WaitStateEntered", time, 4, previous=2, name="Wait")
    fake.log(arn, "TaskScheduled", time, 5, previous=3)
    fake.log(arn, "WaitStateEntered", time, 6, previous=4, name="Wait more")
    fake.log(arn, "TaskFailed", time, 7, previous=5)
    fake.log(arn, "ExecutionFailed", time + 0.5, 8, previous=7, error="Bad")


def test_the_failed_state_is_found_through_the_events(fake: FakeLogs) -> None:
    fail(fake, "a", -3)
    [failed] = read_log(fake).read()
    assert (failed.failed_state, failed.error) == ("Read", "Bad")


def test_failed_states_are_read_for_many_with_one_call(fake: FakeLogs) -> None:
    for number in range(100, 135):
        fail(fake, f"e{number}", number - 150)
        fake.run(f"s{number}", number - 150, number - 149)
    failed = [each for each in read_log(fake).read() if each.status == "FAILED"]
    assert [each.failed_state for each in failed] == ["Read"] * 35
    assert len(fake.requests) == 1 + 4


def test_failures_that_are_not_shown_cost_no_call(fake: FakeLogs) -> None:
    fail(fake, "a", -3)
    fail(fake, "b", -2)
    shown = [each for each in read_log(fake, key="b").read() if each.failed_state]
    assert [each.name for each in shown] == ["b"]
    assert len(fake.requests) == 2
    assert read(read_log(fake, statuses=frozenset({"SUCCEEDED"})))
    assert len(fake.requests) == 3


@pytest.mark.parametrize("kind", ["TimedOut", "Aborted"])
def test_an_open_state_is_where_a_timeout_came(fake: FakeLogs, kind: str) -> None:
    """No event leads to it."""
    arn = fake.start("a", -3)
    fake.log(arn, "PassStateEntered", -3, 2, previous=0, name="First")
    fake.log(arn, "PassStateExited", -3, 3, previous=2, name="First")
    fake.log(arn, "WaitStateEntered", -3, 4, previous=3, name="Wait")
    fake.log(arn, "PassStateEntered", -3, 5, previous=3, name="First")
    fake.log(arn, "PassStateExited", -3, 6, previous=5, name="First")
    fake.log(arn, f"Execution{kind}", -2, 7, previous=0)
    assert [each.failed_state for each in read_log(fake).read()] == ["Wait"]


def test_a_missing_event_leaves_the_failed_state_open(fake: FakeLogs) -> None:
    arn = fake.start("a", -3)
    fake.log(arn, "TaskStateEntered", -3, 2, previous=0, name="Read")
    fake.log(arn, "ExecutionFailed", -2, 5, previous=4)
    fake.log(make_arn("b"), "ExecutionFailed", -2, 5, previous=5)
    assert [each.failed_state for each in read_log(fake).read()] == [None, None]


def test_a_redriven_execution_comes_again(fake: FakeLogs) -> None:
    arn = f"{STANDARD}a"
    fake.log(arn, "ExecutionStarted", -9, input="{}")
    fake.log(arn, "ExecutionAborted", -8, 5)
    fake.log(arn, "ExecutionRedriven", -7, 6, redrives=1, redriveCount="1")
    merge = read_log(fake, LOG._replace(arn_prefix=STANDARD), depth=Depth.STATUS)
    changes = [(each.status, each.redrive_count) for each in merge.read()]
    assert changes == [("ABORTED", 0), ("RUNNING", 1)]
    fake.log(arn, "ExecutionSucceeded", 0, 9, redrives=1)
    [ended] = merge.read()
    assert (ended.status, ended.redrive_count) == ("SUCCEEDED", 1)


def test_a_record_of_a_redrive_may_have_the_old_count(fake: FakeLogs) -> None:
    arn = fake.start("a", -9)
    fake.log(arn, "ExecutionAborted", -8, 5)
    fake.log(arn, "ExecutionRedriven", -7, 6, redrives=0, redriveCount="1")
    assert read(read_log(fake)) == [("a", "ABORTED"), ("a", "RUNNING")]


def test_a_missing_group_is_named(fake: FakeLogs) -> None:
    fake.faults = [make_error("ResourceNotFoundException")]
    with pytest.raises(AwsError) as raised:
        read(read_log(fake))
    assert raised.value.message == "the log group /aws/vendedlogs/states/orders does not exist"
    assert raised.value.remedy.startswith("`sfnctl deploy` creates it")


def test_a_group_that_is_deleted_meanwhile_is_named(fake: FakeLogs) -> None:
    merge = read_log(fake)
    assert read(merge) == []
    fake.faults = [make_error("ResourceNotFoundException")]
    with pytest.raises(AwsError, match="orders was deleted during the watch"):
        read(merge)


def test_a_quiet_log_is_a_reason_to_check(fake: FakeLogs) -> None:
    """AWS keeps the log of a state machine that is deleted."""
    checks: list[float] = []
    reader = make_reader(fake, check=lambda: checks.append(fake.clock.slept))
    merge = Merge(reader, WatchOptions(LONG_AGO))
    fake.run("a", -2, -1)
    for _ in range(60):
        read(merge)
        fake.clock.sleep(1)
    assert checks == [30]


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_wrong_clock_does_not_change_the_wait(fake: FakeLogs, minutes: int) -> None:
    """The end is new by AWS's clock, and its start is lost or 6 seconds late."""

    class WrongClock(FakeClock):
        def now(self) -> datetime:
            return fake.clock.now() + timedelta(minutes=minutes)

        def sleep(self, seconds: float) -> None:
            fake.clock.sleep(seconds)

    merge = Merge(make_reader(fake, clock=WrongClock()), WatchOptions(LONG_AGO))
    fake.log(make_arn("lost"), "ExecutionSucceeded", -1, 4)
    fake.log(fake.start("late", -1, late=6), "ExecutionSucceeded", -1, 4)
    assert {each.name: each.started for each in merge.read()} == {"lost": None, "late": at(-1)}
    assert fake.clock.slept == 10


def test_aws_clock_bounds_the_wait_of_a_batch(fake: FakeLogs) -> None:
    """An end that seems to come from the future is not waited for longer than others."""
    fake.log(make_arn("a"), "ExecutionSucceeded", 300, 4, late=-300)
    assert read(read_log(fake)) == [("a", "SUCCEEDED")]
    assert fake.clock.slept == 10


def test_an_event_may_be_older_than_its_record(fake: FakeLogs) -> None:
    """Otherwise each read that begins between the two times would show it again."""
    fake.write(json.dumps(make_record("a", at(-130))), -129.9)
    fake.log(make_arn("b"), "ExecutionSucceeded", -9.95, 4)
    merge = read_log(fake, depth=Depth.STATUS)
    assert [name for name, _ in read(merge)] == ["a", "b"]
    for _ in range(3):
        fake.clock.sleep(31)
        assert read(merge) == []


def make_record(name: str, time: datetime) -> dict[str, str]:
    """The end of an execution."""
    return {
        "id": "4",
        "type": "ExecutionSucceeded",
        "event_timestamp": str(round(time.timestamp() * 1000)),
        "execution_arn": make_arn(name),
    }


def test_an_input_that_was_cut_off_is_not_read_again(fake: FakeLogs) -> None:
    cut = {"truncated": True}
    fake.log(make_arn("a"), "ExecutionStarted", -2, input='{"bu', inputDetails=cut)
    fake.log(make_arn("a"), "ExecutionSucceeded", -1, 4)
    [ended] = read_log(fake).read()
    assert (ended.started, ended.input) == (at(-2), None)
    assert (len(fake.requests), fake.clock.slept) == (1, 0)


def test_another_thread_waits_for_the_log(fake: FakeLogs) -> None:
    """So that a timeout holds while a name server does not answer."""
    threads: list[threading.Thread] = []
    read_page = fake.filter_log_events

    def record(**request: Any) -> dict[str, Any]:
        threads.append(threading.current_thread())
        return read_page(**request)

    fake.filter_log_events = record  # type: ignore[method-assign]
    assert read(read_log(fake)) == []
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


def test_throttling_slows_the_reads_of_the_log(fake: FakeLogs) -> None:
    fake.faults = [make_error("ThrottlingException")] * 3
    fake.run("a", -2, -1)
    merge = Merge(make_reader(fake, quota=FILTER_LOG_EVENTS), WatchOptions(LONG_AGO))
    assert read(merge) == [("a", "SUCCEEDED")]
    assert fake.clock.sleeps == [0.4, 0.4, 0.4]  # half of the quota


def test_an_error_loses_and_repeats_nothing(fake: FakeLogs) -> None:
    """Although the read after it would go back less."""
    for number in range(300):
        fail(fake, f"e{number}", number - 600)
    throttled = make_error("ThrottlingException")
    for good in (0, 1, 5, 26):
        fake.faults = [None] * good + [throttled] * 5
        merge = read_log(fake)
        shown: list[str] = []
        with pytest.raises(ClientError, match="ThrottlingException"):
            shown.extend(each.name for each in merge.read())
        shown += [name for name, _ in read(merge)]
        assert shown == [f"e{number}" for number in range(300)]


def test_the_first_are_shown_before_the_rest_is_read(fake: FakeLogs) -> None:
    fake.page_limit = 1000
    for number in range(3000):
        fake.run(f"e{number}", number - 6000, number - 5999)
    changes = read_log(fake).read()
    assert next(changes).name == "e0"
    assert len(fake.requests) == 1
    assert [each.name for each in changes] == [f"e{number}" for number in range(1, 3000)]
    assert len(fake.requests) == 6


def test_an_execution_across_two_pages_comes_once(fake: FakeLogs) -> None:
    fake.page_limit = 1
    fake.run("a", -9, -5)
    fake.run("b", -8, -4)
    assert read(read_log(fake)) == [("a", "SUCCEEDED"), ("b", "SUCCEEDED")]


def test_most_reads_go_back_a_few_seconds(fake: FakeLogs) -> None:
    merge = read_log(fake)
    for second in range(0, 60, 2):
        fake.run(f"e{second}", second - 1, second)
        assert read(merge) == [(f"e{second}", "SUCCEEDED")]
        fake.clock.sleep(2)
    starts = [at(0).timestamp() - each["start"] / 1000 for each in fake.requests]
    backs = [second + start for second, start in zip(range(0, 60, 2), starts, strict=True)]
    assert sum(back > 100 for back in backs) == 2
    assert sum(back == 22 for back in backs) == 28


def test_few_statuses_are_remembered(fake: FakeLogs) -> None:
    merge = read_log(fake)
    for tick in range(100):
        for number in range(20):
            fake.run(f"e{tick}-{number}", tick * 10 + number / 4, tick * 10 + number / 4 + 1)
        fake.clock.slept = tick * 10 + 10
        assert len(read(merge)) == 20
        assert len(merge._seen._seen) <= (120 / 10 + 2) * 20
        fake.lines = fake.lines[-1000:]
    assert merge._seen._running == {}


def test_the_quota_is_kept(fake: FakeLogs) -> None:
    fake.page_limit = 1
    fake.run("a", -3, -1)
    for number in range(40):
        fake.write(str(number), -2)
    reader = make_reader(fake, quota=FILTER_LOG_EVENTS)
    assert len(list(Merge(reader, WatchOptions(LONG_AGO)).read())) == 1
    assert len(fake.requests) == 42
    assert fake.clock.slept == pytest.approx((42 - 5) / 5)


LATENESS = st.integers(0, 80)


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    """Start and perhaps end: the type of the record, its time, and how late it can be read."""
    time = draw(st.integers(0, 200))
    life = [("ExecutionStarted", time, draw(LATENESS))]
    if draw(st.booleans()):
        kind = draw(st.sampled_from(["Succeeded", "Failed", "Aborted"]))
        life.append((f"Execution{kind}", time + draw(st.integers(0, 300)), draw(LATENESS)))
    return life


@settings(max_examples=30, deadline=None)
@given(
    st.lists(lives(), max_size=20),
    st.sampled_from([1, 3, 100]),
    st.sampled_from([2, 7]),
    st.lists(st.integers(0, 40), max_size=4),
)
def test_each_logged_end_comes_exactly_once(
    histories: list[list[tuple[str, int, int]]], page: int, interval: int, faults: list[int]
) -> None:
    fake = FakeLogs(FakeClock(), page_limit=page)
    for number, life in enumerate(histories):
        for event, (kind, time, late) in enumerate(life):
            fake.log(make_arn(f"e{number}"), kind, time, 1 + event, late=late, input="{}")
    fake.faults = [make_error("ThrottlingException") if n in faults else None for n in range(41)]
    merge = read_log(fake, since=at(0))
    shown: list[tuple[str, str]] = []
    while fake.clock.slept < 700:
        try:
            shown.extend((each.name, each.status) for each in merge.read())
        except ClientError:
            fake.clock.sleep(1)
        fake.clock.sleep(interval)
    assert len(shown) == len(set(shown))
    ends = [life[1][0] for life in histories if len(life) == 2]
    assert len([each for each in shown if each[1] != "RUNNING"]) == len(ends)
    for number, life in enumerate(histories):
        statuses = [status for name, status in shown if name == f"e{number}"]
        assert statuses[:1] == ["RUNNING"] if len(life) == 1 else len(statuses) in {1, 2}
