"""What no test case reached: states, rules of Choices, Retriers and Catchers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.testing.paths import Path
    from sfn_s3_cli.testing.workflow import Workflow

DEFAULT = -1
"""The index of the Default of a Choice."""


class Part(NamedTuple):
    """A part of a definition that a case can reach: a state, or an entry of one of its fields."""

    state: str
    field: str = ""
    """`Choices`, `Retry` or `Catch`; empty for the state itself."""
    number: int = 0
    """The index of the entry."""


class Missed(NamedTuple):
    """A part that no case reached, and its place."""

    part: Part
    file: str
    line: int
    column: int


class Coverage(NamedTuple):
    """How much of the tested definitions the cases reached."""

    parts: int
    missed: tuple[Missed, ...]


def measure(workflows: Iterable[Workflow], reached: Iterable[tuple[str, Part]]) -> Coverage:
    """Measures definitions, each of them once, by what the cases reached in the file of each."""
    known, found, missed = set(reached), 0, []
    for each in workflows:
        file = each.document.file
        for part, place in _list_parts(each):
            found += 1
            if (file, part) not in known:
                missed.append(Missed(part, file, *each.document.mark(place)))
    return Coverage(found, tuple(missed))


def list_states(path: Path) -> Iterator[Part]:
    """The states of a path, at any depth."""
    for each in path:
        if isinstance(each, str):
            yield Part(each)
        else:
            yield from list_states(each)


def _list_parts(workflow: Workflow) -> Iterator[tuple[Part, tuple[str | int, ...]]]:
    for state in workflow.states.values():
        yield Part(state.name), state.path
        yield from _list_entries(state)


def _list_entries(state: State) -> Iterator[tuple[Part, tuple[str | int, ...]]]:
    for field in ("Choices", "Retry", "Catch"):
        entries = state.value.get(field)
        for index in range(len(entries) if isinstance(entries, list) else 0):
            yield Part(state.name, field, index), (*state.path, field, index)
    if state.type == "Choice" and "Default" in state.value:
        yield Part(state.name, "Choices", DEFAULT), (*state.path, "Default")
