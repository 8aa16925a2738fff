"""A watch over 100,000 executions: shows each once, and remembers few."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from lab import Measure

from sfn_s3_cli.executions.poll import Poller
from sfn_s3_cli.executions.quotas import UNLIMITED
from sfn_s3_cli.executions.seen import MAX_RUNNING
from sfn_s3_cli.executions.source import WatchOptions
from sfn_s3_cli.executions.watch import Merge

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient

READS, EXECUTIONS = 100, 1000
INTERVAL = timedelta(seconds=300)
START = datetime(2026, 1, 1, tzinfo=UTC)
MAX_SEEN = 500
FAILURES = READS * EXECUTIONS // 10
LAST_EVENTS = [
    {"id": 5000, "previousEventId": 4999, "type": "ExecutionFailed"},
    {"id": 4999, "previousEventId": 4998, "type": "TaskFailed"},
    {"id": 4998, "previousEventId": 4997, "type": "TaskScheduled"},
    {
        "id": 4997,
        "previousEventId": 4996,
        "type": "TaskStateEntered",
        "stateEnteredEventDetails": {"name": "Work"},
    },
]


class BusyMachine:
    """A state machine with 1,000 new executions at each read: every fifth one never ends, and
    every tenth one fails after 5,000 events."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.histories = 0

    def run(self, tick: int) -> None:
        """Adds the executions of one interval; AWS forgets all but the latest of the others."""
        new = [self._item(tick, number) for number in range(EXECUTIONS)]
        self.items = sorted([*new, *self.items[:EXECUTIONS]], key=_status_since, reverse=True)

    def _item(self, tick: int, number: int) -> dict[str, Any]:
        name = f"{tick}-{number}"
        started = START + tick * INTERVAL + number * INTERVAL / EXECUTIONS
        item = {"executionArn": name, "name": name, "status": "RUNNING", "startDate": started}
        if number % 5:
            status = "FAILED" if number % 10 == 1 else "SUCCEEDED"
            item |= {"status": status, "stopDate": started + timedelta(seconds=0.1)}
        return item

    def list_executions(self, *, nextToken: str = "0", **options: Any) -> dict[str, Any]:  # noqa: N803
        first = int(nextToken)
        last = first + options["maxResults"]
        more = {"nextToken": str(last)} if last < len(self.items) else {}
        return {"executions": self.items[first:last], **more}

    def describe_execution(self, **_: str) -> dict[str, Any]:
        return {"input": "{}"}

    def get_execution_history(self, **_: object) -> dict[str, Any]:
        self.histories += 1
        return {"events": LAST_EVENTS, "nextToken": "more"}


class NoClock:
    """Time does not matter without quotas."""

    def now(self) -> datetime:
        return START

    def sleep(self, seconds: float) -> None:
        raise AssertionError(f"nothing may wait: {seconds} s")


def _status_since(item: dict[str, Any]) -> datetime:
    moment: datetime = item.get("stopDate", item["startDate"])
    return moment


def measure() -> list[Measure]:
    """Reads the list after each interval, as a watch does."""
    machine, shown = BusyMachine(), Counter[str]()
    poller = Poller(cast("SFNClient", machine), "machine", UNLIMITED, NoClock())
    merge = Merge(poller, WatchOptions(START))
    seen = running = found = 0
    for tick in range(READS):
        machine.run(tick)
        changes = list(merge.read())
        shown.update(execution.name for execution in changes)
        found += sum(execution.failed_state == "Work" for execution in changes)
        seen = max(seen, len(merge._seen._seen))
        running = max(running, len(merge._seen._running))
    wrong = READS * EXECUTIONS - len(shown) + sum(shown.values()) - len(shown)
    return [
        Measure("100,000 executions: shown twice or never", wrong, 0),
        Measure("statuses remembered at most", seen, MAX_SEEN),
        Measure("running executions remembered at most", running, MAX_RUNNING),
        Measure("failures without their state", FAILURES - found, 0),
        Measure("GetExecutionHistory per failure", machine.histories / FAILURES, 1.0),
    ]
