"""JSONPath as Step Functions takes it: what is wrong with a path, what it reads and how much."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from sfn_s3_cli.documents.wording import describe


class PathKind(Enum):
    """What AWS takes as the value of a field."""

    INPUT = auto()
    """InputPath, OutputPath: any path, also null."""
    PATH = auto()
    """ItemsPath, Variable, the ...Path operators of a Choice: any path."""
    REFERENCE = auto()
    """The ...Path fields that stand for a number or a timestamp: a path to one value."""
    RESULT = auto()
    """ResultPath: a path to one place of the state's input, also null."""
    TEXT = auto()
    """ErrorPath, CausePath: any path, or an intrinsic function."""


class Malformed(Exception):  # noqa: N818  (it says what is wrong with a text, not with us)
    """A text that cannot be read, with the reason."""


class Path(NamedTuple):
    """What a path begins with, `$`, `$$` or `$variable`, and whether it finds one value at most."""

    root: str
    is_single: bool
    names: tuple[str, ...] = ()
    """The plain names right after the root."""

    @property
    def variable(self) -> str:
        """The name of the variable that it reads; empty when it reads none."""
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
# Inside of a filter only the brackets count, and not those of texts and regular expressions, whose
# length has a limit lest one that never ends is sought again and again.
_IN_FILTER = re.compile(rf"{_QUOTED}|/(?:\\.|[^/\\]){{0,200}}/|[^][()'\"]", re.DOTALL)
_CLOSING = {"(": ")", "[": "]"}


def parse(value: str) -> Path:
    """Raises Malformed, which says at which character."""
    text = value.strip()
    path, end = parse_prefix(text, 0)
    if end < len(text):
        raise unexpected(text, end)
    return path


def parse_prefix(text: str, start: int) -> tuple[Path, int]:
    """The path that begins at `start`, and where it ends; Malformed when none does."""
    root = _ROOT.match(text, start)
    if not root:
        raise Malformed("it does not start with `$`")
    at, is_single = root.end(), True
    first = _PLAIN.match(text, at)
    names = tuple(first[0].split(".")[1:]) if first else ()
    while at < len(text) and _goes_on(text, at):
        step = at
        at = _after_dots(text, at)
        is_wildcard = text.startswith("*", at)
        is_single &= at - step < len("..") and not is_wildcard
        if is_wildcard:
            at += 1
        elif text.startswith("[", at):
            several = _SEVERAL.match(text, at) or _FILTER.match(text, at)
            is_single &= not several
            at = _after_bracket(text, at)
        else:
            at = _after_name(text, at)
    return Path(root[0], is_single, names), at


def unexpected(text: str, at: int) -> Malformed:
    """What to raise when the path should have ended."""
    if text[at].isspace():
        return Malformed(f"a name with a space, at character {at + 1}, stands in `['...']`")
    return Malformed(f"`{text[at]}` at character {at + 1} is not expected")


def _goes_on(text: str, at: int) -> bool:
    """Whether another step begins there; after a bracket it may do without its dot."""
    return text[at] in ".[" or (text[at - 1] == "]" and bool(_NAME.match(text, at)))


def _after_dots(text: str, at: int) -> int:
    return at + 2 if text.startswith("..", at) else at + text.startswith(".", at)


def _after_name(text: str, at: int) -> int:
    name = _NAME.match(text, at)
    if not name:
        raise Malformed(f"a name is missing at character {at + 1}")
    end = name.end()
    return _closed(text, end) if text.startswith("(", end) else end


def _after_bracket(text: str, at: int) -> int:
    if fixed := _SINGLE.match(text, at) or _SEVERAL.match(text, at):
        return fixed.end()
    end = _closed(text, at)
    if not _FILTER.match(text, at):
        raise Malformed(
            f"{describe(text[at:end])} at character {at + 1} is no index, no slice,"
            " no name in quotes and no filter `[?(...)]`"
        )
    return end


def _closed(text: str, start: int) -> int:
    """Where the bracket at `start` is closed."""
    expected = [_CLOSING[text[start]]]
    at = start + 1
    while expected:
        if at >= len(text):
            raise Malformed(f"`{text[start]}` at character {start + 1} is never closed")
        if text[at] in _CLOSING:
            expected.append(_CLOSING[text[at]])
        elif text[at] in ")]" and text[at] != expected.pop():
            raise unexpected(text, at)
        other = _IN_FILTER.match(text, at)
        if not other and text[at] in "'\"":
            raise Malformed(f"the quote at character {at + 1} is never closed")
        at = other.end() if other else at + 1
    return at
