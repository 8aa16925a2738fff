"""What a computed text is made of: what is written, and what fills the gaps at run time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sfn_s3_cli.asl.language import intrinsics
from sfn_s3_cli.asl.language.paths import Malformed
from sfn_s3_cli.asl.language.states import JSONATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


WILD, ANY = "\x00", "\x01"
"""Stand for the `*` and the `?` of a pattern; the characters themselves are no pattern."""


class Pattern(str):
    """A text that is known but for its gaps, for each of which a WILD stands."""

    __slots__ = ()


class Gap(NamedTuple):
    """What an expression gives."""

    expression: str


Piece: TypeAlias = str | Gap
Known: TypeAlias = "Callable[[str], str]"
"""What an expression gives in one of several cases, with WILD for what is not known of that."""


def nothing(_expression: str) -> str:
    return WILD


_LONGEST = 20_000  # characters; nothing is known of a longer expression
_BRACKETS = 10  # around a whole expression; so many are looked into
_QUOTED = r"""'(?:\\.|[^'\\])*+'|"(?:\\.|[^"\\])*+\""""
_PLACE = re.compile(r"\\(.)|\{\}", re.DOTALL)
_TOKEN = re.compile(rf"{_QUOTED}|.", re.DOTALL)
_OPERAND = re.compile(rf"\s*(?:{_QUOTED}|[\w.`$-]*)\s*")
"""What may stand beside `&`, without its brackets: another operator may bind more loosely."""


def pieces(expression: str, language: str) -> list[Piece]:
    """The pieces of what stands between `{% %}`, or under a key that ends with `.$`."""
    expression = expression.strip()
    if len(expression) > _LONGEST:
        return [Gap(expression)]
    if language == JSONATA:
        return [_piece(each) for each in _operands(expression)] or [Gap(expression)]
    return list(_formatted(expression)) or [Gap(expression)]


def patterns(expression: str, language: str, known: Iterable[Known] = (nothing,)) -> list[str]:
    """What the text can be, with gaps or without; nothing when nothing is known of it."""
    if len(expression) > _LONGEST:
        return []
    found = pieces(expression, language)
    texts = dict.fromkeys(
        "".join(
            piece.replace(WILD, " ") if isinstance(piece, str) else gives(piece.expression)
            for piece in found
        )
        for gives in known
    )
    if not all(text.strip(WILD) for text in texts):
        return []
    return [Pattern(text) if WILD in text else text for text in texts]


def _piece(text: str) -> Piece:
    text = text.strip()
    is_literal = re.fullmatch(_QUOTED, text) and "\\" not in text
    return text[1:-1] if is_literal else Gap(text)


def _formatted(text: str) -> Iterator[Piece]:
    """Those of `States.Format`; none of another path or function."""
    try:
        call = intrinsics.parse(text) if intrinsics.looks_like_call(text) else None
    except Malformed:
        return
    if not call or call.name != "States.Format" or not call.arguments[0].startswith("'"):
        return
    template, values = call.arguments[0][1:-1], iter(call.arguments[1:])
    end = 0
    for place in _PLACE.finditer(template):
        yield template[end : place.start()]
        yield place[1] or _piece(next(values))
        end = place.end()
    yield template[end:]


def _operands(expression: str) -> list[str]:
    """What `&` joins, in brackets or not; empty where the expression is something else."""
    for _ in range(_BRACKETS):
        found = _joined(expression)
        if found != [expression] or not expression.startswith("("):
            return found
        expression = expression[1:-1].strip()
    return []


def _joined(expression: str) -> list[str]:
    operands: list[list[str]] = [[]]
    outside: list[list[str]] = [[]]
    depth = 0
    for piece in _TOKEN.findall(expression):
        depth -= piece in ")]}"
        if depth < 0:
            return []
        if piece == "&" and not depth:
            operands.append([])
            outside.append([])
        else:
            operands[-1].append(piece)
            outside[-1] += piece if not depth and piece not in "([{)]}" else ""
        depth += piece in "([{"
    bare = ("".join(each) for each in outside)
    return ["".join(each) for each in operands] if all(map(_OPERAND.fullmatch, bare)) else []
