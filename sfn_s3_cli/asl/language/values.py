"""What is inside a value of a definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.documents.document import ValuePath


def inside(value: Any, where: ValuePath = ()) -> Iterator[tuple[ValuePath, Any]]:
    """The value and all that is inside of it, at any depth, each with its place."""
    waiting = [(where, value)]
    while waiting:
        place, value = waiting.pop()
        yield place, value
        match value:
            case dict():
                waiting += reversed([((*place, key), item) for key, item in value.items()])
            case list():
                waiting += reversed([((*place, index), item) for index, item in enumerate(value)])
