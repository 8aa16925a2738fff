"""The picture of a state machine, from its definition alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language.conditions import describe_condition
from sfn_s3_cli.asl.language.states import to_container, walk_states
from sfn_s3_cli.graph.mermaid import write_mermaid
from sfn_s3_cli.graph.model import Edge, Graph, Look, Node, Shape
from sfn_s3_cli.graph.state_text import describe_errors, describe_state, list_mappings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sfn_s3_cli.asl.language.states import Container, State
    from sfn_s3_cli.documents.places import ValuePath
    from sfn_s3_cli.json_types import JsonMapping

START, END = "start", "done"
_SHAPES = {
    "Choice": Shape.HEXAGON,
    "Pass": Shape.ROUND,
    "Wait": Shape.ROUND,
    "Succeed": Shape.PILL,
    "Fail": Shape.PILL,
}
_LOOKS = {
    "Choice": Look.CHOICE,
    "Fail": Look.FAIL,
    "Map": Look.AROUND,
    "Parallel": Look.AROUND,
    "Succeed": Look.SUCCEED,
    "Task": Look.TASK,
}


def draw_machine(definition: JsonMapping) -> str:
    """Draws a state machine as Mermaid text, which GitHub and GitLab show as a picture.

    A definition with mistakes is drawn as far as it goes.

    >>> print(draw_machine({"StartAt": "Hi", "States": {"Hi": {"Type": "Pass", "End": True}}}))
    flowchart TD
      start(["Start"])
      s1("Hi<br>Pass")
      done(["End"])
      start --> s1
      s1 --> done
      classDef ends fill:#e5e7eb,stroke:#6b7280,color:#111827
      class start,done ends
      classDef plain fill:#f3f4f6,stroke:#6b7280,color:#111827
      class s1 plain
    """
    return write_mermaid(make_graph(definition))


def make_graph(definition: JsonMapping) -> Graph:
    """Each state is one node, also a Map or a Parallel, which contains the states inside it."""
    return _Drawing(to_container(definition)).draw()


class _Transition(NamedTuple):
    """Where a state may go, by name; END stands for the end of the states around it."""

    target: str | None
    text: str = ""
    is_catch: bool = False


class _Drawing:
    """Gives each state a number, then makes the nodes and the edges."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._ids: dict[ValuePath, str] = {}
        self._edges: dict[tuple[str, str, bool], list[str]] = {}
        for state in walk_states(container):
            self._ids[state.path] = f"s{len(self._ids) + 1}"

    def draw(self) -> Graph:
        start = Node(START, "Start", shape=Shape.PILL, look=Look.ENDS)
        first = self._find(self._container, self._container.value.get("StartAt"))
        if first:
            self._connect(START, first, _Transition(None))
        nodes = (start, *self._draw_states(self._container, END))
        return Graph(
            nodes,
            tuple(
                Edge(source, target, tuple(texts), is_dashed)
                for (source, target, is_dashed), texts in self._edges.items()
            ),
        )

    def _find(self, container: Container, name: object) -> str | None:
        """The node of a state of that name; None if there is none."""
        return self._ids.get((*container.path, "States", name)) if isinstance(name, str) else None

    def _connect(self, source: str, target: str, transition: _Transition) -> None:
        """Adds an edge. Another one between the same nodes gets one more line of text instead."""
        texts = self._edges.setdefault((source, target, transition.is_catch), [])
        if transition.text:
            texts.append(transition.text)

    def _draw_states(self, container: Container, end: str) -> tuple[Node, ...]:
        """The states in the order in which they can run, and their end, if it has to be drawn."""
        nodes = []
        shows_end = container.parent is None or _has_hidden_end(container)
        for state in _order(container):
            nodes.append(self._draw_state(state))
            for each in _list_transitions(state):
                target = self._find(container, each.target)
                if each.target is None and shows_end:
                    target = end
                if target:
                    self._connect(self._ids[state.path], target, each)
        if any(target == end for _, target, _ in self._edges):
            nodes.append(Node(end, "End", shape=Shape.PILL, look=Look.ENDS))
        return tuple(nodes)

    def _draw_state(self, state: State) -> Node:
        id_ = self._ids[state.path]
        return Node(
            id_,
            state.name,
            describe_state(state),
            _SHAPES.get(state.type, Shape.BOX),
            _LOOKS.get(state.type, Look.PLAIN),
            path=state.path,
            inside=tuple(self._draw_inside(state, id_)),
        )

    def _draw_inside(self, state: State, id_: str) -> Iterator[Node]:
        """The states of a Map, or a group for each branch of a Parallel."""
        for number, container in enumerate(state.containers(), start=1):
            states = self._draw_states(container, f"{id_}end{number}")
            if state.type == "Parallel":
                yield Node(f"{id_}b{number}", f"Branch {number}", look=Look.BRANCH, inside=states)
            else:
                yield from states


def _order(container: Container) -> Iterable[State]:
    """Its states in the order in which they can run, then those that nothing leads to."""
    states = {each.name: each for each in container.states()}
    ordered: dict[str, State] = {}
    waiting = [str(container.value.get("StartAt"))]
    for name in waiting:
        if name in states and name not in ordered:
            ordered[name] = states[name]
            waiting += [each.target for each in _list_transitions(states[name]) if each.target]
    return (ordered | states).values()


def _list_transitions(state: State) -> Iterator[_Transition]:
    """All ways out of a state, in the order in which they are tried."""
    value = state.value
    for rule in list_mappings(value, "Choices"):
        yield _Transition(_read_name(rule, "Next"), describe_condition(rule))
    if "Default" in value:
        yield _Transition(_read_name(value, "Default"), "otherwise")
    if "Next" in value:
        yield _Transition(_read_name(value, "Next"))
    if value.get("End") is True:
        yield _Transition(None)
    for catcher in list_mappings(value, "Catch"):
        yield _Transition(_read_name(catcher, "Next"), describe_errors(catcher), is_catch=True)


def _has_hidden_end(container: Container) -> bool:
    """Whether a state ends although arrows lead from it to others."""
    ends = (each for each in container.states() if each.value.get("End") is True)
    return any(len([*_list_transitions(each)]) > 1 for each in ends)


def _read_name(value: JsonMapping, key: str) -> str:
    return str(value.get(key))
