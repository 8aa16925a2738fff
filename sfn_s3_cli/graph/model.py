"""A picture before it is drawn: nodes, groups of nodes, and the edges between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.documents.places import ValuePath


class Shape(StrEnum):
    """What a node looks like."""

    BOX = "box"
    ROUND = "round"
    HEXAGON = "hexagon"
    PILL = "pill"
    STORE = "store"


class Look(StrEnum):
    """What a node is, which gives it its colour."""

    PLAIN = "plain"
    TASK = "task"
    CHOICE = "choice"
    SUCCEED = "succeed"
    FAIL = "fail"
    ENDS = "ends"
    AROUND = "around"
    BRANCH = "branch"
    MACHINE = "machine"


class Mark(StrEnum):
    """What became of a state in an execution."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CAUGHT = "caught"
    RUNNING = "running"
    STOPPED = "stopped"
    SKIPPED = "skipped"
    UNREAD = "unread"
    """Not known: its steps are those of another execution, or could not be read."""


@dataclass(frozen=True)
class Node:
    """A box with text, or around the nodes inside it.

    `lines` come below the title. `path` is that of its state in the definition.
    """

    id: str
    title: str
    lines: tuple[str, ...] = ()
    shape: Shape = Shape.BOX
    look: Look = Look.PLAIN
    path: ValuePath | None = None
    mark: Mark | None = None
    inside: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """This node and all nodes inside it, outer ones first."""
        yield self
        for each in self.inside:
            yield from each.walk()


class Edge(NamedTuple):
    """An arrow, with a line for each rule that leads there. A dashed one is taken only after an
    error."""

    source: str
    target: str
    lines: tuple[str, ...] = ()
    is_dashed: bool = False


@dataclass(frozen=True)
class Graph:
    """The nodes that no other node contains, and all edges."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def walk(self) -> Iterator[Node]:
        """All nodes, at any depth."""
        for each in self.nodes:
            yield from each.walk()
