"""JSONPath with slices, filters, `..` and negative indexes, as Jayway's JsonPath reads it.

AWS uses that library: https://github.com/json-path/JsonPath. Results of AWS's own emulator are in
https://github.com/floci-io/floci/issues/3260.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

Test = Callable[[Any], bool]
Step = Callable[[Any], list[Any]]

_QUOTED = r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\""
_STEP = re.compile(
    rf"(?P<deep>\.\.)?\.?(?:(?P<name>[\w-]+)(?=[.\[]|$)|(?P<any>\*|\[\s*\*\s*\])"
    rf"|\[\s*(?P<quoted>{_QUOTED})\s*\]"
    r"|\[\s*(?P<indexes>-?\d+(?:\s*,\s*-?\d+)*)\s*\]"
    r"|\[\s*(?P<slice>-?\d*\s*:\s*-?\d*)\s*\]"
    r"|(?P<filter>\[\s*\?\s*\())"
)
_PLACE = rf"[@$](?:\.[\w-]+|\[\s*(?:-?\d+|{_QUOTED})\s*\])*"
_TOKEN = re.compile(
    rf"\s*(?:(?P<operator>&&|\|\||[=!<>]=|[<>!()])|(?P<place>{_PLACE})"
    rf"|(?P<value>{_QUOTED}|-?\d+(?:\.\d+)?|true\b|false\b|null\b))\s*"
)
_WORDS = {"true": True, "false": False, "null": None}
_MISSING = object()


class UnsupportedPathError(Exception):
    """A path of a kind that this module does not know."""


def find(path: str, data: Any) -> list[Any]:
    """All values that the path leads to."""
    found, at = [data], 1
    while at < len(path):
        step, is_deep, at = _read_step(path, at, data)
        if is_deep:
            found = [inner for each in found for inner in _walk(each)]
        found = [value for each in found for value in step(each)]
    return found


def _walk(value: Any) -> Iterator[Any]:
    """The value, and all values in it."""
    yield value
    for each in _list_children(value):
        yield from _walk(each)


def _list_children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.values()]
    return value if isinstance(value, list) else []


def _read_step(path: str, at: int, data: Any) -> tuple[Step, bool, int]:
    """A step, whether it begins with `..`, and where it ends."""
    found = _STEP.match(path, at)
    if not found:
        raise UnsupportedPathError
    is_deep, end = bool(found["deep"]), found.end()
    if found["filter"]:
        test, end = _Filter(path, end, data).read()
        return (lambda value: _choose(test, value)), is_deep, end
    if found["any"]:
        return _list_children, is_deep, end
    if found["indexes"]:
        indexes = [int(each) for each in found["indexes"].split(",")]
        return (lambda value: _pick(value, indexes)), is_deep, end
    if found["slice"]:
        start, stop = (int(each) if each.strip() else None for each in found["slice"].split(":"))
        part = slice(start, stop)
        return (lambda value: value[part] if isinstance(value, list) else []), is_deep, end
    name = found["name"] or _read_text(found["quoted"])
    return (lambda value: _get(value, name)), is_deep, end


def _get(value: Any, name: str) -> list[Any]:
    return [value[name]] if isinstance(value, dict) and name in value else []


def _pick(value: Any, indexes: list[int]) -> list[Any]:
    if not isinstance(value, list):
        return []
    return [value[index] for index in indexes if -len(value) <= index < len(value)]


def _choose(test: Test, value: Any) -> list[Any]:
    """A filter is for the items of an array, or for an object itself."""
    if isinstance(value, dict):
        return [value] if test(value) else []
    return [each for each in value if test(each)] if isinstance(value, list) else []


def _read_text(quoted: str) -> str:
    try:
        text: str = ast.literal_eval(quoted)
    except (SyntaxError, ValueError):
        raise UnsupportedPathError from None
    return text


class _Filter:
    """Reads what is in `[?(...)]`."""

    def __init__(self, path: str, at: int, data: Any) -> None:
        self._path, self._at, self._data = path, at, data

    def read(self) -> tuple[Test, int]:
        test = self._read_any()
        end = re.compile(r"\s*\)\s*\]").match(self._path, self._at)
        if not end:
            raise UnsupportedPathError
        return test, end.end()

    def _read_any(self) -> Test:
        tests = [self._read_all()]
        while self._take("||"):
            tests.append(self._read_all())
        return lambda item: any(test(item) for test in tests)

    def _read_all(self) -> Test:
        tests = [self._read_one()]
        while self._take("&&"):
            tests.append(self._read_one())
        return lambda item: all(test(item) for test in tests)

    def _read_one(self) -> Test:
        if self._take("!"):
            test = self._read_one()
            return lambda item: not test(item)
        if self._take("("):
            test = self._read_any()
            if not self._take(")"):
                raise UnsupportedPathError
            return test
        left = self._read_operand()
        for operator, compare in _COMPARISONS.items():
            if self._take(operator):
                right = self._read_operand()
                return lambda item: compare(left(item), right(item))
        return lambda item: left(item) is not _MISSING

    def _take(self, operator: str) -> bool:
        token = _TOKEN.match(self._path, self._at)
        if not token or token["operator"] != operator:
            return False
        self._at = token.end()
        return True

    def _read_operand(self) -> Callable[[Any], Any]:
        token = _TOKEN.match(self._path, self._at)
        if not token or token["operator"]:
            raise UnsupportedPathError
        self._at = token.end()
        if place := token["place"]:
            root, data = place[0], self._data
            return lambda item: next(iter(find(place, data if root == "$" else item)), _MISSING)
        text = token["value"]
        value: Any = _WORDS[text] if text in _WORDS else ast.literal_eval(text)
        return lambda _item: value


def _is_equal(one: Any, other: Any) -> bool:
    """True is not 1, but 1 is 1.0."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(one: Any, other: Any) -> bool:
        if isinstance(one, str) and isinstance(other, str):
            return test(one, other)
        numbers = all(
            isinstance(each, int | float) and not isinstance(each, bool) for each in (one, other)
        )
        return numbers and test(one, other)

    return compare


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": _is_equal,
    "!=": lambda one, other: not _is_equal(one, other),
    "<=": _compare(lambda one, other: one <= other),
    ">=": _compare(lambda one, other: one >= other),
    "<": _compare(lambda one, other: one < other),
    ">": _compare(lambda one, other: one > other),
}
