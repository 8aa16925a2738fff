"""The kinds of values that fields of the language hold."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sfn_s3_cli.asl.language.paths import PathKind

if TYPE_CHECKING:
    import re


class Plain(Enum):
    """A kind that needs no more than its name."""

    TEXT = auto()
    """A string, taken as it is."""
    PHRASE = auto()
    """A string that may be an expression."""
    FLAG = auto()
    """True or false."""
    CONDITION = auto()
    """True, false or an expression."""
    TIMESTAMP = auto()
    """A date and a time of day."""
    PAYLOAD = auto()
    """A mapping, whose values may be paths or expressions."""
    TEMPLATE = auto()
    """Any value; what is inside of it may be paths or expressions."""
    ITEMS = auto()
    """A list, a mapping, or an expression that gives one."""
    LITERAL = auto()
    """Any value, taken as it is."""
    CONTAINER = auto()
    """A mapping that has states of its own; those are checked by themselves."""
    STATES = auto()
    """The states themselves."""


class Number(NamedTuple):
    """A number within its limits."""

    least: float | None = None
    most: float | None = None
    is_whole: bool = True


class Word(NamedTuple):
    """One of a few words."""

    words: tuple[str, ...]


class Spelling(NamedTuple):
    """A string of a certain form; any other is a finding with this id."""

    id: str
    pattern: re.Pattern[str]
    expected: str


class Object(NamedTuple):
    """An object that has fields of its own."""

    owner: str


class Each(NamedTuple):
    """A list of values of a kind."""

    kind: Plain | Object
    is_filled: bool = False


Kind: TypeAlias = Plain | PathKind | Number | Word | Spelling | Object | Each
