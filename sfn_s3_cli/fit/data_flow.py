"""Where the event goes: what is known about the input of each state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sfn_s3_cli.asl.language.states import JSONATA, root
from sfn_s3_cli.fit.references import (
    JSONATA_CONTEXT,
    JSONPATH_CONTEXT,
    Names,
    Reference,
    references,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.asl.language.states import Container, State

_MOST_ADDED = 16
"""So many names are remembered, that the time stays linear in the number of states."""
_PASSING = {"Choice", "Pass", "Succeed", "Wait"}
"""The types whose result is their input."""


class Part(NamedTuple):
    """A part of what started the execution, and the names of what states have put into it."""

    base: Names = ()
    added: frozenset[str] = frozenset()

    def field(self, names: Names) -> Names | None:
        """Where the field is in what started the execution; None when a state may have put it."""
        return None if names and names[0] in self.added else (*self.base, *names)


Input: TypeAlias = Part | None
"""What is known about an input; None is nothing."""


class Visit(NamedTuple):
    """A state that an execution may come to."""

    state: State
    input: Input
    selected: Input
    """The input after `InputPath`."""
    is_sure: bool
    """Whether every execution comes to it, unless it fails before."""
    is_own_execution: bool
    """Whether the context's `Execution` is the one that the event started."""

    @property
    def output(self) -> Input:
        """What the state hands on, before `OutputPath`."""
        return _result(self.state, self.input, self.selected)

    def field(self, reference: Reference, own: Input) -> Names | None:
        """Where the field is in what started the execution; `own` is what the input is here."""
        if reference.root in {JSONPATH_CONTEXT, JSONATA_CONTEXT}:
            return reference.names if self.is_own_execution else None
        return own.field(reference.names) if own else None


def visits(definition: Mapping[str, Any]) -> Iterator[Visit]:
    """The states at any depth that can be reached, with what is known about their input."""
    waiting: list[tuple[Container, Input, bool, bool]] = [(root(definition), Part(), True, True)]
    while waiting:
        container, given, is_sure, is_own = waiting.pop()
        inside: list[tuple[Container, Input, bool, bool]] = []
        inputs, sure = _inputs(container, given), _sure(container) if is_sure else set()
        for state in container.states():
            if state.name in inputs:
                known = inputs[state.name]
                visit = Visit(state, known, _selected(state, known), state.name in sure, is_own)
                yield visit
                inside += _inside(visit)
        waiting += reversed(inside)


def _inside(visit: Visit) -> Iterator[tuple[Container, Input, bool, bool]]:
    """The branches of a Parallel run surely and get its input, the processor of a Map neither."""
    state = visit.state
    is_parallel = state.type == "Parallel"
    is_given = is_parallel and not {"Parameters", "Arguments"} & state.value.keys()
    is_sure = visit.is_sure and is_parallel and "Catch" not in state.value
    is_own = visit.is_own_execution and not state.is_distributed
    for container in state.containers():
        yield container, visit.selected if is_given else None, is_sure, is_own


def _sure(container: Container) -> set[str]:
    """The names of the states up to the first that may lead elsewhere."""
    states = {state.name: state for state in container.states()}
    sure: set[str] = set()
    name = container.value.get("StartAt")
    while isinstance(name, str) and name in states and name not in sure:
        sure.add(name)
        state = states[name]
        is_fork = state.type == "Choice" or "Catch" in state.value
        name = None if is_fork else state.value.get("Next")
    return sure


def _inputs(container: Container, given: Input) -> dict[str, Input]:
    """What is known about the input of each state; all that lead to it must agree."""
    states = {state.name: state for state in container.states()}
    inputs: dict[str, Input] = {}
    waiting: list[tuple[object, Input]] = [(container.value.get("StartAt"), given)]
    while waiting:
        name, new = waiting.pop()
        if not isinstance(name, str) or name not in states:
            continue
        known = _agreed(inputs[name], new) if name in inputs else new
        if name not in inputs or inputs[name] != known:
            inputs[name] = known
            waiting += _edges(states[name], known)
    return inputs


def _agreed(one: Input, other: Input) -> Input:
    if one and other and one.base == other.base:
        return _capped(one.base, one.added | other.added)
    return None


def _capped(base: Names, added: frozenset[str]) -> Input:
    return Part(base, added) if len(added) <= _MOST_ADDED else None


def _edges(state: State, known: Input) -> Iterator[tuple[object, Input]]:
    """The names of the states that may come next, each with what its input is then."""
    value = state.value
    result = _result(state, known, _selected(state, known))
    handed_on = result if state.language == JSONATA else _at(result, value.get("OutputPath", "$"))
    yield value.get("Next"), handed_on
    yield value.get("Default"), handed_on
    for rule in _mappings(value.get("Choices")):
        yield rule.get("Next"), handed_on if "Output" not in rule else None
    for catcher in _mappings(value.get("Catch")):
        place = catcher.get("ResultPath", "$")
        caught = None if state.language == JSONATA else _with_result(known, None, place)
        yield catcher.get("Next"), caught


def _mappings(value: object) -> Iterator[dict[str, Any]]:
    return (each for each in (value if isinstance(value, list) else []) if isinstance(each, dict))


def _selected(state: State, known: Input) -> Input:
    if state.language == JSONATA:
        return known
    return _at(known, state.value.get("InputPath", "$"))


def _result(state: State, known: Input, selected: Input) -> Input:
    value = state.value
    if state.language == JSONATA:
        return known if state.type in _PASSING and "Output" not in value else None
    if state.type in _PASSING - {"Pass"}:
        return selected
    passes = state.type == "Pass" and not {"Result", "Parameters"} & value.keys()
    if value.get("InputPath", "$") != "$" and "ResultPath" in value:
        return None
    return _with_result(known, selected if passes else None, value.get("ResultPath", "$"))


def _with_result(known: Input, result: Input, place: object) -> Input:
    """The input with the result put into it at a reference path."""
    if place == "$":
        return result
    if place is None or known is None:
        return known
    names = _names(place)
    return _capped(known.base, known.added | {names[0]}) if names else None


def _at(known: Input, path: object) -> Input:
    names = _names(path)
    if known is None or names is None:
        return None
    if not names:
        return known
    base = known.field(names)
    return None if base is None else Part(base)


def _names(path: object) -> Names | None:
    """The names of a path that is nothing else; None where it is something else."""
    if not isinstance(path, str):
        return None
    match list(references(path, "")):
        case [Reference(root="$", is_whole=True, names=names)]:
            return names
    return None
