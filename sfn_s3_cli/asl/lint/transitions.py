"""Checks the transitions of a container: where they lead, and which states they reach."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.lint.subjects import Subject, name_state
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sfn_s3_cli.asl.language.states import Container, State
    from sfn_s3_cli.documents.places import ValuePath

# Suggesting names is slow, so few missing targets get one, from a limited number of names.
_SUGGESTIONS = 20
_COMPARED = 500


class Transition(NamedTuple):
    target: str
    path: ValuePath


def check(container: Container, homes: Mapping[str, State], *, is_sound: bool) -> Iterator[Finding]:
    """Finds missing targets, a missing end, and states that no transition reaches.

    Other errors often cause the last two, so these are checked only if the container is sound.
    AWS requires an end of the definition only (docs/facts.md); a branch may loop until an error
    ends it. `homes` maps the names of all states of the definition to the states.
    """
    names = container.value.get("States")
    start = container.value.get("StartAt")
    if not isinstance(names, dict) or not names or not isinstance(start, str):
        return
    states = {state.name: state for state in container.states()}
    following = {name: list(list_transitions(state)) for name, state in states.items()}
    first = Transition(start, (*container.path, "StartAt"))
    missing = [each for each in chain([first], *following.values()) if each.target not in names]
    for number, each in enumerate(missing):
        similar = islice(states, _COMPARED if number < _SUGGESTIONS else 0)
        yield _report_target(each, similar, homes)
    if not is_sound or missing or len(states) < len(names):
        return
    if container.parent or any(map(_ends, states.values())):
        yield from _check_reachable(start, states, following)
    else:
        message, remedy = "no state ends the execution", "add `End: true` to the last one"
        yield Finding("MISSING_END_STATE", ("States",), message, remedy, at_key=True)


def find_reachable(first: Iterable[str], following: Mapping[str, list[Transition]]) -> set[str]:
    """Finds the names of the first states and of all states that may come after them."""
    waiting = list(first)
    seen = set(waiting)
    while waiting:
        for transition in following.get(waiting.pop(), ()):
            if transition.target not in seen:
                seen.add(transition.target)
                waiting.append(transition.target)
    return seen


def list_transitions(state: State) -> Iterator[Transition]:
    """Lists all transitions of a state, even those in fields that it should not have."""
    for key in ("Next", "Default"):
        yield from _read_transition(state.value, key, state.path)
    for key in ("Choices", "Catch"):
        match state.value.get(key):
            case list(entries):
                for number, entry in enumerate(entries):
                    yield from _read_transition(entry, "Next", (*state.path, key, number))


def _read_transition(holder: object, key: str, path: ValuePath) -> Iterator[Transition]:
    if isinstance(holder, dict) and isinstance(target := holder.get(key), str):
        yield Transition(target, (*path, key))


def _ends(state: State) -> bool:
    return state.value.get("End") is True or state.type in {"Succeed", "Fail"}


def _report_target(
    transition: Transition, similar: Iterable[str], homes: Mapping[str, State]
) -> Finding:
    target = transition.target
    message = f"the state {describe(target)} does not exist"
    remedy = suggest(target, similar) or "name a state that exists"
    if target in homes:
        home = Subject.from_container(homes[target].container).name
        message = f"the state {describe(target)} belongs to {home}, so nothing here can lead to it"
        remedy = "name a state on the same level"
    return Finding("MISSING_TRANSITION_TARGET", transition.path, message, remedy)


def _check_reachable(
    start: str, states: Mapping[str, State], following: Mapping[str, list[Transition]]
) -> Iterator[Finding]:
    seen = find_reachable([start], following)
    for name, state in states.items():
        if name not in seen:
            message = f"{name_state(state)} is not reachable"
            remedy = "add a transition to it, or remove it"
            yield Finding("MISSING_TRANSITION_TARGET", state.path, message, remedy, at_key=True)
