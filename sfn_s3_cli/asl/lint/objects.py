"""Checks the fields of one object: unknown, missing and exclusive ones, and their values."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.fields import EXCLUSIVE_FIELDS, FIELD_NAMES, FIELDS_OF, STATE_TYPES
from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH
from sfn_s3_cli.asl.lint.field_rules import RULES
from sfn_s3_cli.asl.lint.field_values import check_value, list_objects
from sfn_s3_cli.asl.lint.subjects import join_words
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.fields import Field
    from sfn_s3_cli.asl.lint.subjects import Subject

_FEW = 3
_EXCLUSIVE = {
    name: [group for group in EXCLUSIVE_FIELDS if name in group.objects.split()]
    for name in FIELDS_OF
}


def check(start: Subject) -> Iterator[Finding]:
    """Checks an object and the objects inside it, but not the states of containers.

    A field with a wrong name, or in the wrong place, is not reported again as missing.
    """
    waiting = [start]
    while waiting:
        subject = waiting.pop()
        known = {*subject.value, *list_misplaced(subject)}
        fields = FIELDS_OF[subject.object]
        for key, value in subject.value.items():
            path = (*subject.path, key)
            field = fields.get(key)
            if field is None:
                hint = suggest(key, fields.keys() - {"Comment"})
                known.update(hint.split("'")[1:2])
                yield _report_unknown(key, hint, subject)
            elif _is_foreign(field, subject):
                known.add(field.instead)
                yield _report_foreign(field, subject)
            else:
                yield from check_value(value, path, field.type, subject)
                waiting += list_objects(value, path, field.type, subject)
        yield from chain(_check_missing(subject, known), _check_exclusive(subject, known))
        yield from chain.from_iterable(rule(subject) for rule in RULES.get(subject.object, ()))


def list_misplaced(subject: Subject) -> list[str]:
    """Lists the fields of a container that are among its states, one level too deep."""
    fields, states = FIELDS_OF[subject.object], subject.value.get("States")
    if "States" not in fields or not isinstance(states, dict):
        return []
    return [
        name for name, value in states.items() if name in fields and not isinstance(value, dict)
    ]


def _report_unknown(key: str, hint: str, subject: Subject) -> Finding:
    path = (*subject.path, key)
    message = f"{describe(key)} is not a field of {subject.name}"
    if key in FIELD_NAMES:
        owners = [name for name in STATE_TYPES if key in FIELDS_OF[name]]
        remedy = "remove it"
        if 1 <= len(owners) <= _FEW:
            remedy += f", it belongs to a {join_words(owners)} state"
        return Finding("UNSUPPORTED_FIELD", path, message, remedy, at_key=True)
    remedy = hint or "remove it; if AWS supports it by now, set `validation: warn`"
    return Finding("UNKNOWN_FIELD", path, message, remedy, at_key=True)


def _is_foreign(field: Field, subject: Subject) -> bool:
    """Whether it is a field of the other query language."""
    return bool(field.language and subject.language and field.language != subject.language)


def _report_foreign(field: Field, subject: Subject) -> Finding:
    own = f"{describe(field.name)} is a {field.language} field"
    message = f"{own}, but {subject.name} uses {subject.language}"
    remedy = f"use `{field.instead}`"
    if subject.language == JSONPATH:
        remedy += f", or set `QueryLanguage: {JSONATA}`"
    path = (*subject.path, field.name)
    return Finding("UNSUPPORTED_FIELD", path, message, remedy, at_key=True)


def _check_missing(subject: Subject, known: set[str]) -> Iterator[Finding]:
    for field in FIELDS_OF[subject.object].values():
        if field.name in known:
            continue
        message = f"{subject.name} has no {field.name}"
        if field.is_required:
            remedy = f"add `{field.name}`"
            yield Finding("MISSING_FIELD", subject.path, message, remedy, at_key=True)
        elif field.advice:
            code, remedy = f"NO_{field.name.upper()}", f"add one, or {field.advice}"
            yield Finding(code, subject.path, message, remedy, Severity.WARNING, at_key=True)


def _check_exclusive(subject: Subject, known: set[str]) -> Iterator[Finding]:
    fields = FIELDS_OF[subject.object]
    for group in _EXCLUSIVE[subject.object]:
        own = [fields[name] for name in group.names if name in fields]
        names = [field.name for field in own if not _is_foreign(field, subject)]
        if group.remedy and not any(name in known and _counts(name, subject) for name in names):
            message = f"{subject.name} has no {join_words(names)}"
            yield Finding("MISSING_FIELD", subject.path, message, group.remedy, at_key=True)
        both = [name for name in subject.value if name in names and _counts(name, subject)]
        if len(both) > 1:
            message = f"{subject.name} has {join_words(both, 'and')}, but can have only one of them"
            path = (*subject.path, both[-1])
            yield Finding("EXCLUSIVE_FIELDS", path, message, "keep one of them", at_key=True)


def _counts(name: str, subject: Subject) -> bool:
    """Whether the field has a meaning; `End: false` and `Next: null` have none."""
    empty = {"End": False, "Next": None}
    return not (name in empty and subject.value.get(name, ...) is empty[name])
