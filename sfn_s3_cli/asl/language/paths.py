"""Parses JSONPath as Step Functions accepts it: what a path reads, and what is wrong with it."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from sfn_s3_cli.documents.wording import describe


class PathType(Enum):
    """Which paths AWS accepts as the value of a field."""

    INPUT = auto()
    """InputPath, OutputPath: any path, also null."""
    PATH = auto()
    """ItemsPath, Variable, the ...Path operators of a Choice: any path."""
    REFERENCE = auto()
    """The ...Path fields in place of a number or a timestamp: a path to one value."""
    RESULT = auto()
    """ResultPath: a path to one place of the state's input, also null."""
    TEXT = auto()
    """ErrorPath, CausePath: any path, or an intrinsic function."""


class ExpressionError(Exception):
    """Why a path or a call of a function cannot be parsed."""


class Path(NamedTuple):
    """The root of a path, `$`, `$$` or `$variable`, and whether it finds at most one value."""

    root: str
    is_single: bool
    names: tuple[str, ...] = ()
    """The plain names right after the root."""

    @property
    def variable(self) -> str:
        """The name of the variable that the path reads; empty for other paths."""
        return self.root.strip("$")


_ROOT = re.compile(r"\$\$|\$\w*")
# Names have no spaces, and they may be functions, as in Jayway's JsonPath
# (https://github.com/json-path/JsonPath); a backslash escapes what would end one
# (https://states-language.net/spec.html#ref-paths). A `,` or `'` ends a path inside a function.
_NAME = re.compile(r"""(?:\\.|[^\\.\[\]()\s,'"])+""")
_PLAIN = re.compile(r"(?:\.\w+(?![-\w(\\]))+")
_QUOTED = r"""(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_SINGLE = re.compile(rf"\[\s*(?:-?\d+|{_QUOTED})\s*\]", re.DOTALL)
_SEVERAL = re.compile(
    r"\[\s*(?:"
    r"\*"
    r"|-?\d+(?:\s*,\s*-?\d+)+"
    r"|-?\d*\s*:\s*-?\d*(?:\s*:\s*-?\d*)?"
    rf"|{_QUOTED}(?:\s*,\s*{_QUOTED})+"
    r")\s*\]",
    re.DOTALL,
)
_FILTER = re.compile(r"\[\s*\?\s*\(")
# In a filter only brackets matter, except those in strings and regular expressions. The length of
# a regular expression is limited, so that the search for the end of one stays fast.
_IN_FILTER = re.compile(rf"{_QUOTED}|/(?:\\.|[^/\\]){{0,200}}/|[^][()'\"]", re.DOTALL)
_CLOSING = {"(": ")", "[": "]"}


def parse(value: str) -> Path:
    """Parses a path; ExpressionError, with the place, if it is not valid."""
    text = value.strip()
    path, end = parse_prefix(text, 0)
    if end < len(text):
        raise _explain_end(text, end)
    return path


def parse_prefix(text: str, start: int) -> tuple[Path, int]:
    """Parses the path that begins at `start`, and returns where it ends."""
    root = _ROOT.match(text, start)
    if not root:
        raise ExpressionError("it does not start with `$`")
    at, is_single = root.end(), True
    first = _PLAIN.match(text, at)
    names = tuple(first[0].split(".")[1:]) if first else ()
    while at < len(text) and _has_next_step(text, at):
        step = at
        at = _skip_dots(text, at)
        is_wildcard = text.startswith("*", at)
        is_single &= at - step < len("..") and not is_wildcard
        if is_wildcard:
            at += 1
        elif text.startswith("[", at):
            several = _SEVERAL.match(text, at) or _FILTER.match(text, at)
            is_single &= not several
            at = _skip_bracket(text, at)
        else:
            at = _skip_name(text, at)
    return Path(root[0], is_single, names), at


def _explain_end(text: str, at: int) -> ExpressionError:
    """Explains why the text after the path is invalid."""
    if text[at].isspace():
        return ExpressionError(f"a name with a space needs `['...']`, at character {at + 1}")
    return ExpressionError(f"unexpected `{text[at]}` at character {at + 1}")


def _has_next_step(text: str, at: int) -> bool:
    """Whether another step begins there; the dot after a bracket is optional."""
    return text[at] in ".[" or (text[at - 1] == "]" and bool(_NAME.match(text, at)))


def _skip_dots(text: str, at: int) -> int:
    return at + 2 if text.startswith("..", at) else at + text.startswith(".", at)


def _skip_name(text: str, at: int) -> int:
    name = _NAME.match(text, at)
    if not name:
        raise ExpressionError(f"a name is missing at character {at + 1}")
    end = name.end()
    return _find_end(text, end) if text.startswith("(", end) else end


def _skip_bracket(text: str, at: int) -> int:
    if fixed := _SINGLE.match(text, at) or _SEVERAL.match(text, at):
        return fixed.end()
    end = _find_end(text, at)
    if not _FILTER.match(text, at):
        raise ExpressionError(
            f"{describe(text[at:end])} at character {at + 1} is not an index, a slice, a name in"
            " quotes or a filter `[?(...)]`"
        )
    return end


def _find_end(text: str, start: int) -> int:
    """Finds the end of the brackets that open at `start`."""
    expected = [_CLOSING[text[start]]]
    at = start + 1
    while expected:
        if at >= len(text):
            raise ExpressionError(f"`{text[start]}` at character {start + 1} is never closed")
        if text[at] in _CLOSING:
            expected.append(_CLOSING[text[at]])
        elif text[at] in ")]" and text[at] != expected.pop():
            raise _explain_end(text, at)
        other = _IN_FILTER.match(text, at)
        if not other and text[at] in "'\"":
            raise ExpressionError(f"the quote at character {at + 1} is never closed")
        at = other.end() if other else at + 1
    return at
