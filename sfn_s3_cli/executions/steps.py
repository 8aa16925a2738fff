"""What an execution did, step by step: one step for each time that it entered a state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from sfn_s3_cli.json_types import JsonObject


class HistoryEvent(NamedTuple):
    """An event of a history, from GetExecutionHistory or from a log record.

    `previous` is the id of the event that led to it; 0 at the start.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
    """

    id: int
    previous: int
    type: str
    moment: datetime
    details: JsonObject


class StepStatus(StrEnum):
    """How a step ended, or that it has not."""

    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    CAUGHT = "CAUGHT"
    """It failed, and its Catch field chose the next state."""
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    """The execution timed out meanwhile."""
    ABORTED = "ABORTED"
    """The execution was stopped meanwhile, or another branch or iteration failed."""


class Activity(StrEnum):
    """What a running step does at the moment."""

    WORKING = "working"
    NOT_STARTED = "not started yet"
    TIME = "waiting for its time"
    JOB = "waiting for the end of its job"
    TASK_TOKEN = "waiting for its task token"  # noqa: S105  (no password)
    RETRY = "waiting to retry"
    CHILDREN = "waiting for the states inside it"


class MapCounts(NamedTuple):
    """The iterations of a Map, or the items of a Map Run. `total` is None if it is not known."""

    total: int | None
    succeeded: int = 0
    failed: int = 0
    aborted: int = 0
    running: int = 0
    pending: int = 0


class Scope(NamedTuple):
    """The branch or the iteration that a step belongs to."""

    step: int
    """The Parallel or Map, as an index of the steps."""
    attempt: int
    number: int
    """Which branch, in the order in which they began; or which iteration."""


class CallResult(NamedTuple):
    """What a Task got for a call: the output as JSON text, or an error.

    `is_submitted` says that the call only started something, whose end follows.
    """

    output: str | None = None
    error: str | None = None
    cause: str | None = None
    is_submitted: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A state that the execution entered.

    `path` names the states around it, such as `Each[3]` for an iteration of a Map. `attempts`
    counts the starts of its task, branches or iterations; 0 for states that have none. `error` and
    `cause` are of the last attempt that failed, even if a later one succeeded. `input` is kept if
    the step did not succeed, and `output` only on request.
    """

    name: str
    type: str
    path: tuple[str, ...]
    status: StepStatus
    entered: datetime
    ended: datetime | None = None
    attempts: int = 0
    error: str | None = None
    cause: str | None = None
    input: str | None = None
    output: str | None = None
    resource: str | None = None
    activity: Activity | None = None
    iterations: MapCounts | None = None
    map_run_arn: str | None = None
    scopes: tuple[Scope, ...] = ()
    """Where it is inside other steps, the outermost first."""
    results: tuple[CallResult, ...] = ()
    """Of each call in turn; kept only on request, and not if the data are omitted."""

    @property
    def has_failed(self) -> bool:
        """Whether it ended without success, also if that was caught."""
        return self.status not in {StepStatus.RUNNING, StepStatus.SUCCEEDED}

    @property
    def duration(self) -> timedelta | None:
        return self.ended - self.entered if self.ended else None


@dataclass(frozen=True, slots=True)
class History:
    """All steps in the order in which they began.

    `failed_state` is the name of the state that made the execution fail. If it timed out or was
    stopped, this is the state that it entered last and did not leave. `omits_data` says that inputs
    or outputs were too long to keep all of them.
    """

    steps: tuple[Step, ...]
    events: int
    redrives: tuple[datetime, ...] = ()
    failed_state: str | None = None
    omits_data: bool = False

    @property
    def waiting(self) -> Iterator[Step]:
        """The running steps that do not just wait for others inside them."""
        for each in self.steps:
            if each.status is StepStatus.RUNNING and each.activity is not Activity.CHILDREN:
                yield each
