"""The arguments that a state passes to a service: which values are literal, which are computed."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language.computed_text import list_values, resolve_nothing
from sfn_s3_cli.asl.language.jsonata import strip_delimiters
from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.asl.permissions.notation import parse_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sfn_s3_cli.asl.language.computed_text import Resolve
    from sfn_s3_cli.asl.permissions.notation import Segment

_STRING = re.compile(r"\s*(?:'([^'\\]*)'|\"([^\"\\]*)\")\s*")


class Unknown(Enum):
    """Why the definition does not say which resource a parameter names."""

    COMPUTED = "computed at run time"
    MISSING = "not given"
    UNREADABLE = "not in a format that AWS accepts"


class UnknownParameter(NamedTuple):
    """A parameter that should name a resource, and does not."""

    path: str
    why: Unknown

    def __str__(self) -> str:
        return f"{self._name} is {self.why.value}"

    @property
    def remedy(self) -> str:
        if self.why is Unknown.UNREADABLE:
            return f"correct {self._name}"
        return f"write {self._name} literally"

    @property
    def _name(self) -> str:
        return f"`{self.path.rstrip('#')}`"


class Arguments(NamedTuple):
    """The parameters of a call, in one of the two query languages."""

    value: object
    language: str
    cases: Sequence[Resolve] = (resolve_nothing,)
    """What is known about computed values, in each case that can occur."""

    def has(self, path: str) -> bool:
        """Whether the parameter is given, or may be."""
        return any(each is not Unknown.MISSING for each in self.read(path))

    def read(self, path: str) -> list[str | Unknown]:
        """The values at a path; notation.py describes paths.

        Names match in any case: definitions follow the SDK for Java, which capitalises them.
        """
        return list(self._read(self.value, parse_path(path)))

    def mentions(self, name: str, text: str) -> bool:
        """Whether the text is in a parameter, or in the expression that computes it."""
        return not isinstance(self.value, dict) or any(
            str(key).removesuffix(".$").lower() == name.lower() and text in str(value)
            for key, value in self.value.items()
        )

    def _read(self, value: object, path: tuple[Segment, ...]) -> Iterator[str | Unknown]:
        for each in self._evaluate(value) if isinstance(value, str) else [value]:
            match each:
                case Unknown():
                    yield each
                case dict() if path:
                    for member in self._read_member(each, path[0]):
                        yield from self._read(member, path[1:])
                case None | "" | False:  # what may be switched on is off
                    yield Unknown.MISSING
                case _ if path:
                    yield Unknown.MISSING
                case str():
                    yield each
                case int() if not isinstance(each, bool):
                    yield str(each)
                case _:
                    yield Unknown.UNREADABLE

    def _evaluate(self, text: str) -> Sequence[str | Unknown]:
        """The values that a text may have: itself, unless it is a JSONata expression."""
        expression = strip_delimiters(text) if self.language == JSONATA else None
        if expression is None:
            return [text]
        if string := _STRING.fullmatch(expression):
            return [string[1] or string[2] or ""]
        return self._compute(expression)

    def _compute(self, expression: str) -> Sequence[str | Unknown]:
        return list_values(expression, self.language, self.cases) or [Unknown.COMPUTED]

    def _read_member(self, value: Mapping[str, object], segment: Segment) -> Sequence[object]:
        suffix = "" if self.language == JSONATA else ".$"
        members = {str(key).lower(): each for key, each in value.items()}
        member = members.get(segment.name)
        if member is None and suffix and f"{segment.name}{suffix}" in members:
            return self._compute(str(members[f"{segment.name}{suffix}"]))
        match member:
            case list() if segment.part == "items":
                return member or [None]
            case dict() if segment.part == "keys":
                return [str(key).removesuffix(suffix) for key in member] or [None]
        return [member]


def read_arguments(
    owner: Mapping[str, object], language: str, cases: Sequence[Resolve] = (resolve_nothing,)
) -> Arguments:
    """The arguments of a Task, an ItemReader or a ResultWriter."""
    key = "Arguments" if language == JSONATA else "Parameters"
    return Arguments(owner.get(key, Unknown.MISSING), language, cases)
