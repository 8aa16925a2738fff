"""Walks through a value of a definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.documents.places import ValuePath


def walk_values(value: Any, path: ValuePath = ()) -> Iterator[tuple[ValuePath, Any]]:
    """Yields the value and all values inside it, at any depth, each with its path."""
    waiting = [(path, value)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        match value:
            case dict():
                waiting += reversed([((*path, key), item) for key, item in value.items()])
            case list():
                waiting += reversed([((*path, index), item) for index, item in enumerate(value)])
