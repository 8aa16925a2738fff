"""Text of a given width on a terminal, where a character takes no, one or two columns."""

from __future__ import annotations

import unicodedata
from itertools import accumulate

_EMOJI = "\ufe0f"
"""Makes the character before it an emoji, which some terminals draw in two columns."""


def count_columns(text: str) -> int:
    """Count the columns of text that is safe to print.

    >>> count_columns("abc"), count_columns("日本"), count_columns("e\u0301")
    (3, 4, 1)
    """
    return len(text) if text.isascii() else sum(map(_count_columns_of, text))


def _count_columns_of(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"} and character != _EMOJI:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fit(text: str, width: int, cut: str = "…") -> str:
    """Fill up to the width, or replace the end of the text by `cut`.

    >>> fit("abc", 5), fit("abcdef", 5), fit("日本語", 5), fit("日本語", 4)
    ('abc  ', 'abcd…', '日本…', '日… ')
    """
    shortened = shorten(text, width, cut)
    return shortened + " " * (width - count_columns(shortened))


def shorten(text: str, width: int, cut: str = "…") -> str:
    """Replace the end of a text that is wider."""
    if count_columns(text) <= width:
        return text
    room = max(0, width - count_columns(cut))
    kept = sum(used <= room for used in accumulate(map(_count_columns_of, text)))
    return text[:kept] + cut[:width]


def shorten_front(text: str, width: int, cut: str = "…") -> str:
    """Replace the beginning of a text that is wider: the end of a key says more.

    >>> shorten_front("incoming/2026/a.json", 10)
    '…26/a.json'
    """
    if count_columns(text) <= width:
        return text
    room = max(0, width - count_columns(cut))
    kept = sum(used <= room for used in accumulate(map(_count_columns_of, reversed(text))))
    return cut[:width] + text[len(text) - kept :]
