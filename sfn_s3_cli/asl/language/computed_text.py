"""Splits a computed text into its literal parts and the gaps that are filled at run time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sfn_s3_cli.asl.language import intrinsics
from sfn_s3_cli.asl.language.paths import ExpressionError
from sfn_s3_cli.asl.language.states import JSONATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


WILD, ANY = "\x00", "\x01"
"""The `*` and the `?` of a pattern; the characters themselves are ordinary text."""


class Pattern(str):
    """A text with a WILD for each of its gaps."""

    __slots__ = ()


class Gap(NamedTuple):
    """A part of a text whose value is known only at run time."""

    expression: str


TextPart: TypeAlias = str | Gap
Resolve: TypeAlias = "Callable[[str], str]"
"""Gives the value of an expression in one of several cases, with WILD for unknown parts."""


def resolve_nothing(_expression: str) -> str:
    """Resolves no expression: every value is unknown."""
    return WILD


_LONGEST = 20_000  # characters; longer expressions are not analysed
_BRACKETS = 10  # the most brackets around a whole expression that are removed
_QUOTED = r"""'(?:\\.|[^'\\])*+'|"(?:\\.|[^"\\])*+\""""
_PLACEHOLDER = re.compile(r"\\(.)|\{\}", re.DOTALL)
_TOKEN = re.compile(rf"{_QUOTED}|.", re.DOTALL)
_OPERAND = re.compile(rf"\s*(?:{_QUOTED}|[\w.`$-]*)\s*")
"""An operand of `&`, without its brackets. Other operators may bind more loosely than `&`."""


def split_text(expression: str, language: str) -> list[TextPart]:
    """Splits an expression from `{% %}`, or from under a key that ends with `.$`."""
    expression = expression.strip()
    if len(expression) > _LONGEST:
        return [Gap(expression)]
    if language == JSONATA:
        return [_read_part(each) for each in _split_operands(expression)] or [Gap(expression)]
    return list(_split_format(expression)) or [Gap(expression)]


def list_values(
    expression: str, language: str, cases: Iterable[Resolve] = (resolve_nothing,)
) -> list[str]:
    """Lists what the text can be, as plain strings or Patterns; empty when nothing is known."""
    if len(expression) > _LONGEST:
        return []
    parts = split_text(expression, language)
    texts = dict.fromkeys(
        "".join(
            part.replace(WILD, " ") if isinstance(part, str) else resolve(part.expression)
            for part in parts
        )
        for resolve in cases
    )
    if not all(text.strip(WILD) for text in texts):
        return []
    return [Pattern(text) if WILD in text else text for text in texts]


def _read_part(text: str) -> TextPart:
    text = text.strip()
    is_literal = re.fullmatch(_QUOTED, text) and "\\" not in text
    return text[1:-1] if is_literal else Gap(text)


def _split_format(text: str) -> Iterator[TextPart]:
    """Splits a `States.Format` call; empty for other functions and for paths."""
    try:
        call = intrinsics.parse(text) if intrinsics.looks_like_call(text) else None
    except ExpressionError:
        return
    if not call or call.name != "States.Format" or not call.arguments[0].startswith("'"):
        return
    template, values = call.arguments[0][1:-1], iter(call.arguments[1:])
    end = 0
    for placeholder in _PLACEHOLDER.finditer(template):
        yield template[end : placeholder.start()]
        yield placeholder[1] or _read_part(next(values))
        end = placeholder.end()
    yield template[end:]


def _split_operands(expression: str) -> list[str]:
    """Splits the operands of `&`, in brackets or not; empty for any other expression."""
    for _ in range(_BRACKETS):
        operands = _split_at_joins(expression)
        if operands != [expression] or not expression.startswith("("):
            return operands
        expression = expression[1:-1].strip()
    return []


def _split_at_joins(expression: str) -> list[str]:
    operands: list[list[str]] = [[]]
    outside: list[list[str]] = [[]]
    depth = 0
    for word in _TOKEN.findall(expression):
        depth -= word in ")]}"
        if depth < 0:
            return []
        if word == "&" and not depth:
            operands.append([])
            outside.append([])
        else:
            operands[-1].append(word)
            outside[-1] += word if not depth and word not in "([{)]}" else ""
        depth += word in "([{"
    bare = ("".join(each) for each in outside)
    return ["".join(each) for each in operands] if all(map(_OPERAND.fullmatch, bare)) else []
