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

    from sfn_s3_cli.executions.details import MapRun
    from sfn_s3_cli.executions.steps import MapCounts, Step
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


def mark_states(
    graph: Graph, steps: Mapping[str, Sequence[Step]], map_runs: Iterable[MapRun] = ()
) -> Graph:
    """The same picture with the outcome of each state, instead of its limits. States that did not
    run are marked too."""
    items = {run.arn: run.items for run in map_runs if run.items}
    return replace(graph, nodes=tuple(_mark(each, steps, items) for each in graph.nodes))


def _mark(node: Node, steps: Mapping[str, Sequence[Step]], items: Mapping[str, MapCounts]) -> Node:
    """A Map Run is not looked into: it runs its states in executions of their own."""
    own = steps.get(node.title, ()) if node.path is not None else ()
    if any(each.map_run_arn for each in own):
        inside = tuple(map(_leave_out, node.inside))
    else:
        inside = tuple(_mark(each, steps, items) for each in node.inside)
    if node.path is None:
        return replace(node, inside=inside)
    lines = (*node.lines[:1], *_describe(own, items))
    return replace(node, inside=inside, lines=lines, mark=_find_mark(own))


def leave_out_states(graph: Graph) -> Graph:
    """The same picture for an execution whose steps could not be read."""
    return replace(graph, nodes=tuple(map(_leave_out, graph.nodes)))


def _leave_out(node: Node) -> Node:
    inside = tuple(map(_leave_out, node.inside))
    if node.path is None:
        return replace(node, inside=inside)
    return replace(node, inside=inside, lines=(*node.lines[:1], "not read"), mark=Mark.UNREAD)


def _find_mark(steps: Sequence[Step]) -> Mark:
    found = {each.status for each in steps}
    return next((mark for status, mark in _MARKS.items() if status in found), Mark.SKIPPED)


def _describe(steps: Sequence[Step], items: Mapping[str, MapCounts]) -> Iterator[str]:
    """How the steps of a state ended, how long they took, and how often they were tried."""
    if not steps:
        yield "not run"
        return
    lengths = [each.duration for each in steps if each.duration is not None]
    took = format_length(max(lengths)) if lengths else ""
    if len(steps) == 1:
        yield " ".join([steps[0].status, *([f"after {took}"] if took else [])])
    else:
        counts = Counter(each.status for each in steps)
        yield ", ".join(f"{counts[each]:,} {each}" for each in _MARKS if counts[each])
        if took:
            yield f"at most {took}"
    yield from dict.fromkeys(f"error {each.error}" for each in steps if each.error)
    if (attempts := sum(each.attempts for each in steps)) > len(steps):
        yield f"{Count(attempts):attempt}"
    yield from _describe_items(steps, items)
    yield from dict.fromkeys(str(each.activity) for each in steps if each.activity)


def _describe_items(steps: Sequence[Step], items: Mapping[str, MapCounts]) -> Iterator[str]:
    """How many iterations a Map had, or items its Map Run, and how many failed."""
    iterations = [each.iterations for each in steps if each.iterations]
    runs = [items[each] for step in steps if (each := step.map_run_arn) and each in items]
    for noun, counts in (("iteration", iterations), ("item", runs)):
        if counts:
            failed = sum(each.failed for each in counts)
            more = f", {failed:,} failed" if failed else ""
            yield f"{Count(sum(each.total or 0 for each in counts)):{noun}}{more}"
