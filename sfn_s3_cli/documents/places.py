"""Places: of a value inside a document, and in a file."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

ValuePath: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""


class Mark(NamedTuple):
    """A place in a file, counted from 1."""

    line: int
    column: int


def mark_at(text: str, position: int) -> Mark:
    """The line and column of a position in a text."""
    before = text[:position]
    return Mark(before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)
