"""The types of values that the fields of the language hold."""

from __future__ import annotations

import re
from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple, TypeAlias

from sfn_s3_cli.asl.language.paths import PathType

# With an upper-case `T`, and `Z` or an offset (https://states-language.net/spec.html#timestamps).
_TIMESTAMP = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d:\d\d)(?:\.\d+)?(?P<zone>Z|[+-]\d\d:\d\d)"
)


class Plain(Enum):
    """A type without parameters."""

    TEXT = auto()
    """A string that is not evaluated."""
    PHRASE = auto()
    """A string that may be an expression."""
    FLAG = auto()
    """True or false."""
    CONDITION = auto()
    """True, false or an expression."""
    TIMESTAMP = auto()
    """A date and a time of day."""
    PAYLOAD = auto()
    """A mapping whose values may be paths or expressions."""
    TEMPLATE = auto()
    """Any value; the values inside it may be paths or expressions."""
    ITEMS = auto()
    """A list, a mapping, or an expression that gives one."""
    LITERAL = auto()
    """Any value; it is not evaluated."""
    CONTAINER = auto()
    """A mapping with states of its own, which are checked separately."""
    STATES = auto()
    """The states themselves."""


class Number(NamedTuple):
    """A number within limits."""

    least: float | None = None
    most: float | None = None
    is_whole: bool = True


class OneOf(NamedTuple):
    """One of a few words."""

    words: tuple[str, ...]


class Format(NamedTuple):
    """A string that matches a pattern."""

    code: str
    """The code of the finding about a string that does not match."""
    pattern: re.Pattern[str]
    expected: str


class Object(NamedTuple):
    """An object with fields of its own."""

    name: str


class ListOf(NamedTuple):
    """A list of values of one type."""

    item: Plain | Object
    is_filled: bool = False
    """Whether the list must have an item."""


FieldType: TypeAlias = Plain | PathType | Number | OneOf | Format | Object | ListOf


def fits(value: object, type_: FieldType) -> bool:
    """Whether the value is of the type. Paths and expressions inside it are not checked."""
    match type_:
        case Plain.TEXT | Plain.PHRASE:
            return isinstance(value, str)
        case Plain.FLAG | Plain.CONDITION:
            return isinstance(value, bool)
        case Plain.TIMESTAMP:
            return isinstance(value, str) and _is_timestamp(value)
        case Plain.PAYLOAD | Plain.CONTAINER | Plain.STATES | Object():
            return isinstance(value, dict)
        case Plain.ITEMS:
            return isinstance(value, dict | list)
        case OneOf(words):
            return isinstance(value, str) and value in words
        case Format(_, pattern):
            return isinstance(value, str) and bool(pattern.fullmatch(value))
        case Number():
            return _is_within(value, type_)
        case ListOf(_, is_filled):
            return isinstance(value, list) and (bool(value) or not is_filled)
    return True


def _is_timestamp(text: str) -> bool:
    match = _TIMESTAMP.fullmatch(text)
    if not match:
        return False
    try:
        datetime.fromisoformat(f"{match['day']}T{match['time']}{match['zone']}")
    except ValueError:
        return False
    return True


def _is_within(value: object, limits: Number) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if limits.is_whole and isinstance(value, float) and not value.is_integer():
        return False
    is_enough = limits.least is None or value >= limits.least
    return is_enough and (limits.most is None or value <= limits.most)
