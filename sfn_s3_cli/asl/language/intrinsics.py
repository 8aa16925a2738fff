"""Parses intrinsic functions such as `States.Format('{}', $.name)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from sfn_s3_cli.asl.language import paths
from sfn_s3_cli.asl.language.paths import ExpressionError, Path
from sfn_s3_cli.counts import Count
from sfn_s3_cli.documents.wording import describe, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNLIMITED = 1_000_000
_DEEPEST = 10
"""https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html"""


class Signature(NamedTuple):
    """How many arguments a function takes, and an example of a call."""

    least: int
    most: int
    example: str


FUNCTIONS = {
    "States.Array": Signature(0, _UNLIMITED, "($.a, $.b)"),
    "States.ArrayContains": Signature(2, 2, "($.list, $.item)"),
    "States.ArrayGetItem": Signature(2, 2, "($.list, 0)"),
    "States.ArrayLength": Signature(1, 1, "($.list)"),
    "States.ArrayPartition": Signature(2, 2, "($.list, 4)"),
    "States.ArrayRange": Signature(3, 3, "(1, 9, 2)"),
    "States.ArrayUnique": Signature(1, 1, "($.list)"),
    "States.Base64Decode": Signature(1, 1, "($.text)"),
    "States.Base64Encode": Signature(1, 1, "($.text)"),
    "States.Format": Signature(1, _UNLIMITED, "('{}', $.name)"),
    "States.Hash": Signature(2, 2, "($.text, 'SHA-256')"),
    "States.JsonMerge": Signature(3, 3, "($.a, $.b, false)"),
    "States.JsonToString": Signature(1, 1, "($.document)"),
    "States.MathAdd": Signature(2, 2, "($.number, 1)"),
    "States.MathRandom": Signature(2, 3, "(1, 10)"),
    "States.StringSplit": Signature(2, 2, "($.text, ',')"),
    "States.StringToJson": Signature(1, 1, "($.text)"),
    "States.UUID": Signature(0, 0, "()"),
}

# The values that AWS accepts for an argument that is a literal.
_CHOICES = {
    ("States.Hash", 1): ("'MD5'", "'SHA-1'", "'SHA-256'", "'SHA-384'", "'SHA-512'"),
    ("States.JsonMerge", 2): ("false",),
}

_CALL = re.compile(r"([A-Za-z][\w.]*)\s*\(\s*")
_NAME = re.compile(r"States\.|[A-Za-z][\w.]*\(")
_STRING = re.compile(r"'((?:\\.|[^'\\])*)'", re.DOTALL)
_NUMBER_OR_WORD = re.compile(r"(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\b")
_SPACE = re.compile(r"\s*")
_ESCAPE = re.compile(r"\\.", re.DOTALL)


class IntrinsicCall(NamedTuple):
    """A call, what it reads, and what AWS may refuse about it."""

    name: str
    arguments: tuple[str, ...]
    """The source text of each."""
    paths: tuple[Path, ...]
    doubts: tuple[str, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables that the call reads."""
        return tuple(path.variable for path in self.paths if path.variable)


def suggest_call(text: str) -> str:
    """Writes a valid call of the function that the text tries to call."""
    call = _CALL.match(text.strip())
    name = call[1] if call and call[1] in FUNCTIONS else "States.Format"
    return name + FUNCTIONS[name].example


