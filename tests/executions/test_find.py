"""The newest execution, and the newest one of an object."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from executions.fake_step_functions import MACHINE, FakeStepFunctions
from executions.history_events import START
from fake_clock import FakeClock

from sfn_s3_cli.events.s3_object import S3Object
from sfn_s3_cli.executions.find import MOST_SEARCHED, find_by_object, find_last
from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.executions.poll import Poller
from sfn_s3_cli.executions.quotas import UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sfn_s3_cli.executions.source import WatchOptions


def make(name: str, started: float, key: str = "", ended: float | None = None) -> Execution:
    """An execution that started so many hours ago."""
    found = S3Object("acme", key, "PutObject", "", "s3") if key else None
    stopped = None if ended is None else START - timedelta(hours=ended)
    status = "RUNNING" if stopped is None else "SUCCEEDED"
    return Execution(name, name, status, START - timedelta(hours=started), stopped, found)


class FakeSource:
    """Lists without objects, in no order and twice."""

    overlap = timedelta(0)
    oldest_first = False

    def __init__(self, *executions: Execution) -> None:
        self.executions = executions
        self.completed: list[str] = []

    def list_changes(self, since: datetime) -> Iterator[Execution]:
        for each in (*self.executions, *self.executions):
            if each.status_since >= since:
                yield replace(each, object=None)

    def complete(
        self, executions: Sequence[Execution], options: WatchOptions
    ) -> Iterator[Execution]:
        assert options.needs_object
        known = {each.arn: each for each in self.executions}
        for each in executions:
            self.completed.append(each.arn)
            yield known[each.arn]


def test_the_last_costs_one_page_of_the_list() -> None:
    clock = FakeClock()
    fake = FakeStepFunctions(clock)
    client: Any = fake
    source = Poller(client, MACHINE, UNLIMITED, clock)
    assert find_last(source) is None
    fake.run("long", -50, -1)
    for number in range(1500):
        fake.run(str(number), -9 - number, -3 - number)
    fake.lists = 0
    found = find_last(source)
    assert found
    assert (found.name, fake.lists) == ("long", 1)


def test_the_newest_of_an_object_started_last() -> None:
    """The list begins with what changed last, which may have started earlier."""
    old, new = make("old", 100, "x", ended=1), make("new", 50, "x", ended=40)
    others = [make(str(number), 30, "y") for number in range(100)]
    earlier = [make(f"e{number}", 200, "x", ended=45) for number in range(100)]
    source = FakeSource(old, *others, *earlier, new)
    assert find_by_object(source, "x", START).execution == new
    assert not [arn for arn in source.completed[32:] if arn.startswith("e")]
    last = FakeSource(make("a", 9000), make("b", 2500, "x"), make("c", 2400, "x", ended=2300))
    assert find_by_object(last, "x", START).execution == make("c", 2400, "x", ended=2300)


def test_the_newest_of_an_object_is_found_first() -> None:
    first = make("a", 1, "x")
    source = FakeSource(first, make("b", 100, "x"), make("c", 3, "y"), make("d", 2, "x"))
    assert find_by_object(source, "x", START).execution == first
    assert source.completed == ["a"]
    assert find_by_object(source, "y", START).execution == make("c", 3, "y")
    missing = find_by_object(source, "*", START)
    assert (missing.execution, missing.searched) == (None, 4)


def test_the_search_for_an_object_ends() -> None:
    many = (make(str(number), 1 + number / 1000) for number in range(3000))
    source = FakeSource(*many, make("old", 50, "x"))
    found = find_by_object(source, "x", START)
    assert found.execution is None
    assert MOST_SEARCHED <= found.searched < MOST_SEARCHED + 100
    assert len(source.completed) == found.searched
