"""What is known about a text that a state makes: a bucket's name, a key, an address."""

from __future__ import annotations

import re
from enum import Enum, auto
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from sfn_s3_cli.asl import jsonata
from sfn_s3_cli.asl.states import JSONATA
from sfn_s3_cli.semantics.paths import references

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sfn_s3_cli.config.schema import Trigger
    from sfn_s3_cli.semantics.events import Delivered
    from sfn_s3_cli.semantics.flow import Visit


class Hole(Enum):
    """A part of a text that the definition leaves open."""

    KEY = auto()
    """The key of the object that started the execution."""
    UNKNOWN = auto()


KEY, UNKNOWN = Hole
Text: TypeAlias = tuple[str | Hole, ...]
"""The parts of a text, no two strings side by side."""

_QUOTED = r"""'(?:\\.|[^'\\])*+'|"(?:\\.|[^"\\])*+\""""
_FORMAT = re.compile(rf"States\.Format\(\s*({_QUOTED})(.*)\)", re.DOTALL)
_PLACE = re.compile(r"\\(.)|\{\}", re.DOTALL)
_TOKEN = re.compile(rf"{_QUOTED}|.", re.DOTALL)
_OPERAND = re.compile(rf"\s*(?:{_QUOTED}|[\w.`$-]*)\s*")
"""What may stand beside `&`, without its brackets: another operator may bind more loosely."""


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
                return (text,) if expression is None else self._of_jsonata(expression)
            case str(text):
                return (text,)
        if name in owner:
            return (UNKNOWN,)
        match owner.get(f"{name}.$"):
            case str(path) if not is_jsonata:
                return self._of_jsonpath(path.strip())
        return None

    def _of_jsonpath(self, text: str) -> Text:
        if call := _FORMAT.fullmatch(text):
            return joined(self._formatted(call[1][1:-1], call[2]))
        return self._of_operand(text)

    def _formatted(self, template: str, rest: str) -> Iterator[str | Hole]:
        """The template with its arguments, unless one of them is a function's result."""
        arguments = iter([] if "(" in rest else rest.split(",")[1:])
        end = 0
        for place in _PLACE.finditer(template):
            yield template[end : place.start()]
            yield from (place[1],) if place[1] else self._of_operand(next(arguments, ""))
            end = place.end()
        yield template[end:]

    def _of_jsonata(self, text: str) -> Text:
        operands = _operands(text)
        return joined(chain.from_iterable(map(self._of_operand, operands))) or (UNKNOWN,)

    def _of_operand(self, text: str) -> Text:
        """A text in quotes as it is, or what a path leads to."""
        text, language = text.strip(), self._visit.state.language
        if re.fullmatch(_QUOTED, text) and "\\" not in text:
            return (text[1:-1],)
        path = f"{{%{text}%}}" if language == JSONATA else text
        match list(references(path, language)):
            case [reference] if reference.is_whole:
                field = self._visit.field(reference, self._own)
                return self._known.get(field, (UNKNOWN,))
        return (UNKNOWN,)


def _operands(expression: str) -> list[str]:
    """What `&` joins; empty where the expression is something else."""
    operands, outside, depth = [""], [""], 0
    for piece in _TOKEN.findall(expression):
        depth -= piece in ")]}"
        if piece == "&" and not depth:
            operands.append("")
            outside.append("")
        else:
            operands[-1] += piece
            outside[-1] += piece if not depth and piece not in "([{)]}" else ""
        depth += piece in "([{"
    return operands if all(map(_OPERAND.fullmatch, outside)) else []


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
