"""Definitions with one fault each, to see whether the tests of a workflow notice it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

Definition: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[str | int, ...]

_NEXT = ("Next", "Default", "StartAt")
_ENTRIES = frozenset(("Retry", "Catch", "Choices", "ErrorEquals"))
_UNSEEN = frozenset(("Comment", "Label", "MaxConcurrency", "TimeoutSeconds"))
"""Fields that no test without time and load can see."""
_EXPRESSIONS = (
    ("object.key", "object.etag"),
    (".bucket", ".bukket"),
    ("$states.result", "$states.input"),
    ("$encodeUrlComponent(", "("),
    ("$substringAfter(", "$substringBefore("),
    ("$not(", "("),
    ("'processed/'", "'elsewhere/'"),
    ("'accepted/'", "'quarantine/'"),
    ("'quarantine/'", "'accepted/'"),
    (" != ", " = "),
    (" = ", " != "),
    (" <= ", " < "),
    (" or ", " and "),
    (" and ", " or "),
    ("$count(", "$sum("),
    ("$number(", "$string("),
    ("$split(", "$trim("),
    ("'array'", "'object'"),
    ("'string'", "'number'"),
    ("'number'", "'string'"),
)


class Mutant(NamedTuple):
    """A definition, and what is wrong with it."""

    fault: str
    definition: Definition


def make_mutants(definition: Definition) -> Iterator[Mutant]:
    """Every mutant of a definition: a transition, a condition, a Retry, a Catch, an argument or an
    output changed or removed."""
    for path, value in _walk(definition, ()):
        for change, new in _change(definition, path, value):
            mutant = copy.deepcopy(definition)
            _set(mutant, path, new)
            yield Mutant(f"{'/'.join(map(str, path))}: {change}", mutant)


_REMOVED = object()


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    members: Any = ()
    match value:
        case dict():
            members = value.items()
        case list():
            members = enumerate(value)
    for key, member in members:
        if key not in _UNSEEN:
            yield (*path, key), member
            yield from _walk(member, (*path, key))


def _change(definition: Definition, path: Path, value: Any) -> Iterator[tuple[str, Any]]:
    key = path[-1]
    parent = path[-2] if len(path) > 1 else ""
    is_argument = "Arguments" in path and not isinstance(value, dict | list)
    if parent in _ENTRIES or key in {"Output", "Assign"} or is_argument:
        yield "removed", _REMOVED
    if key in _NEXT and isinstance(value, str):
        others = (each for each in _list_later_states(definition, path) if each != value)
        yield from ((f"{value} -> {each}", each) for each in others)
    elif key == "MaxAttempts":
        yield f"{value} -> {value + 1}", value + 1
    elif key == "ToleratedFailurePercentage":
        yield f"{value} -> 100", 100
    elif isinstance(value, str):
        yield from _change_text(key, value)


def _change_text(key: str | int, text: str) -> Iterator[tuple[str, str]]:
    if text.startswith("{%"):
        for before, after in _EXPRESSIONS:
            if before in text:
                yield f"{before.strip()} -> {after.strip()}", text.replace(before, after, 1)
    elif key in {"Result", "Error", "reason"}:
        yield "changed", f"{text}!"


def _list_later_states(definition: Definition, path: Path) -> list[str]:
    """The states below that of the transition: one above it would make a loop, which takes long."""
    place: Any = definition
    names = list(definition["States"])
    for key in path[:-1]:
        if names and key in names:
            names = names[names.index(str(key)) + 1 :]
        place = place[key]
        if isinstance(place, dict) and "States" in place:
            names = list(place["States"])
    return names if path[-1] != "StartAt" else list(place["States"])


def _set(definition: Definition, path: Path, value: Any) -> None:
    place: Any = definition
    for key in path[:-1]:
        place = place[key]
    if value is _REMOVED:
        del place[path[-1]]
    else:
        place[path[-1]] = value
