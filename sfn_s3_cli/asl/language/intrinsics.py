"""Intrinsic functions, such as `States.Format('{}', $.name)`: what is wrong, what they read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.asl.language import paths
from sfn_s3_cli.asl.language.paths import Malformed, Path
from sfn_s3_cli.documents.wording import describe, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANY = 1_000_000  # as many arguments as one likes
_DEEPEST = 10
"""https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html"""

FUNCTIONS = {
    "States.Array": (0, _ANY),
    "States.ArrayContains": (2, 2),
    "States.ArrayGetItem": (2, 2),
    "States.ArrayLength": (1, 1),
    "States.ArrayPartition": (2, 2),
    "States.ArrayRange": (3, 3),
    "States.ArrayUnique": (1, 1),
    "States.Base64Decode": (1, 1),
    "States.Base64Encode": (1, 1),
    "States.Format": (1, _ANY),
    "States.Hash": (2, 2),
    "States.JsonMerge": (3, 3),
    "States.JsonToString": (1, 1),
    "States.MathAdd": (2, 2),
    "States.MathRandom": (2, 3),
    "States.StringSplit": (2, 2),
    "States.StringToJson": (1, 1),
    "States.UUID": (0, 0),
}
"""How many arguments each takes, at least and at most."""

# Where an argument is written out and not read from a path, it is one of these.
_CHOICES = {
    ("States.Hash", 1): ("'MD5'", "'SHA-1'", "'SHA-256'", "'SHA-384'", "'SHA-512'"),
    ("States.JsonMerge", 2): ("false",),
}

_CALL = re.compile(r"([A-Za-z][\w.]*)\s*\(\s*")
_NAME = re.compile(r"States\.|[A-Za-z][\w.]*\(")
_STRING = re.compile(r"'((?:\\.|[^'\\])*)'", re.DOTALL)
_NUMBER_OR_WORD = re.compile(r"(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\b")
_SPACE = re.compile(r"\s*")
_ESCAPED = re.compile(r"\\.", re.DOTALL)


class Intrinsic(NamedTuple):
    """What a call is, what it reads, and what AWS may refuse about it."""

    name: str
    arguments: tuple[str, ...]
    """As they are written."""
    paths: tuple[Path, ...]
    doubts: tuple[str, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables among them."""
        return tuple(path.variable for path in self.paths if path.variable)


_EXAMPLES = {
    "States.Array": "States.Array($.a, $.b)",
    "States.ArrayContains": "States.ArrayContains($.list, $.item)",
    "States.ArrayGetItem": "States.ArrayGetItem($.list, 0)",
    "States.ArrayLength": "States.ArrayLength($.list)",
    "States.ArrayPartition": "States.ArrayPartition($.list, 4)",
    "States.ArrayRange": "States.ArrayRange(1, 9, 2)",
    "States.ArrayUnique": "States.ArrayUnique($.list)",
    "States.Base64Decode": "States.Base64Decode($.text)",
    "States.Base64Encode": "States.Base64Encode($.text)",
    "States.Hash": "States.Hash($.text, 'SHA-256')",
    "States.JsonMerge": "States.JsonMerge($.a, $.b, false)",
    "States.JsonToString": "States.JsonToString($.document)",
    "States.MathAdd": "States.MathAdd($.number, 1)",
    "States.MathRandom": "States.MathRandom(1, 10)",
    "States.StringSplit": "States.StringSplit($.text, ',')",
    "States.StringToJson": "States.StringToJson($.text)",
    "States.UUID": "States.UUID()",
}


def example(text: str) -> str:
    """A call of the function that was to be called, as it can be."""
    called = _CALL.match(text.strip())
    return _EXAMPLES.get(called[1] if called else "", "States.Format('{}', $.name)")


def looks_like_call(value: Any) -> bool:
    return isinstance(value, str) and bool(_NAME.match(value.strip()))


def parse(value: str) -> Intrinsic:
    """Raises Malformed, which says what is wrong."""
    text = value.strip()
    reader = _Reader(text)
    end = reader.call(0, 1)
    if end < len(text):
        raise Malformed(f"something follows its `)` at character {end + 1}")
    name, arguments = reader.outer
    paths, doubts = dict.fromkeys(reader.paths), dict.fromkeys(reader.doubts)
    return Intrinsic(name, tuple(arguments), tuple(paths), tuple(doubts))


