"""The fields of one object: those it has, those it must have and those that exclude each other."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.fields import FIELDS, GROUPS, NAMES, STATE_TYPES
from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH
from sfn_s3_cli.asl.lint.field_rules import RULES
from sfn_s3_cli.asl.lint.field_values import faults, parts
from sfn_s3_cli.asl.lint.subjects import listed
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.fields import Row
    from sfn_s3_cli.asl.lint.subjects import Place

_FEW = 3
_GROUPS = {owner: [group for group in GROUPS if owner in group.owners.split()] for owner in FIELDS}


def check(start: Place) -> Iterator[Finding]:
    """Everything about an object and those inside of it, but not the states of containers.

    A field with a wrong name is told as such, and not once more as one that is missing.
    """
    waiting = [start]
    while waiting:
        place = waiting.pop()
        told = set(place.value)
        for key, value in place.value.items():
            where = (*place.path, key)
            row = FIELDS[place.owner].get(key)
            if row is None:
                hint = suggest(key, FIELDS[place.owner].keys() - {"Comment"})
                told.update(hint.split("'")[1:2])
                yield _stranger(key, hint, place)
            elif _is_foreign(row, place):
                told.add(row.instead)
                yield _foreign(row, place)
            else:
                yield from faults(value, where, row.kind, place)
                waiting += parts(value, where, row.kind, place)
        yield from chain(_missing(place, told), _exclusive(place, told))
        yield from chain.from_iterable(rule(place) for rule in RULES.get(place.owner, ()))


def _stranger(key: str, hint: str, place: Place) -> Finding:
    """A field that no such object has."""
    where = (*place.path, key)
    message = f"{describe(key)} is no field of {place.subject}"
    if key in NAMES:
        owners = [name for name in STATE_TYPES if key in FIELDS[name]]
        remedy = "remove it"
        if 1 <= len(owners) <= _FEW:
            remedy += f", it belongs to a {listed(owners)} state"
        return Finding("UNSUPPORTED_FIELD", where, message, remedy, at_key=True)
    remedy = hint or "remove it; if AWS has added it since, set `validation: warn`"
    return Finding("UNKNOWN_FIELD", where, message, remedy, at_key=True)


def _is_foreign(row: Row, place: Place) -> bool:
    """Whether it is a field of the other query language."""
    return bool(row.language and place.language and row.language != place.language)


def _foreign(row: Row, place: Place) -> Finding:
    message = f"{describe(row.name)} is {row.language}, but {place.subject} is {place.language}"
    remedy = f"use `{row.instead}`"
    if place.language == JSONPATH:
        remedy += f", or set `QueryLanguage: {JSONATA}`"
    where = (*place.path, row.name)
    return Finding("UNSUPPORTED_FIELD", where, message, remedy, at_key=True)


def _missing(place: Place, told: set[str]) -> Iterator[Finding]:
    for row in FIELDS[place.owner].values():
        if row.name in told:
            continue
        message = f"{place.subject} has no {row.name}"
        if row.is_required:
            remedy = f"add `{row.name}`"
            yield Finding("MISSING_FIELD", place.path, message, remedy, at_key=True)
        elif row.advice:
            id_, remedy = f"NO_{row.name.upper()}", f"add one, or {row.advice}"
            yield Finding(id_, place.path, message, remedy, Severity.WARNING, at_key=True)


def _exclusive(place: Place, told: set[str]) -> Iterator[Finding]:
    rows = FIELDS[place.owner]
    for group in _GROUPS[place.owner]:
        own = [rows[name] for name in group.names if name in rows]
        names = [row.name for row in own if not _is_foreign(row, place)]
        if group.remedy and not any(name in told and _counts(name, place) for name in names):
            message = f"{place.subject} has no {listed(names)}"
            yield Finding("MISSING_FIELD", place.path, message, group.remedy, at_key=True)
        both = [name for name in place.value if name in names and _counts(name, place)]
        if len(both) > 1:
            message = f"{place.subject} has {listed(both, 'and')} at once"
            where = (*place.path, both[-1])
            yield Finding("EXCLUSIVE_FIELDS", where, message, "keep one of them", at_key=True)


def _counts(name: str, place: Place) -> bool:
    """Whether the field says something; `End: false` and `Next: null` say nothing."""
    says_nothing = {"End": False, "Next": None}
    return not (name in says_nothing and place.value.get(name, ...) is says_nothing[name])
