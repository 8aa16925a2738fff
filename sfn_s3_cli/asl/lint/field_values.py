"""Checks the value of one field: its type, and the paths and expressions in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_s3_cli.asl.language.field_types import Format, ListOf, Number, Object, OneOf, Plain, fits
from sfn_s3_cli.asl.language.fields import FIELDS_OF
from sfn_s3_cli.asl.language.jsonata import is_expression
from sfn_s3_cli.asl.language.paths import PathType
from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH
from sfn_s3_cli.asl.lint import jsonata, jsonata_remedies, jsonpath
from sfn_s3_cli.asl.lint.subjects import join_codes
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.field_types import FieldType
    from sfn_s3_cli.asl.lint.subjects import Subject
    from sfn_s3_cli.documents.places import ValuePath

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


def check_value(
    value: Any, path: ValuePath, type_: FieldType, subject: Subject
) -> Iterator[Finding]:
    """Checks the value of a field, but not the fields of the objects in it."""
    if isinstance(type_, PathType):
        if subject.state and subject.language == JSONPATH:
            yield from jsonpath.check_path(value, path, type_, subject.state)
    elif subject.language == JSONATA and _takes_jsonata(type_) and _is_expression(value):
        if subject.state:
            yield from jsonata.check_value(value, path, subject.state)
    elif not fits(value, type_):
        yield _report_misfit(value, path, type_, subject)
    elif isinstance(type_, ListOf):
        yield from _check_items(value, path, type_, subject)
    else:
        yield from _check_inside(value, path, type_, subject)


def list_objects(
    value: Any, path: ValuePath, type_: FieldType, subject: Subject
) -> Iterator[Subject]:
    """Lists the objects with fields of their own in the value."""
    match type_, value:
        case Object(name), dict():
            yield subject.enter(value, path, name)
        case ListOf(Object(name)), list():
            for number, item in enumerate(value):
                if isinstance(item, dict):
                    yield subject.enter(item, (*path, number), name)


def _takes_jsonata(type_: FieldType) -> bool:
    """Whether an expression may take the place of the value."""
    return type_ not in _STATIC and not isinstance(type_, ListOf | Object | Format)


def _is_expression(value: object) -> bool:
    return isinstance(value, str) and is_expression(value)


def _report_misfit(value: Any, path: ValuePath, type_: FieldType, subject: Subject) -> Finding:
    code = type_.code if isinstance(type_, Format) else "INVALID_VALUE"
    words = type_.words if isinstance(type_, OneOf) else ()
    name = "an item" if isinstance(path[-1], int) else describe(path[-1])
    empty = f"an empty {describe(value).removeprefix('a ')}"
    message = f"{name} of {subject.name} is {empty if value in ([], {}) else describe(value)}"
    hint = ""
    if isinstance(value, str):
        hint = suggest(value, words) or _suggest_expression(value, path, type_, subject)
    return Finding(code, path, message, hint or f"make it {_expect(type_, subject, value)}")


def _suggest_expression(text: str, path: ValuePath, type_: FieldType, subject: Subject) -> str:
    """Suggests how to evaluate text that looks like an expression; empty for other text."""
    if subject.language == JSONATA and _takes_jsonata(type_):
        return jsonata_remedies.suggest_delimiters(text)
    twin = _find_path_field(path, subject)
    return f"use `{twin}`" if twin and text.startswith("$") else ""


def _find_path_field(path: ValuePath, subject: Subject) -> str:
    """Finds the field that takes a path in place of this field; empty when there is none."""
    name = f"{path[-1]}Path"
    is_twin = name in FIELDS_OF[subject.object] and name != "ResultPath"
    return name if is_twin and subject.language == JSONPATH else ""


def _expect(type_: FieldType, subject: Subject, value: object) -> str:
    """Describes the values that the type accepts."""
    match type_:
        case Plain():
            return _EXPECTED[type_]
        case OneOf(words):
            quote = "" if isinstance(value, str) else '"'
            return join_codes([f"{quote}{word}{quote}" for word in words])
        case Format(expected=expected):
            return expected
        case ListOf(item, is_filled):
            items = "strings" if item is Plain.TEXT else "mappings"
            return f"a list of {'one or more ' if is_filled else ''}{items}"
        case Number(least, most, is_whole):
            expected = "a whole number" if is_whole else "a number"
            if least is not None:
                expected += f" from {least} to {most}" if most else f" of {least} or more"
            return expected + (" or an expression" if subject.language == JSONATA else "")
    return "a mapping"


def _check_items(
    value: list[Any], path: ValuePath, type_: ListOf, subject: Subject
) -> Iterator[Finding]:
    for number, item in enumerate(value):
        if not fits(item, type_.item):
            holder = subject.enter(subject.value, path, subject.object)
            yield _report_misfit(item, (*path, number), type_.item, holder)


def _check_inside(
    value: Any, path: ValuePath, type_: FieldType, subject: Subject
) -> Iterator[Finding]:
    """Checks the paths and expressions inside a value of the right type."""
    if subject.state and subject.language == JSONATA and type_ in _OPEN:
        yield from jsonata.check_value(value, path, subject.state)
    elif subject.state and subject.language == JSONPATH and type_ in _TEMPLATES:
        yield from jsonpath.check_template(value, path, subject.state)
    elif subject.state and isinstance(value, str) and (twin := _find_path_field(path, subject)):
        yield from jsonpath.check_literal(value, path, subject.state, twin)
