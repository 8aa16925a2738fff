"""CloudWatch Logs in memory: the records of executions, each readable some time after its event."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from executions.fake_step_functions import make_input
from fake_clock import NOON, FakeClock

from sfn_s3_cli.local.log_patterns import parse_pattern

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient  # noqa: F401

PREFIX = "arn:aws:states:eu-west-1:123456789012:express:orders:"
STANDARD = PREFIX.replace(":express:", ":execution:")
UUID = "4135929f-8d60-4ea5-b3c3-b243bec43271"


def make_arn(name: str) -> str:
    """The name must be unique: it makes the UUID unique, too."""
    return f"{PREFIX}{name}:{UUID[: -len(name)]}{name}"


class Line(NamedTuple):
    time: float
    visible: float
    number: int
    message: str

    @property
    def milliseconds(self) -> int:
        return round((NOON.timestamp() + self.time) * 1000)


@dataclass
class FakeLogs:
    """The method of boto3's client that `LogReader` calls. Faults are raised first."""

    clock: FakeClock
    page_limit: int = 10_000
    lines: list[Line] = field(default_factory=list)
    faults: list[Exception | None] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    numbers: Any = field(default_factory=count)

    def write(self, text: str, time: float, late: float = 0) -> None:
        self.lines.append(Line(time, time + late, next(self.numbers), text))

    def log(
        self, arn: str, kind: str, time: float, event: int = 1, *, late: float = 0, **more: Any
    ) -> None:
        """Writes a record in AWS's format; `more` are its details, `redrives` and `previous`."""
        record = {
            "id": str(event),
            "type": kind,
            "redrive_count": str(more.pop("redrives", 0)),
            "previous_event_id": str(more.pop("previous", event - 1)),
            "event_timestamp": str(round((NOON.timestamp() + time) * 1000)),
            "execution_arn": arn,
            "details": more,
        }
        self.write(json.dumps(record), time, late)

    def start(self, name: str, time: float, **more: Any) -> str:
        arn, details = make_arn(name), {"truncated": False}
        self.log(
            arn, "ExecutionStarted", time, input=make_input(name), inputDetails=details, **more
        )
        return arn

    def run(self, name: str, start: float, end: float, kind: str = "Succeeded") -> str:
        arn = self.start(name, start)
        self.log(arn, f"Execution{kind}", end, 4)
        return arn

    def filter_log_events(
        self,
        *,
        logGroupName: str,  # noqa: N803  (AWS's own name)
        filterPattern: str,  # noqa: N803
        startTime: int,  # noqa: N803
        endTime: float = float("inf"),  # noqa: N803
        nextToken: str = "",  # noqa: N803
    ) -> dict[str, Any]:
        assert len(filterPattern) <= 1024
        self.requests.append({"group": logGroupName, "pattern": filterPattern, "start": startTime})
        if self.faults and (fault := self.faults.pop(0)):
            raise fault
        matches = parse_pattern(filterPattern)
        after = json.loads(nextToken or "[]")
        found = sorted(
            line
            for line in self.lines
            if line.visible <= self.clock.slept
            and startTime <= line.milliseconds <= endTime
            and [line.time, line.visible, line.number] > after
        )
        page = found[: self.page_limit]
        more = {"nextToken": json.dumps(page[-1][:3])} if len(page) < len(found) else {}
        events = [{"message": line.message} for line in page if matches(_parse(line.message))]
        return {"events": events, **more}


def _parse(message: str) -> Any:
    try:
        return json.loads(message)
    except ValueError:
        return None
