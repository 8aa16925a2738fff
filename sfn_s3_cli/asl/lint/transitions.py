"""The transitions of a container: where they lead, and which states they reach."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.asl.lint.subjects import called, of_container
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sfn_s3_cli.asl.language.states import Container, State
    from sfn_s3_cli.documents.document import ValuePath

# To look for what was meant takes a while, so it is done for few names, and among not too many.
_HINTED = 20
_COMPARED = 500


class Transition(NamedTuple):
    target: str
    path: ValuePath


def check(container: Container, homes: Mapping[str, State], *, is_sound: bool) -> Iterator[Finding]:
    """Transitions that lead nowhere, no end, and states that are never reached.

    The last two follow from a fault elsewhere more often than not, so only a container in
    which everything else is sound is searched for them. AWS asks for an end of the definition
    alone (docs/facts.md); a branch may go round until an error ends it.
    `homes` has the states of the whole definition by name.
    """
    names = container.value.get("States")
    start = container.value.get("StartAt")
    if not isinstance(names, dict) or not names or not isinstance(start, str):
        return
    states = {state.name: state for state in container.states()}
    ways = {name: list(transitions(state)) for name, state in states.items()}
    first = Transition(start, (*container.path, "StartAt"))
    dangling = [each for each in chain([first], *ways.values()) if each.target not in names]
    for number, each in enumerate(dangling):
        likely = islice(states, _COMPARED if number < _HINTED else 0)
        yield _nowhere(each, likely, homes)
    if not is_sound or dangling or len(states) < len(names):
        return
    if container.parent or any(map(_ends, states.values())):
        yield from _unreached(start, states, ways)
    else:
        message, remedy = "no state ends the definition", "add `End: true` to the last one"
        yield Finding("MISSING_END_STATE", ("States",), message, remedy, at_key=True)


def reached(first: Iterable[str], ways: Mapping[str, list[Transition]]) -> set[str]:
    """The names of the first states and of all that may come after them."""
    waiting = list(first)
    seen = set(waiting)
    while waiting:
        for transition in ways.get(waiting.pop(), ()):
            if transition.target not in seen:
                seen.add(transition.target)
                waiting.append(transition.target)
    return seen


def transitions(state: State) -> Iterator[Transition]:
    """Wherever a state names another, be it in a field that it should not have."""
    for key in ("Next", "Default"):
        yield from _transition(state.value, key, state.path)
    for key in ("Choices", "Catch"):
        match state.value.get(key):
            case list(entries):
                for number, entry in enumerate(entries):
                    yield from _transition(entry, "Next", (*state.path, key, number))


def _transition(holder: Any, key: str, path: ValuePath) -> Iterator[Transition]:
    match holder:
        case dict():
            target = holder.get(key)
            if isinstance(target, str):
                yield Transition(target, (*path, key))


def _ends(state: State) -> bool:
    return state.value.get("End") is True or state.type in {"Succeed", "Fail"}


def _nowhere(transition: Transition, likely: Iterable[str], homes: Mapping[str, State]) -> Finding:
    target = transition.target
    message = f"there is no state {describe(target)} for this transition"
    if target in homes:
        home = of_container(homes[target].container).subject
        remedy = f"name a state beside this one; that one belongs to {home}"
    else:
        remedy = suggest(target, likely) or "name a state that exists"
    return Finding("MISSING_TRANSITION_TARGET", transition.path, message, remedy)


def _unreached(
    start: str, states: Mapping[str, State], ways: Mapping[str, list[Transition]]
) -> Iterator[Finding]:
    seen = reached([start], ways)
    for name, state in states.items():
        if name not in seen:
            message = f"{called(state)} is not reachable"
            remedy = "lead a transition to it, or remove it"
            yield Finding("MISSING_TRANSITION_TARGET", state.path, message, remedy, at_key=True)
