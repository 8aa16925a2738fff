"""Breaks lines that are wider than the terminal, and indents the rest of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

NARROWEST = 40
_INDENT = 4
_WORDS = re.compile(r"(\s*)((?:`[^`]*`|\S)+)")
"""What is in backticks is a word: a command must not end where a line does, since it is copied."""
_PARTS = re.compile(r"[^/:,]*[/:,]|[^/:,]+")
"""The parts of an ARN, a path or a list."""


class _Piece(NamedTuple):
    """Text that stays on one line, and the space before it if it does not begin the line."""

    gap: str
    text: str
    begins_line: bool = False


def wrap(text: str, width: int) -> Iterator[str]:
    r"""Break between words, and inside a word only if a whole line has no room for it.

    >>> text = "  run `sfnctl deploy --yes` on arn:aws:states:eu-west-1:1:stateMachine:orders"
    >>> print(*wrap(text, 40), sep="\n")
      run `sfnctl deploy --yes` on
          arn:aws:states:eu-west-1:1:
          stateMachine:orders
    """
    width = max(width, NARROWEST)
    bare = text.lstrip(" ")
    own_indent = text[: len(text) - len(bare)]
    if len(text) <= width or not bare:
        yield text
        return
    indent = own_indent + _INDENT * " "
    first, *pieces = _split(bare, width - len(indent))
    line = own_indent + first.text
    for piece in pieces:
        longer = line + piece.gap + piece.text
        if len(longer) <= width and not piece.begins_line:
            line = longer
        else:
            yield line
            line = indent + piece.text
    yield line


def _split(text: str, room: int) -> Iterator[_Piece]:
    for gap, word in _WORDS.findall(text):
        if len(word) <= room or " " in word:
            yield _Piece(gap, word)
            continue
        for number, part in enumerate(_cut(word, max(room, 1))):
            yield _Piece("", part, begins_line=number == 0)


def _cut(word: str, room: int) -> Iterator[str]:
    for part in _PARTS.findall(word):
        yield from (part[start : start + room] for start in range(0, len(part), room))
