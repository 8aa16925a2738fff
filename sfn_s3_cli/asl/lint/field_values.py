"""What stands in a field: whether it is what the field takes, and what is to be checked in it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.asl.language.field_types import Each, Number, Object, Plain, Spelling, Word
from sfn_s3_cli.asl.language.fields import FIELDS
from sfn_s3_cli.asl.language.jsonata import is_expression
from sfn_s3_cli.asl.language.paths import PathKind
from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH
from sfn_s3_cli.asl.lint import expressions, jsonata_remedies
from sfn_s3_cli.asl.lint.subjects import listed
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.field_types import Kind
    from sfn_s3_cli.asl.lint.subjects import Place
    from sfn_s3_cli.documents.document import ValuePath

_EXPECTED = {
    Plain.TEXT: "a string",
    Plain.PHRASE: "a string",
    Plain.FLAG: "true or false",
    Plain.CONDITION: "true, false or an expression",
    Plain.TIMESTAMP: "a timestamp such as `2030-01-31T09:30:00Z`",
    Plain.PAYLOAD: "a mapping",
    Plain.ITEMS: "a list, a mapping or an expression",
    Plain.CONTAINER: "a mapping with `StartAt` and `States`",
    Plain.STATES: "a mapping of names to states",
}
_STATIC = (Plain.TEXT, Plain.FLAG, Plain.LITERAL, Plain.CONTAINER, Plain.STATES)
_TEMPLATES = (Plain.PAYLOAD, Plain.TEMPLATE)
_OPEN = (*_TEMPLATES, Plain.ITEMS, Plain.PHRASE)
# With an upper-case `T`, and `Z` or an offset (https://states-language.net/spec.html#timestamps).
_TIMESTAMP = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d:\d\d)(?:\.\d+)?(?P<zone>Z|[+-]\d\d:\d\d)"
)


def faults(value: Any, where: ValuePath, kind: Kind, place: Place) -> Iterator[Finding]:
    """What is wrong with the value of a field, not with the objects in it."""
    if isinstance(kind, PathKind):
        if place.state and place.language == JSONPATH:
            yield from expressions.path(value, where, kind, place.state)
    elif place.language == JSONATA and _is_dynamic(kind) and _is_expression(value):
        if place.state:
            yield from expressions.jsonata(value, where, place.state)
    elif not _fits(value, kind):
        yield _misfit(value, where, kind, place)
    elif isinstance(kind, Each):
        yield from _of_items(value, where, kind, place)
    else:
        yield from _evaluated(value, where, kind, place)


def parts(value: Any, where: ValuePath, kind: Kind, place: Place) -> Iterator[Place]:
    """The objects in it that have fields of their own."""
    match kind, value:
        case Object(owner), dict():
            yield place.inside(value, where, owner)
        case Each(Object(owner)), list():
            for number, item in enumerate(value):
                if isinstance(item, dict):
                    yield place.inside(item, (*where, number), owner)


def _is_dynamic(kind: Kind) -> bool:
    """Whether JSONata may stand in its place."""
    return kind not in _STATIC and not isinstance(kind, Each | Object | Spelling)


def _is_expression(value: Any) -> bool:
    return isinstance(value, str) and is_expression(value)


def _fits(value: Any, kind: Kind) -> bool:
    match kind:
        case Plain.TEXT | Plain.PHRASE:
            return isinstance(value, str)
        case Plain.FLAG | Plain.CONDITION:
            return isinstance(value, bool)
        case Plain.TIMESTAMP:
            return isinstance(value, str) and _is_timestamp(value)
        case Plain.PAYLOAD | Plain.CONTAINER | Plain.STATES | Object():
            return isinstance(value, dict)
        case Plain.ITEMS:
            return isinstance(value, dict | list)
        case Word(words):
            return isinstance(value, str) and value in words
        case Spelling(_, pattern):
            return isinstance(value, str) and bool(pattern.fullmatch(value))
        case Number():
            return _is_within(value, kind)
        case Each(_, is_filled):
            return isinstance(value, list) and (bool(value) or not is_filled)
    return True


def _is_timestamp(text: str) -> bool:
    spelled = _TIMESTAMP.fullmatch(text)
    if not spelled:
        return False
    try:
        datetime.fromisoformat(f"{spelled['day']}T{spelled['time']}{spelled['zone']}")
    except ValueError:
        return False
    return True


def _is_within(value: Any, limits: Number) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if limits.is_whole and isinstance(value, float) and not value.is_integer():
        return False
    is_enough = limits.least is None or value >= limits.least
    return is_enough and (limits.most is None or value <= limits.most)


def _misfit(value: Any, where: ValuePath, kind: Kind, place: Place) -> Finding:
    id_ = kind.id if isinstance(kind, Spelling) else "INVALID_VALUE"
    words = kind.words if isinstance(kind, Word) else ()
    name = "an item" if isinstance(where[-1], int) else describe(where[-1])
    message = f"{name} of {place.subject} is {_shown(value)}"
    hint = ""
    if isinstance(value, str):
        hint = suggest(value, words) or _evaluable(value, where, kind, place)
    return Finding(id_, where, message, hint or f"make it {_expected(kind, place, value)}")


def _evaluable(text: str, where: ValuePath, kind: Kind, place: Place) -> str:
    """How to have evaluated what was probably meant to be."""
    if place.language == JSONATA and _is_dynamic(kind):
        return jsonata_remedies.delimiters(text)
    instead = _instead(where, place)
    return f"use `{instead}`" if instead and text.startswith("$") else ""


def _instead(where: ValuePath, place: Place) -> str:
    """The field that takes a path in place of this one."""
    name = f"{where[-1]}Path"
    is_twin = name in FIELDS[place.owner] and name != "ResultPath"
    return name if is_twin and place.language == JSONPATH else ""


def _shown(value: Any) -> str:
    return (
        f"an empty {describe(value).removeprefix('a ')}" if value in ([], {}) else describe(value)
    )


def _expected(kind: Kind, place: Place, value: Any) -> str:
    match kind:
        case Plain():
            return _EXPECTED[kind]
        case Word(words):
            quote = "" if isinstance(value, str) else '"'
            return listed([f"`{quote}{word}{quote}`" for word in words])
        case Spelling(expected=expected):
            return expected
        case Each(item, is_filled):
            items = "strings" if item is Plain.TEXT else "mappings"
            return f"a list of {'one or more ' if is_filled else ''}{items}"
        case Number(least, most, is_whole):
            expected = "a whole number" if is_whole else "a number"
            if least is not None:
                expected += f" from {least} to {most}" if most else f" of {least} or more"
            return expected + (" or an expression" if place.language == JSONATA else "")
    return "a mapping"


def _of_items(value: Any, where: ValuePath, kind: Each, place: Place) -> Iterator[Finding]:
    for number, item in enumerate(value):
        if not _fits(item, kind.kind):
            holder = place.inside(place.value, where, place.owner)
            yield _misfit(item, (*where, number), kind.kind, holder)


def _evaluated(value: Any, where: ValuePath, kind: Kind, place: Place) -> Iterator[Finding]:
    """Paths and expressions inside of a value."""
    if place.state and place.language == JSONATA and kind in _OPEN:
        yield from expressions.jsonata(value, where, place.state)
    elif place.state and place.language == JSONPATH and kind in _TEMPLATES:
        yield from expressions.template(value, where, place.state)
    elif place.state and isinstance(value, str) and (instead := _instead(where, place)):
        yield from expressions.literal(value, where, place.state, instead)
