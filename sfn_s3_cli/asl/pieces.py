"""What a computed text is made of: what is written, and what fills the gaps at run time."""

from __future__ import annotations

import re
from itertools import islice, product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sfn_s3_cli.asl import intrinsics
from sfn_s3_cli.asl.paths import Malformed
from sfn_s3_cli.asl.states import JSONATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


WILD, ANY = "\x00", "\x01"
"""Stand for the `*` and the `?` of a pattern; the characters themselves are no pattern."""


class Pattern(str):
    """A text that is known but for its gaps, for each of which a WILD stands."""

    __slots__ = ()


class Gap(NamedTuple):
    """What an expression gives."""

    expression: str


Piece: TypeAlias = str | Gap

_MOST = 20
_QUOTED = r"""'(?:\\.|[^'\\])*+'|"(?:\\.|[^"\\])*+\""""
_PLACE = re.compile(r"\\(.)|\{\}", re.DOTALL)
_TOKEN = re.compile(rf"{_QUOTED}|.", re.DOTALL)
_OPERAND = re.compile(rf"\s*(?:{_QUOTED}|[\w.`$-]*)\s*")
"""What may stand beside `&`, without its brackets: another operator may bind more loosely."""


def pieces(expression: str, language: str) -> list[Piece]:
    """The pieces of what stands between `{% %}`, or under a key that ends with `.$`."""
    if language == JSONATA:
        return [_piece(each) for each in _operands(expression)] or [Gap(expression.strip())]
    return list(_formatted(expression)) or [Gap(expression.strip())]


def patterns(expression: str, language: str, known: Callable[[str], Sequence[str]]) -> list[str]:
    """What the text can be, with gaps or without; nothing when nothing is known of it.

    `known` gives what an expression can give, with WILD for what is not known of that.
    """
    found = [
        [piece.replace(WILD, " ")] if isinstance(piece, str) else known(piece.expression) or [WILD]
        for piece in pieces(expression, language)
    ]
    texts = ("".join(each) for each in islice(product(*found), _MOST))
    return [Pattern(text) if WILD in text else text for text in texts if text.strip(WILD)]


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
