"""A picture of a pipeline or its state machine, and what is known about each state in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sfn_s3_cli.graph.machine import make_graph
from sfn_s3_cli.graph.pipeline import make_chain
from sfn_s3_cli.graph.run import group_by_state, leave_out_states, mark_states

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.executions.details import ExecutionDetails
    from sfn_s3_cli.executions.steps import Step
    from sfn_s3_cli.graph.model import Graph
    from sfn_s3_cli.json_types import JsonMapping


class Part(StrEnum):
    """What to draw."""

    PIPELINE = "pipeline"
    MACHINE = "machine"
    BOTH = "both"


@dataclass(frozen=True)
class Picture:
    """What to draw. `definitions` and `steps` have those of each state, by the id of its node.

    `missing` names the states that the execution entered and the definition does not have.
    """

    title: str
    graph: Graph
    definitions: Mapping[str, JsonMapping] = field(default_factory=dict)
    details: ExecutionDetails | None = None
    steps: Mapping[str, Sequence[Step]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def make_picture(
    pipeline: Pipeline,
    definition: JsonMapping | None,
    part: Part,
    details: ExecutionDetails | None = None,
) -> Picture:
    """Draws a part of the pipeline, with the outcome of an execution if there is one."""
    graph = (
        make_graph(definition or {})
        if part is Part.MACHINE
        else make_chain(pipeline, definition if part is Part.BOTH else None)
    )
    states = {each.id: each for each in graph.walk() if each.path is not None}
    found = {id_: _find_value(definition or {}, each.path or ()) for id_, each in states.items()}
    if details is None:
        return Picture(pipeline.name, graph, found)
    steps = group_by_state(details.history.steps)
    names = {each.title for each in states.values()}
    return Picture(
        f"{pipeline.name}: {details.execution.name}",
        leave_out_states(graph)
        if details.steps_not_read
        else mark_states(graph, steps, details.map_runs),
        found,
        details,
        {id_: steps.get(each.title, ()) for id_, each in states.items()},
        tuple(each for each in steps if each not in names),
    )


def _find_value(definition: JsonMapping, path: Sequence[str | int]) -> JsonMapping:
    """The definition of a state."""
    value: object = definition
    for each in path:
        value = value[each]  # type: ignore[index]
    assert isinstance(value, dict)
    return value
