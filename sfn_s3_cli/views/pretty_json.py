"""JSON for people to read: indented, complete, and coloured on a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sfn_s3_cli.views.escape import escape, is_safe
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

STYLE = "json"
"""The style of a line of JSON, whose parts get different colours."""


def lines(text: str, indent: str = "") -> Iterator[Line]:
    """Indent JSON. Text that is no JSON, such as an input that AWS cut off, stays as it is."""
    try:
        pretty = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        for line in text.split("\n"):
            yield Line(f"{indent}{escape(line)}", "dim", is_verbatim=True)
        return
    for line in pretty.split("\n"):
        yield Line(indent + _escape(line), STYLE, is_verbatim=True)


def _escape(line: str) -> str:
    r"""Escape as JSON does, so that the lines are still the same JSON.

    >>> print(_escape(json.dumps("\u202e\x9b\U000e0001", ensure_ascii=False)))
    "\u202e\u009b\udb40\udc01"
    """
    if is_safe(line):
        return line
    return "".join(each if is_safe(each) else json.dumps(each)[1:-1] for each in line)