class _Reader:
    def __init__(self, text: str) -> None:
        self.paths: list[Path] = []
        self.doubts: list[str] = []
        self.outer: tuple[str, list[str]] = ("", [])
        """The call that was read last: around all others."""
        self._text = text

    def call(self, start: int, depth: int) -> int:
        """Where the call that begins at `start` ends."""
        opened = _CALL.match(self._text, start)
        if not opened:
            raise Malformed(f"the `(...)` of its arguments is missing at character {start + 1}")
        name, at = opened[1], opened.end()
        if name not in FUNCTIONS:
            guess = suggest(name, FUNCTIONS)
            raise Malformed(f"there is no function {describe(name)}" + (guess and f", {guess}"))
        if depth > _DEEPEST:
            raise Malformed(f"functions are nested deeper than {_DEEPEST}")
        arguments: list[str] = []
        while not self._text.startswith(")", at):
            if arguments:
                at = self._after_comma(at)
            end = self._argument(at, depth)
            arguments.append(self._text[at:end])
            at = self._after_space(end)
        _check(name, arguments)
        self.doubts += _doubts(name, arguments)
        self.outer = name, arguments
        return at + 1

    def _after_comma(self, at: int) -> int:
        if at >= len(self._text):
            raise Malformed("its `)` is missing")
        if self._text[at] != ",":
            raise Malformed(f"a `,` or `)` is missing at character {at + 1}")
        return self._after_space(at + 1)

    def _after_space(self, at: int) -> int:
        space = _SPACE.match(self._text, at)
        return space.end() if space else at

    def _argument(self, at: int, depth: int) -> int:
        if self._text.startswith("$", at):
            path, end = paths.parse_prefix(self._text, at)
            self.paths.append(path)
            return end
        if literal := _STRING.match(self._text, at) or _NUMBER_OR_WORD.match(self._text, at):
            return literal.end()
        if _CALL.match(self._text, at):
            return self.call(at, depth + 1)
        raise Malformed(self._no_argument(at))

    def _no_argument(self, at: int) -> str:
        match self._text[at : at + 1]:
            case "":
                return "its `)` is missing"
            case "'":
                return f"the text that begins at character {at + 1} has no closing apostrophe"
            case '"':
                return f'text stands between apostrophes, not `"`, at character {at + 1}'
        return f"there is no argument at character {at + 1}"


def _check(name: str, arguments: list[str]) -> None:
    least, most = FUNCTIONS[name]
    if not least <= len(arguments) <= most:
        takes = f"{least} or more" if most == _ANY else " or ".join(map(str, sorted({least, most})))
        plural = "" if takes == "1" else "s"
        raise Malformed(f"{name} takes {takes} argument{plural}, found {len(arguments)}")
    for position, argument in enumerate(arguments):
        # Measured: https://github.com/localstack/localstack, its tests of illegal escapes
        if (text := _STRING.fullmatch(argument)) and r"\"" in _ESCAPED.findall(text[1]):
            raise Malformed(r'`"` stands in its text as it is, not as `\"`')
        choices = _CHOICES.get((name, position))
        is_written_out = argument[0] in "'0123456789-tfn"
        if choices and is_written_out and argument not in choices:
            raise Malformed(f"{name} takes {' or '.join(choices)} here, found {argument[:40]}")
    if name == "States.Format" and (template := _STRING.fullmatch(arguments[0])):
        gaps, values = _ESCAPED.sub("", template[1]).count("{}"), len(arguments) - 1
        if gaps != values:
            raise Malformed(f"it has {gaps} of `{{}}`, and {values} of the values for them")


def _doubts(name: str, arguments: list[str]) -> Iterator[str]:
    """What should be escaped, which AWS asks for and may let pass."""
    for argument in arguments:
        text = _STRING.fullmatch(argument)
        for escape in _ESCAPED.findall(text[1]) if text else ():
            if escape[1] not in "'{}\\":
                yield f"has `{escape}`, which is no escape"
        if text and name == "States.Format":
            rest = _ESCAPED.sub("", text[1]).replace("{}", "")
            for brace in sorted({*rest} & {*"{}"}):
                yield f"has a `{brace}` in its text, where AWS wants `\\{brace}`"
