"""Names the fields in a state as AWS does: `Output/total`, `Choices[1]/Condition`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.documents.places import ValuePath

_INSIDE = {"Branches", "ItemProcessor", "Iterator"}
"""The fields with other states."""
_NAMED = re.compile(
    r"The JSONata expression .*specified for the field '(.+?)' (?:threw|returned|must be) ",
    re.DOTALL,
)


def read_location(cause: str) -> str | None:
    """The field that a cause names whose expression failed."""
    named = _NAMED.search(cause)
    return named[1] if named else None


def find_path(state: object, location: str) -> ValuePath:
    """The path of a field inside its state; empty if the state does not have it."""
    return next((path for path, _ in _walk(state, ()) if write_location(path) == location), ())


def write_location(path: ValuePath) -> str:
    """Writes the path of a field.

    >>> write_location(("Choices", 1, "Output", "v"))
    'Choices[1]/Output/v'
    """
    parts = (f"[{each}]" if isinstance(each, int) else f"/{each}" for each in path)
    return "".join(parts).removeprefix("/")


def _walk(value: object, path: ValuePath) -> Iterator[tuple[ValuePath, object]]:
    """Each value inside a state, but not those of the states inside it."""
    yield path, value
    items: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        items = [(str(key), each) for key, each in value.items() if path or key not in _INSIDE]
    elif isinstance(value, list):
        items = [*enumerate(value)]
    for key, each in items:
        yield from _walk(each, (*path, key))
