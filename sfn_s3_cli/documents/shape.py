"""The shape of a JSON value: which fields it can have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Shape: TypeAlias = "Mapping[str, Shape] | None"
"""The fields of a value: empty for a plain value, None if it can have any field."""

FieldPath: TypeAlias = tuple[str, ...]
"""The names that lead to a field; an index is a name too: `("resources", "0")`."""


def plain_fields(names: str) -> dict[str, Shape]:
    """Make fields that are plain values, from their names in one string."""
    return {name: {} for name in names.split()}


def open_fields(names: str) -> dict[str, Shape]:
    """Make fields that can hold anything, from their names in one string."""
    return dict.fromkeys(names.split())


def find_missing(shape: Shape, field: FieldPath) -> int | None:
    """Find the first name of the path that the shape cannot have; None if all are possible."""
    for number, name in enumerate(field):
        if shape is None:
            return None
        if name not in shape:
            return number
        shape = shape[name]
    return None


def find_inside(shape: Shape, field: FieldPath) -> Shape:
    """Find the shape of the field at the path; None if it can have any field."""
    for name in field:
        shape = shape.get(name) if shape else None
    return shape


def list_fields(shape: Shape, field: FieldPath) -> list[str]:
    """List the names of the known fields at the path."""
    return sorted(find_inside(shape, field) or ())
