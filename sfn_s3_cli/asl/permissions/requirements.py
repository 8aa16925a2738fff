"""Requirements on the parameters of a call: only a call that meets them needs a permission.

A parameter that is computed may have any value, so it meets every requirement that it might meet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from sfn_s3_cli.asl.language.computed_text import Pattern
from sfn_s3_cli.asl.permissions.arguments import Unknown
from sfn_s3_cli.asl.permissions.notation import parse_choice

if TYPE_CHECKING:
    from sfn_s3_cli.asl.permissions.arguments import Arguments


class Requirement(Protocol):
    """Something that the parameters of a call must have."""

    def is_met(self, arguments: Arguments) -> bool: ...


Requirements: TypeAlias = tuple[Requirement, ...]
"""A call must meet all of them. `given("A") + absent("B")` asks for both."""


@dataclass(frozen=True)
class _Given:
    paths: tuple[str, ...]

    def is_met(self, arguments: Arguments) -> bool:
        return any(map(arguments.has, self.paths))


@dataclass(frozen=True)
class _Absent:
    path: str

    def is_met(self, arguments: Arguments) -> bool:
        return Unknown.COMPUTED in arguments.read(self.path) or not arguments.has(self.path)


@dataclass(frozen=True)
class _Equal:
    path: str
    value: str

    def is_met(self, arguments: Arguments) -> bool:
        return any(
            each in {self.value, Unknown.COMPUTED} or isinstance(each, Pattern)
            for each in arguments.read(self.path)
        )


@dataclass(frozen=True)
class _Match:
    path: str
    regex: str

    def is_met(self, arguments: Arguments) -> bool:
        return any(
            re.search(self.regex, each) if isinstance(each, str) else each is Unknown.COMPUTED
            for each in arguments.read(self.path)
        )


@dataclass(frozen=True)
class _Mention:
    name: str
    text: str

    def is_met(self, arguments: Arguments) -> bool:
        return arguments.mentions(self.name, self.text)


def given(choice: str) -> Requirements:
    """One of the parameters is given, as in `given("Tags|TagList")`."""
    return (_Given(parse_choice(choice)),)


def absent(path: str) -> Requirements:
    return (_Absent(path),)


def equals(path: str, value: str) -> Requirements:
    return (_Equal(path, value),)


def matches(path: str, regex: str) -> Requirements:
    """The regular expression matches somewhere in the value."""
    return (_Match(path, regex),)


def mentions(name: str, text: str) -> Requirements:
    """The text is in the parameter, or in the expression that computes it."""
    return (_Mention(name, text),)
