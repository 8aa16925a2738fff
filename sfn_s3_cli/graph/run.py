"""What an execution did, on the picture of its state machine."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from sfn_s3_cli.counts import Count
from sfn_s3_cli.duration import format_length
from sfn_s3_cli.executions.steps import StepStatus
from sfn_s3_cli.graph.model import Graph, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sfn_s3_cli.executions.steps import Step
    from sfn_s3_cli.graph.model import Node

_MARKS = {
    StepStatus.FAILED: Mark.FAILED,
    StepStatus.TIMED_OUT: Mark.FAILED,
    StepStatus.RUNNING: Mark.RUNNING,
    StepStatus.CAUGHT: Mark.CAUGHT,
    StepStatus.ABORTED: Mark.STOPPED,
    StepStatus.SUCCEEDED: Mark.SUCCEEDED,
}
"""The worst first: a state that ran several times has the mark of the worst."""


def group_by_state(steps: Iterable[Step]) -> dict[str, list[Step]]:
    """The steps of each state, by its name, which is unique in the whole definition."""
    groups: dict[str, list[Step]] = {}
    for each in steps:
        groups.setdefault(each.name, []).append(each)
    return groups


def mark_states(graph: Graph, steps: Mapping[str, Sequence[Step]]) -> Graph:
    """The same picture with the outcome of each state. States that did not run are marked too."""
    return replace(graph, nodes=tuple(_mark(each, steps) for each in graph.nodes))


def _mark(node: Node, steps: Mapping[str, Sequence[Step]]) -> Node:
    inside = tuple(_mark(each, steps) for each in node.inside)
    if node.path is None:
        return replace(node, inside=inside)
    own = steps.get(node.title, ())
    lines = tuple(_describe(own)) if own else ("not run",)
    return replace(node, inside=inside, lines=(*node.lines, *lines), mark=_find_mark(own))


def _find_mark(steps: Sequence[Step]) -> Mark:
    found = {each.status for each in steps}
    return next((mark for status, mark in _MARKS.items() if status in found), Mark.SKIPPED)


def _describe(steps: Sequence[Step]) -> Iterator[str]:
    """How the steps of a state ended, how long they took, and how often they were tried."""
    counts = Counter(each.status for each in steps)
    lengths = [each.duration for each in steps if each.duration is not None]
    took = format_length(max(lengths)) if lengths else ""
    if len(steps) == 1:
        yield " ".join([steps[0].status, *([f"after {took}"] if took else [])])
    else:
        yield f"{len(steps):,} times, {took and f'at most {took}'}".removesuffix(", ")
        yield ", ".join(f"{counts[status]:,} {status}" for status in _MARKS if counts[status])
    if (attempts := sum(each.attempts for each in steps)) > len(steps):
        yield f"{Count(attempts):attempt}"
    if iterations := sum(each.iterations.total or 0 for each in steps if each.iterations):
        yield f"{Count(iterations):iteration}"
    errors = dict.fromkeys(each.error for each in steps if each.error and each.has_failed)
    yield from (f"error {each}" for each in [*errors][:2])
    yield from {str(each.activity): None for each in steps if each.activity}
