"""Follows the event through the definition: what is known about the input of each state."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language.states import to_container
from sfn_s3_cli.fit.known_input import EventPart, merge
from sfn_s3_cli.fit.references import JSONATA_CONTEXT, JSONPATH_CONTEXT
from sfn_s3_cli.fit.state_output import (
    find_error_output,
    find_output,
    find_result,
    select_input,
)
from sfn_s3_cli.json_types import JsonMapping, JsonObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.states import Container, State
    from sfn_s3_cli.documents.shape import FieldPath
    from sfn_s3_cli.fit.known_input import KnownInput
    from sfn_s3_cli.fit.references import Reference


class ReachedState(NamedTuple):
    """A state that an execution can reach."""

    state: State
    input: KnownInput
    is_certain: bool
    """Whether every execution reaches it, unless it fails before."""
    is_own_execution: bool
    """Whether the context's `Execution` is the one that the event started."""

    @property
    def selected_input(self) -> KnownInput:
        """The input after `InputPath`."""
        return select_input(self.state, self.input)

    @property
    def result(self) -> KnownInput:
        """What the state passes on, before `OutputPath`."""
        return find_result(self.state, self.input)

    def locate(self, reference: Reference, own: KnownInput) -> FieldPath | None:
        """Locate a referenced field in the execution's input; None if that is not known.

        `own` is the input that the state's own root refers to.
        """
        if reference.root in {JSONPATH_CONTEXT, JSONATA_CONTEXT}:
            return reference.field if self.is_own_execution else None
        return own.locate(reference.field) if own else None


class _ReachedContainer(NamedTuple):
    """A container of states, and what is known about it."""

    container: Container
    input: KnownInput
    is_certain: bool
    is_own_execution: bool


def follow_event(definition: JsonMapping) -> Iterator[ReachedState]:
    """Yield the states at any depth that can be reached, with what is known about their input."""
    waiting = [
        _ReachedContainer(
            to_container(definition), EventPart(), is_certain=True, is_own_execution=True
        )
    ]
    while waiting:
        outer = waiting.pop()
        inside: list[_ReachedContainer] = []
        for reached in _follow(outer):
            yield reached
            inside += _enter(reached)
        waiting += reversed(inside)


def _follow(outer: _ReachedContainer) -> Iterator[ReachedState]:
    inputs = _find_inputs(outer.container, outer.input)
    certain = _find_certain(outer.container) if outer.is_certain else set()
    for state in outer.container.states():
        if state.name in inputs:
            is_certain = state.name in certain
            yield ReachedState(state, inputs[state.name], is_certain, outer.is_own_execution)


def _enter(reached: ReachedState) -> Iterator[_ReachedContainer]:
    """All branches of a Parallel run, and get its input. The processor of a Map may not run."""
    state = reached.state
    is_parallel = state.type == "Parallel"
    gets_input = is_parallel and not {"Parameters", "Arguments"} & state.value.keys()
    known = reached.selected_input if gets_input else None
    is_certain = reached.is_certain and is_parallel and "Catch" not in state.value
    is_own = reached.is_own_execution and not state.is_distributed
    for container in state.containers():
        yield _ReachedContainer(container, known, is_certain, is_own)


def _find_certain(container: Container) -> set[str]:
    """Name the states from the first one to the first that can lead to different states."""
    states = {state.name: state for state in container.states()}
    certain: set[str] = set()
    name = container.value.get("StartAt")
    while isinstance(name, str) and name in states and name not in certain:
        certain.add(name)
        state = states[name]
        is_fork = state.type == "Choice" or "Catch" in state.value
        name = None if is_fork else state.value.get("Next")
    return certain


def _find_inputs(container: Container, known: KnownInput) -> dict[str, KnownInput]:
    """Find what is known about each state's input, whichever transition leads to it."""
    states = {state.name: state for state in container.states()}
    inputs: dict[str, KnownInput] = {}
    waiting: list[tuple[object, KnownInput]] = [(container.value.get("StartAt"), known)]
    while waiting:
        name, new = waiting.pop()
        if not isinstance(name, str) or name not in states:
            continue
        merged = merge(inputs[name], new) if name in inputs else new
        if name not in inputs or inputs[name] != merged:
            inputs[name] = merged
            waiting += _follow_transitions(states[name], merged)
    return inputs


def _follow_transitions(state: State, known: KnownInput) -> Iterator[tuple[object, KnownInput]]:
    """Yield the names of the possible next states, each with its input."""
    output = find_output(state, known)
    yield state.value.get("Next"), output
    yield state.value.get("Default"), output
    for rule in _list_mappings(state.value.get("Choices")):
        yield rule.get("Next"), None if "Output" in rule else output
    for catcher in _list_mappings(state.value.get("Catch")):
        yield catcher.get("Next"), find_error_output(state, known, catcher)


def _list_mappings(value: object) -> list[JsonObject]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