def looks_like_call(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(_NAME.match(value.strip()))


def parse(value: str) -> IntrinsicCall:
    """Parses a call; ExpressionError, with the reason, if it is not valid."""
    text = value.strip()
    reader = _Reader(text)
    end = reader.read_call(0, 1)
    if end < len(text):
        raise ExpressionError(f"unexpected text after its `)`, at character {end + 1}")
    name, arguments = reader.outer
    paths, doubts = dict.fromkeys(reader.paths), dict.fromkeys(reader.doubts)
    return IntrinsicCall(name, tuple(arguments), tuple(paths), tuple(doubts))


class _Reader:
    def __init__(self, text: str) -> None:
        self.paths: list[Path] = []
        self.doubts: list[str] = []
        self.outer: tuple[str, list[str]] = ("", [])
        """The call that was read last: the one around all others."""
        self._text = text

    def read_call(self, start: int, depth: int) -> int:
        """Reads the call that begins at `start`, and returns where it ends."""
        opening = _CALL.match(self._text, start)
        if not opening:
            raise ExpressionError(f"its arguments `(...)` are missing at character {start + 1}")
        name, at = opening[1], opening.end()
        if name not in FUNCTIONS:
            guess = suggest(name, FUNCTIONS)
            message = f"the function {describe(name)} does not exist"
            raise ExpressionError(message + (guess and f", {guess}"))
        if depth > _DEEPEST:
            raise ExpressionError(f"functions are nested deeper than {_DEEPEST}")
        arguments: list[str] = []
        while not self._text.startswith(")", at):
            if arguments:
                at = self._skip_comma(at)
            end = self._read_argument(at, depth)
            arguments.append(self._text[at:end])
            at = self._skip_space(end)
        _check_arguments(name, arguments)
        self.doubts += _find_doubts(name, arguments)
        self.outer = name, arguments
        return at + 1

    def _skip_comma(self, at: int) -> int:
        if at >= len(self._text):
            raise ExpressionError("its `)` is missing")
        if self._text[at] != ",":
            raise ExpressionError(f"a `,` or `)` is missing at character {at + 1}")
        return self._skip_space(at + 1)

    def _skip_space(self, at: int) -> int:
        space = _SPACE.match(self._text, at)
        return space.end() if space else at

    def _read_argument(self, at: int, depth: int) -> int:
        if self._text.startswith("$", at):
            path, end = paths.parse_prefix(self._text, at)
            self.paths.append(path)
            return end
        if literal := _STRING.match(self._text, at) or _NUMBER_OR_WORD.match(self._text, at):
            return literal.end()
        if _CALL.match(self._text, at):
            return self.read_call(at, depth + 1)
        raise ExpressionError(self._explain_argument(at))

    def _explain_argument(self, at: int) -> str:
        match self._text[at : at + 1]:
            case "":
                return "its `)` is missing"
            case "'":
                return f"the string at character {at + 1} has no closing apostrophe"
            case '"':
                return f'a string needs apostrophes instead of `"`, at character {at + 1}'
        return f"an argument is missing at character {at + 1}"


def _check_arguments(name: str, arguments: list[str]) -> None:
    least, most, _ = FUNCTIONS[name]
    if not least <= len(arguments) <= most:
        counts = " or ".join(map(str, sorted({least, most})))
        takes = f"{least} or more" if most == _UNLIMITED else counts
        plural = "" if takes == "1" else "s"
        raise ExpressionError(f"{name} takes {takes} argument{plural}, found {len(arguments)}")
    for position, argument in enumerate(arguments):
        # Measured: https://github.com/localstack/localstack, its tests of illegal escapes
        if (text := _STRING.fullmatch(argument)) and r"\"" in _ESCAPE.findall(text[1]):
            raise ExpressionError(r'`"` must not be escaped, found `\"`')
        choices = _CHOICES.get((name, position))
        is_literal = argument[0] in "'0123456789-tfn"
        if choices and is_literal and argument not in choices:
            expected = " or ".join(choices)
            raise ExpressionError(f"{name} takes {expected} here, found {argument[:40]}")
    if name == "States.Format" and (template := _STRING.fullmatch(arguments[0])):
        gaps, values = _ESCAPE.sub("", template[1]).count("{}"), len(arguments) - 1
        if gaps != values:
            raise ExpressionError(f"its text has {gaps} `{{}}` for {Count(values):value}")


def _find_doubts(name: str, arguments: list[str]) -> Iterator[str]:
    """Finds wrong escapes, which AWS documents as errors but may accept."""
    for argument in arguments:
        text = _STRING.fullmatch(argument)
        for escape in _ESCAPE.findall(text[1]) if text else ():
            if escape[1] not in "'{}\\":
                yield f"has `{escape}`, which is not a valid escape"
        if text and name == "States.Format":
            rest = _ESCAPE.sub("", text[1]).replace("{}", "")
            for brace in sorted({*rest} & {*"{}"}):
                yield f"has `{brace}` in its text, where AWS expects `\\{brace}`"
