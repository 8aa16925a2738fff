"""The lines below a resource of a plan: what is in a new one, and what changes in another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sfn_s3_cli.counts import Count
from sfn_s3_cli.resources.change import ABSENT, OWN_TAGS
from sfn_s3_cli.resources.words import describe, describe_value
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line
from sfn_s3_cli.views.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sfn_s3_cli.resources.base import Resource
    from sfn_s3_cli.resources.change import Change, Field

_INDENT = "      "
_LONG = 100
"""Characters from which on the values of a field get lines of their own."""
_MOST_LINES = 30
"""Of a new resource, and of a value that changes: the rest is in JSON."""


def created_lines(resource: Resource, width: int | None) -> Iterator[Line]:
    """Write the fields of a new resource in words."""
    texts: list[str] = []
    for name, lines in describe(resource):
        if len(lines) == 1:
            texts.append(f"{name}: {lines[0]}")
        else:
            texts += [f"{name}:", *(f"  {line}" for line in lines)]
    yield from _limit(_wrap(texts, _INDENT, width), _INDENT)


def update_lines(change: Change, width: int | None) -> Iterator[Line]:
    """Write the fields that change, with both values."""
    for field in change.shown_fields:
        yield from _field_lines(change, field, width)
    if not change.shown_fields:
        yield Line(f"{_INDENT}~ {OWN_TAGS}")


def _field_lines(change: Change, field: Field, width: int | None) -> Iterator[Line]:
    path, before, after = field
    if before is ABSENT or after is ABSENT:
        mark, value = ("+", after) if before is ABSENT else ("-", before)
        text = f"{mark} {path}: {_write(value)}"
        if len(text) <= _LONG:
            yield from _wrap([text], _INDENT, width)
            return
        yield Line(escape(f"{_INDENT}{mark} {path}:"))
        indent = f"{_INDENT}    "
        yield from _limit(_wrap(_describe(change, path, value), indent, width), indent)
        return
    text = f"~ {path}: {_write(before)} -> {_write(after)}"
    if len(text) <= _LONG:
        yield from _wrap([text], _INDENT, width)
        return
    yield Line(escape(f"{_INDENT}~ {path}:"))
    for mark, value in (("-", before), ("+", after)):
        first, *rest = _describe(change, path, value)
        lines = [f"{mark} {first}", *(f"  {line}" for line in rest)]
        yield from _limit(_wrap(lines, f"{_INDENT}    ", width), f"{_INDENT}      ")


def _describe(change: Change, path: str, value: object) -> Sequence[str]:
    """A value in several lines, if it has parts."""
    if change.desired and isinstance(value, dict | list) and value:
        return describe_value(change.desired, path, value)
    return [_write(value)]


def _write(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _wrap(texts: Iterable[str], indent: str, width: int | None) -> Iterator[Line]:
    """Escape the lines, and break those that do not fit on a terminal."""
    for text in texts:
        bare = text.lstrip(" ")
        line = indent + text[: len(text) - len(bare)] + escape(bare)
        yield from (Line(each) for each in ([line] if width is None else wrap(line, width)))


def _limit(lines: Iterable[Line], indent: str) -> Iterator[Line]:
    """The first lines, and how many more there are."""
    every = [*lines]
    if len(every) <= _MOST_LINES + 1:  # a line that says "1 more" would take as much room
        yield from every
        return
    yield from every[:_MOST_LINES]
    more = Count(len(every) - _MOST_LINES)
    yield Line(f"{indent}… {more:more line}: --output json", "dim")
