"""What a state hands to a service: which identifiers are written, and which are computed."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.asl.language.computed_text import nothing, patterns
from sfn_s3_cli.asl.language.jsonata import inside
from sfn_s3_cli.asl.language.states import JSONATA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sfn_s3_cli.asl.language.computed_text import Known

_STRING = re.compile(r"\s*(?:'([^'\\]*)'|\"([^\"\\]*)\")\s*")


class Unknown(Enum):
    """Why an identifier cannot be told from the definition."""

    COMPUTED = "computed at run time"
    MISSING = "not given"
    UNREADABLE = "not written as AWS takes it"


class Arguments(NamedTuple):
    """The parameters of a call, in the words of one of the two query languages."""

    value: Any
    language: str
    known: Sequence[Known] = (nothing,)
    """What expressions give, in each of the cases that can be."""

    @classmethod
    def of(
        cls,
        owner: Mapping[str, Any],
        language: str,
        known: Sequence[Known] = (nothing,),
    ) -> Arguments:
        """Those of a Task, an ItemReader or a ResultWriter."""
        key = "Arguments" if language == JSONATA else "Parameters"
        return cls(owner.get(key, Unknown.MISSING), language, known)

    def has(self, path: str) -> bool:
        """Whether there is, or could be, something at the path."""
        return any(found is not Unknown.MISSING for found in self.read(path))

    def read(self, path: str) -> list[str | Unknown]:
        """What stands at a path such as `Entries[].EventBusName`; `#` asks for a mapping's keys.

        The SDK for Java spells the names with a capital, the APIs do not always.
        """
        return list(self._read(self.value, path.split(".")))

    def mentions(self, name: str, part: str) -> bool:
        """Whether a text stands in a parameter, or in the expression that computes it."""
        return not isinstance(self.value, dict) or any(
            str(key).removesuffix(".$").lower() == name.lower() and part in str(value)
            for key, value in self.value.items()
        )

    def _read(self, value: Any, path: list[str]) -> Iterator[str | Unknown]:
        for each in self._values(value) if isinstance(value, str) else [value]:
            match each:
                case Unknown():
                    yield each
                case dict() if path:
                    for member in self._members(each, path[0]):
                        yield from self._read(member, path[1:])
                case None | "":
                    yield Unknown.MISSING
                case _ if path:
                    yield Unknown.MISSING
                case str():
                    yield each
                case int() if not isinstance(each, bool):
                    yield str(each)
                case _:
                    yield Unknown.UNREADABLE

    def _values(self, text: str) -> Sequence[str | Unknown]:
        """What a text stands for, which may be an expression in JSONata."""
        expression = inside(text) if self.language == JSONATA else None
        if expression is None:
            return [text]
        if string := _STRING.fullmatch(expression):
            return [string[1] or string[2] or ""]
        return self._computed(expression)

    def _computed(self, expression: str) -> Sequence[str | Unknown]:
        return patterns(expression, self.language, self.known) or [Unknown.COMPUTED]

    def _members(self, value: Mapping[str, Any], segment: str) -> Sequence[Any]:
        name = segment.rstrip("[]#").lower()
        suffix = "" if self.language == JSONATA else ".$"
        members = {str(key).lower(): each for key, each in value.items()}
        found = members.get(name)
        if found is None and suffix and f"{name}{suffix}" in members:
            return self._computed(str(members[f"{name}{suffix}"]))
        match found:
            case list() if segment.endswith("[]"):
                return found or [None]
            case dict() if segment.endswith("#"):
                return [str(key).removesuffix(suffix) for key in found] or [None]
        return [found]
