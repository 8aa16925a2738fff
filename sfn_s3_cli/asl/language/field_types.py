"""The types of values that the fields of the language hold."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sfn_s3_cli.asl.language.paths import PathType

if TYPE_CHECKING:
    import re


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
