"""A state while its history is being read, and the step that it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sfn_s3_cli.executions.steps import Activity, CallResult, MapCounts, Scope, Step, StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

ITERATION = "Iteration"
CONTAINERS = {"Map", "Parallel"}


@dataclass(slots=True, eq=False)
class Node:
    """A state that was entered, or an iteration of a Map."""

    name: str
    type: str
    parent: Node | None
    entered: datetime
    index: int = -1
    """Of an iteration, or of the branch that a state belongs to."""
    number: int = -1
    """Its place among the steps."""
    ended: datetime | None = None
    has_exited: bool = False
    status: StepStatus = StepStatus.RUNNING
    is_failing: bool = False
    attempts: int = 0
    error: str | None = None
    cause: str | None = None
    input: str | None = None
    output: str | None = None
    resource: str | None = None
    last_type: str = ""
    origin: Node | None = None
    """The step inside it that made it fail."""
    total: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    iterations: dict[int, Node] = field(default_factory=dict)
    map_run_arn: str | None = None
    branches: int = 0
    """How many of a Parallel have begun in this attempt."""
    attempt: int = 0
    """That of the Parallel or Map around it."""
    results: list[CallResult] = field(default_factory=list)

    def list_around(self) -> Iterator[Node]:
        """This node and those around it, the innermost first."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent


def freeze(node: Node) -> Step:
    around = list(node.list_around())[:0:-1]
    is_running = node.status is StepStatus.RUNNING
    return Step(
        name=node.name,
        type=node.type,
        path=tuple(_label(each) for each in around if not _is_repeated(each)),
        status=node.status,
        entered=node.entered,
        ended=node.ended,
        attempts=node.attempts,
        error=node.error,
        cause=node.cause,
        input=node.input,
        output=node.output,
        resource=node.resource,
        activity=_find_activity(node) if is_running else None,
        iterations=_count(node) if node.type == "Map" and node.map_run_arn is None else None,
        map_run_arn=node.map_run_arn,
        scopes=tuple(_list_scopes(node))[::-1],
        results=tuple(node.results),
    )


def _list_scopes(node: Node) -> Iterator[Scope]:
    """The innermost first."""
    for each in node.list_around():
        around = each.parent
        if around is not None and around.type in CONTAINERS:
            yield Scope(around.number, each.attempt, each.index)


def _is_repeated(node: Node) -> bool:
    """Whether its iteration, which follows in the path, names it already."""
    return node.type == "Map"


def _label(node: Node) -> str:
    return f"{node.name}[{node.index}]" if node.type == ITERATION else node.name


def _count(node: Node) -> MapCounts:
    running = len(node.iterations) if node.status is StepStatus.RUNNING else 0
    ended = {name: node.counts.get(name, 0) for name in ("succeeded", "failed", "aborted")}
    left = (node.total or 0) - running - sum(ended.values())
    pending = left if node.status is StepStatus.RUNNING else 0
    return MapCounts(node.total, **ended, running=running, pending=max(0, pending))


def _find_activity(node: Node) -> Activity:
    if node.type in CONTAINERS:
        return Activity.RETRY if node.is_failing else Activity.CHILDREN
    if node.type == "Wait":
        return Activity.TIME
    if node.is_failing:
        return Activity.RETRY
    if node.last_type.endswith("Scheduled"):
        return Activity.NOT_STARTED
    resource = node.resource or ""
    if resource.endswith(".waitForTaskToken"):
        return Activity.TASK_TOKEN
    if node.last_type == "TaskSubmitted":
        return Activity.JOB
    return Activity.WORKING
