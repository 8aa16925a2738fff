"""Words for messages: what a file contains, and what was probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

SURROGATE = re.compile("[\ud800-\udfff]")

_SHOWN = 60  # characters of a wrong value
_SHORT = 4  # characters; in so short a word, two swapped letters are a large part


def describe(value: object) -> str:
    """Describe a value for a message: `the number 12`, `'abc'`, `a list`, `nothing`."""
    match value:
        case None:
            return "nothing"
        case str():
            return repr(f"{value[:_SHOWN]}..." if len(value) > _SHOWN else str(value))
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}"
        case list() | tuple():
            return "a list"
    return "a mapping"


def suggest(word: str, options: Iterable[str]) -> str:
    """`did you mean 'prefix'?` for the option closest to the word; empty if none is close."""
    spelled = {option.lower(): option for option in options}
    closeness = 0.6 if len(word) <= _SHORT else 0.7
    near = difflib.get_close_matches(word.lower(), spelled, n=1, cutoff=closeness)
    return f"did you mean {spelled[near[0]]!r}?" if near else ""
