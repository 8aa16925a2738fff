"""What is known about a text that a state makes: a bucket's name, a key, an address."""

from __future__ import annotations

from enum import Enum, auto
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from sfn_s3_cli.asl.language import jsonata
from sfn_s3_cli.asl.language.computed_text import pieces
from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.fit.references import references

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sfn_s3_cli.asl.language.computed_text import Piece
    from sfn_s3_cli.config.schema import Trigger
    from sfn_s3_cli.events.shapes import Delivered
    from sfn_s3_cli.fit.data_flow import Visit


class Hole(Enum):
    """A part of a text that the definition leaves open."""

    KEY = auto()
    """The key of the object that started the execution."""
    UNKNOWN = auto()


KEY, UNKNOWN = Hole
Text: TypeAlias = tuple[str | Hole, ...]
"""The parts of a text, no two strings side by side."""


class Reader:
    """Reads the texts of one state, whose input may be what started the execution."""

    def __init__(self, visit: Visit, delivered: Delivered, bucket: str) -> None:
        self._visit = visit
        self._own = visit.input if visit.state.language == JSONATA else visit.selected
        self._known: Mapping[Any, Text] = {delivered.bucket: (bucket,), delivered.key: (KEY,)}

    def text(self, owner: Mapping[str, Any], name: str) -> Text | None:
        """The text of a member; None when there is no such member."""
        is_jsonata = self._visit.state.language == JSONATA
        match owner.get(name):
            case str(text) if is_jsonata:
                expression = jsonata.inside(text)
                return (text,) if expression is None else self.computed(expression)
            case str(text):
                return (text,)
        if name in owner:
            return (UNKNOWN,)
        match owner.get(f"{name}.$"):
            case str(path) if not is_jsonata:
                return self.computed(path)
        return None

    def computed(self, expression: str) -> Text:
        """The text that an expression gives."""
        found = (self._of(piece) for piece in pieces(expression, self._visit.state.language))
        return joined(chain.from_iterable(found))

    def _of(self, piece: Piece) -> Text:
        """A text as it is, or what a path leads to."""
        if isinstance(piece, str):
            return (piece,)
        language = self._visit.state.language
        path = f"{{%{piece.expression}%}}" if language == JSONATA else piece.expression
        match list(references(path, language)):
            case [reference] if reference.is_whole:
                field = self._visit.field(reference, self._own)
                return self._known.get(field, (UNKNOWN,))
        return (UNKNOWN,)


def joined(parts: Iterable[str | Hole]) -> Text:
    """The parts without empty ones, and with neighbouring strings made one."""
    text: list[str | Hole] = []
    for part in parts:
        match text, part:
            case _, "":
                pass
            case [*_, str(before)], str(more):
                text[-1] = before + more
            case _:
                text.append(part)
    return tuple(text)


def shown(text: Text) -> str:
    """The text for a reader: `processed/<key>`."""
    holes = {KEY: "<key>", UNKNOWN: "..."}
    return "".join(part if isinstance(part, str) else holes[part] for part in text)


def matches(text: Text, trigger: Trigger) -> bool | None:
    """Whether a trigger waits for keys like this one; None where that depends on what is open.

    A key that started the execution has a prefix and a suffix of the trigger.
    """
    ends = (
        _has(trigger.prefix, text, 0, str.startswith),
        _has(trigger.suffix, text, -1, str.endswith),
    )
    if False in ends:
        return False
    return None if None in ends else True


def _has(
    affixes: tuple[str, ...], text: Text, end: int, has: Callable[[str, str], bool]
) -> bool | None:
    part = text[end] if text else ""
    if not affixes or part is KEY:
        return True
    known = part if isinstance(part, str) else ""
    if any(has(known, affix) for affix in affixes):
        return True
    is_open = any(not isinstance(each, str) for each in text)
    return None if is_open and any(has(affix, known) for affix in affixes) else False
