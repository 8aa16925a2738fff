"""What is known about a text that a state computes: a bucket's name, a key, an address."""

from __future__ import annotations

from enum import Enum, auto
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from sfn_s3_cli.asl.language import jsonata
from sfn_s3_cli.asl.language.computed_text import split_text
from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.fit.references import find_references
from sfn_s3_cli.json_types import JsonMapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sfn_s3_cli.asl.language.computed_text import TextPart
    from sfn_s3_cli.config.schema import Trigger
    from sfn_s3_cli.events.execution_input import ExecutionInput
    from sfn_s3_cli.fit.data_flow import ReachedState


class OpenPart(Enum):
    """A part of a text that the definition does not determine."""

    KEY = auto()
    """The key of the object that started the execution."""
    UNKNOWN = auto()


KEY, UNKNOWN = OpenPart
Text: TypeAlias = tuple[str | OpenPart, ...]
"""The parts of a text; no two strings are neighbours."""


class TextResolver:
    """Works out the texts of one state, as far as they follow from the execution's input."""

    def __init__(self, reached: ReachedState, given: ExecutionInput, bucket: str) -> None:
        self._reached = reached
        self._language = reached.state.language
        self._own = reached.input if self._language == JSONATA else reached.selected_input
        buckets: dict[Any, Text] = dict.fromkeys(given.bucket_fields, (bucket,))
        self._known: Mapping[Any, Text] = {**buckets, given.key_field: (KEY,)}

    def resolve_member(self, owner: JsonMapping, name: str) -> Text | None:
        """Resolve a member of a mapping, `name` or `name.$`; None if it does not exist."""
        is_jsonata = self._language == JSONATA
        match owner.get(name):
            case str(text) if is_jsonata:
                expression = jsonata.strip_delimiters(text)
                return (text,) if expression is None else self.resolve(expression)
            case str(text):
                return (text,)
        if name in owner:
            return (UNKNOWN,)
        match owner.get(f"{name}.$"):
            case str(path) if not is_jsonata:
                return self.resolve(path)
        return None

    def resolve(self, expression: str) -> Text:
        """Resolve an expression."""
        resolved = (self._resolve_part(each) for each in split_text(expression, self._language))
        return join(chain.from_iterable(resolved))

    def _resolve_part(self, part: TextPart) -> Text:
        if isinstance(part, str):
            return (part,)
        is_jsonata = self._language == JSONATA
        path = f"{{%{part.expression}%}}" if is_jsonata else part.expression
        match list(find_references(path, self._language)):
            case [reference] if reference.is_whole:
                return self._known.get(self._reached.locate(reference, self._own), (UNKNOWN,))
        return (UNKNOWN,)


def join(parts: Iterable[str | OpenPart]) -> Text:
    """Leave out empty parts and join neighbouring strings."""
    text: list[str | OpenPart] = []
    for part in parts:
        match text, part:
            case _, "":
                pass
            case [*_, str(before)], str(more):
                text[-1] = before + more
            case _:
                text.append(part)
    return tuple(text)


def format_text(text: Text) -> str:
    """Format a text for the user: `processed/<key>`."""
    placeholders = {KEY: "<key>", UNKNOWN: "..."}
    return "".join(part if isinstance(part, str) else placeholders[part] for part in text)


def matches_trigger(text: Text, trigger: Trigger) -> bool | None:
    """Whether objects with such a key start an execution; None if that is not certain.

    A key that started an execution has a prefix and a suffix of the trigger.
    """
    has_prefix = _has_affix(trigger.prefix, text, 0, str.startswith)
    has_suffix = _has_affix(trigger.suffix, text, -1, str.endswith)
    if False in (has_prefix, has_suffix):
        return False
    return None if None in (has_prefix, has_suffix) else True


def _has_affix(
    affixes: tuple[str, ...], text: Text, end: int, has: Callable[[str, str], bool]
) -> bool | None:
    """Whether the part at this end has one of the affixes; None if that is not certain."""
    part = text[end] if text else ""
    if not affixes or part is KEY:
        return True
    known = part if isinstance(part, str) else ""
    if any(has(known, affix) for affix in affixes):
        return True
    is_open = any(not isinstance(each, str) for each in text)
    return None if is_open and any(has(affix, known) for affix in affixes) else False
