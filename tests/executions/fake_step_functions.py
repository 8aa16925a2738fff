"""Step Functions in memory: lists executions as AWS does, depending on the time."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from error_responses import make_error
from fake_clock import FakeClock, at
from hypothesis import strategies as st

from sfn_s3_cli.executions.model import ENDS

if TYPE_CHECKING:
    from collections.abc import Sequence

MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:orders"


class Phase(NamedTuple):
    """A status of an execution, with the times since it is true and since it is listed."""

    status: str
    since: float
    visible: float
    redrives: int = 0


def make_arn(name: str) -> str:
    return MACHINE.replace("stateMachine", "execution") + ":" + name


def make_input(name: str) -> str:
    """A normalised input whose object key is the execution's name."""
    event = {"event": "PutObject", "time": "2026-01-02T12:00:00Z", "via": "s3"}
    return json.dumps({"bucket": "acme", "object": {"key": name}, **event})


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


@dataclass
class FakeStepFunctions:
    """The three methods of boto3's client that `Poller` calls.

    Page tokens are offsets into a list that changes between pages. Faults are raised first.
    """

    clock: FakeClock
    page_limit: int = 1000
    seconds_per_page: float = 0.0
    executions: dict[str, Sequence[Phase]] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    list_faults: list[Exception | None] = field(default_factory=list)
    describe_faults: list[Exception | None] = field(default_factory=list)
    history_faults: list[Exception | None] = field(default_factory=list)
    lists: int = 0
    described: list[str] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)

    def run(self, name: str, start: float, end: float | None = None, to: str = "SUCCEEDED") -> None:
        """Adds an execution that the list shows without delay."""
        phases = [Phase("RUNNING", start, start)]
        if end is not None:
            phases.append(Phase(to, end, end))
        self.executions[name] = phases

    def list_executions(
        self,
        *,
        stateMachineArn: str,  # noqa: N803  (AWS's own name)
        maxResults: int,  # noqa: N803
        nextToken: str = "0",  # noqa: N803
    ) -> dict[str, Any]:
        assert stateMachineArn == MACHINE
        self.lists += 1
        if self.list_faults and (fault := self.list_faults.pop(0)):
            raise fault
        first = int(nextToken)
        last = first + min(maxResults, self.page_limit)
        visible = self._visible()
        self.clock.slept += self.seconds_per_page
        more = {"nextToken": str(last)} if last < len(visible) else {}
        return {"executions": [_item(*each) for each in visible[first:last]], **more}

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803
        name = executionArn.rpartition(":")[2]
        self.described.append(name)
        if self.describe_faults and (fault := self.describe_faults.pop(0)):
            raise fault
        if name in self.forgotten:
            raise make_error("ExecutionDoesNotExist")
        answer = {"executionArn": executionArn, "input": self.inputs.get(name, make_input(name))}
        if self.executions[name][-1].status == "FAILED":
            answer |= {"error": "States.TaskFailed", "cause": "no such table"}
        return answer

    def get_execution_history(
        self,
        *,
        executionArn: str,  # noqa: N803
        reverseOrder: bool,  # noqa: N803
        includeExecutionData: bool,  # noqa: N803
        maxResults: int,  # noqa: N803
    ) -> dict[str, Any]:
        assert (reverseOrder, includeExecutionData, maxResults) == (True, False, 1000)
        name = executionArn.rpartition(":")[2]
        self.explained.append(name)
        if self.history_faults and (fault := self.history_faults.pop(0)):
            raise fault
        if name in self.forgotten:
            raise make_error("ExecutionDoesNotExist")
        failure = {"error": "States.TaskFailed", "cause": "no such table"}
        entered = {"name": "Work"}
        events = [
            (3, 2, "ExecutionFailed", {"executionFailedEventDetails": failure}),
            (2, 0, "TaskStateEntered", {"stateEnteredEventDetails": entered}),
            (1, 0, "ExecutionStarted", {}),
        ]
        return {
            "events": [
                {
                    "id": number,
                    "previousEventId": previous,
                    "type": kind,
                    "timestamp": self.clock.now(),
                    **details,
                }
                for number, previous, kind, details in events
            ]
        }

    def _visible(self) -> list[tuple[str, list[Phase]]]:
        now = self.clock.slept
        known = [
            (name, [phase for phase in phases if phase.visible <= now])
            for name, phases in self.executions.items()
        ]
        return sorted(filter(_phases, known), key=_latest, reverse=True)


def _phases(each: tuple[str, list[Phase]]) -> list[Phase]:
    return each[1]


def _latest(each: tuple[str, list[Phase]]) -> float:
    return each[1][-1].since


def _item(name: str, phases: Sequence[Phase]) -> dict[str, Any]:
    latest = phases[-1]
    item = {
        "executionArn": make_arn(name),
        "stateMachineArn": MACHINE,
        "name": name,
        "status": latest.status,
        "startDate": at(phases[0].since),
        "redriveCount": latest.redrives,
    }
    if latest.status != "RUNNING":
        item["stopDate"] = at(latest.since)
    elif latest.redrives:
        item["redriveDate"] = at(latest.since)
    return item
