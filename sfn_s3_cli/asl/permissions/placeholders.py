"""What the placeholders of a template become in one call."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language.computed_text import ANY, WILD, Pattern
from sfn_s3_cli.asl.permissions.arguments import Unknown, UnknownParameter
from sfn_s3_cli.asl.permissions.converters import CONVERTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sfn_s3_cli.asl.permissions.arguments import Arguments
    from sfn_s3_cli.asl.permissions.notation import Placeholder, Template
    from sfn_s3_cli.iam.arns import Place

# IAM reads these three as patterns and variables, and accepts no character above U+00FF:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
_SPECIAL = re.compile(r"[*?$]|[^\x20-\xff]")
_REFUSED = re.compile(r"[^\x20-\xff]")
_ESCAPED = {"*": "${*}", "?": "${?}", "$": "${$}", WILD: "*", ANY: "?"}
# A computed name is useful if it begins like this: then it fits one resource, or a few.
_USEFUL_START = re.compile(
    r"(?!arn:|s3://|/)[^\x00]|/[^\x00]|s3://[^\x00]"
    r"|arn:[^:\x00]*:s3:::[^\x00]|arn:(?:[^:\x00]*:){4}[^\x00]"
)


_LITERAL_START = re.compile(rf"(?:https?://)?+[^{WILD}{ANY}]")


class FilledCondition(NamedTuple):
    """The values of a condition."""

    values: tuple[str, ...]
    has_patterns: bool
    """Whether a value is computed, so that only its literal parts are known."""
    unknown: UnknownParameter | None
    """The parameter whose pattern fits nearly anything."""


class Filling(NamedTuple):
    """A value that a placeholder may have, and the parameter that it comes from."""

    path: str
    value: str | Unknown


def fill(placeholder: Placeholder, arguments: Arguments, place: Place) -> Iterator[Filling]:
    """The values of the first of its parameters that is given."""
    path = next(filter(arguments.has, placeholder.paths), None)
    default = placeholder.default
    if path is None:
        yield Filling(placeholder.paths[0], Unknown.MISSING if default is None else default)
        return
    for value in dict.fromkeys(arguments.read(path)):
        match value:
            case str():
                for each in _convert(value, placeholder.converter, place):
                    yield Filling(path, each)
            case Unknown.COMPUTED | Unknown.UNREADABLE:
                yield Filling(path, value)
            case _ if default is not None:
                yield Filling(path, default)


def join(literals: Sequence[str], choices: Iterable[Iterable[Filling]]) -> Iterator[str]:
    """The literals with fillings between them, in all combinations; `*` for unknown values."""
    texts = [
        ["*" if isinstance(each.value, Unknown) else each.value for each in fillings]
        for fillings in choices
    ]
    for chosen in product(*texts):
        text = literals[0] + "".join(map(str.__add__, chosen, literals[1:]))
        yield text.replace("**", "*")


def fill_condition(
    template: Template, arguments: Arguments, place: Place, *, is_exact: bool
) -> FilledCondition | UnknownParameter:
    """The values of a condition, or the parameter that keeps it from having any.

    A computed value becomes a pattern of its literal parts. An exact condition cannot have
    characters that IAM refuses; in a pattern `?` replaces them.
    """
    choices = [[*fill(each, arguments, place)] for each in template.placeholders]
    path, given = "", []
    for path, value in choices[0] if choices else ():
        if isinstance(value, Unknown):
            return UnknownParameter(path, value)
    if path:
        given = [each for each in arguments.read(path) if isinstance(each, str)]
    patterns = [each for each in given if isinstance(each, Pattern)]
    if is_exact and any(_REFUSED.search(each) for each in given if each not in patterns):
        return UnknownParameter(path, Unknown.UNREADABLE)
    vague = any(not _LITERAL_START.match(each) for each in patterns)
    unknown = UnknownParameter(path, Unknown.COMPUTED) if vague else None
    return FilledCondition(tuple(join(template.literals, choices)), bool(patterns), unknown)


def _convert(value: str, converter: str, place: Place) -> Sequence[str | Unknown]:
    """The names that a value becomes in ARNs; none if another grant is about it."""
    is_pattern = isinstance(value, Pattern)
    if is_pattern and converter != "text" and not _USEFUL_START.match(value):
        return [Unknown.COMPUTED]
    text = value if is_pattern else value.replace(WILD, " ").replace(ANY, " ")
    names = CONVERTERS[converter](text, place)
    if names is None:
        return []
    return [*map(escape, names)] or [Unknown.COMPUTED if is_pattern else Unknown.UNREADABLE]


def escape(text: str) -> str:
    """The text as IAM reads it in a policy, with `?` for each character that IAM refuses."""
    return _SPECIAL.sub(lambda special: _ESCAPED.get(special[0], "?"), text)
