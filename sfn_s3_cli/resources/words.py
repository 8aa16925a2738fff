"""What a plan says of a new resource: its fields, each in the form that people read best.

A kind chooses the form by the metadata of the field; without it, a field is shown as a plain value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.asl.language.definition_words import describe_definition
from sfn_s3_cli.events.pattern_words import describe_pattern, describe_pattern_part
from sfn_s3_cli.iam import tags
from sfn_s3_cli.iam.policy_words import describe_part, describe_policy

if TYPE_CHECKING:
    from sfn_s3_cli.resources.base import Resource

_WORDS = "words"
_ESSENCE = "essence"
_DAY = 24 * 3600


class Part(NamedTuple):
    """A field of a resource in words: its name, and one line or several."""

    name: str
    lines: tuple[str, ...]


def describe(resource: Resource) -> Iterator[Part]:
    """Describes the fields that have a value and are worth reading."""
    for each in fields(resource):
        value = getattr(resource, each.name)
        if each.compare and each.name != "name" and value not in (None, "", (), [], {}):
            if each.metadata.get(_ESSENCE):
                yield Part(each.name, (resource.essence,))
                continue
            words = each.metadata.get(_WORDS, outline)
            if lines := tuple(words(value)):
                yield Part(each.name, lines)


def describe_value(resource: Resource, path: str, value: object) -> Sequence[str]:
    """Describes a value that changes, at a path below one of the resource's fields."""
    root, _, rest = path.partition(".")
    forms = {each.name: each.metadata.get(_WORDS) for each in fields(resource)}
    if forms.get(root) is describe_pattern and (lines := describe_pattern_part(rest, value)):
        return lines
    return describe_part(value) or outline(value)


def outline(value: object) -> Sequence[str]:
    """Writes a JSON value, with what is nested in it indented.

    >>> list(outline({"a": [1, "b"], "c": {"d": True}}))
    ['a: 1, b', 'c:', '  d: true']
    """
    match value:
        case {} | [] if not value:
            return [_write_scalar(value)]
        case dict():
            return [line for key, each in value.items() for line in _write_entry(str(key), each)]
        case list() | tuple() if _has_parts(value):
            return [line for each in value for line in _write_item(each)]
        case list() | tuple():
            return [", ".join(map(_write_scalar, value))]
    return [_write_scalar(value)]


def _write_entry(key: str, value: object) -> Iterator[str]:
    lines = outline(value)
    if _has_parts(value) or len(lines) > 1:
        yield f"{key}:"
        yield from (f"  {line}" for line in lines)
    else:
        yield f"{key}: {lines[0]}"


def _has_parts(value: object) -> bool:
    """Whether its outline is more than a list of scalars."""
    match value:
        case dict():
            return bool(value)
        case list() | tuple():
            return any(isinstance(each, dict | list | tuple) for each in value)
    return False


def _write_item(value: object) -> Iterator[str]:
    first, *rest = outline(value)
    yield f"- {first}"
    yield from (f"  {line}" for line in rest)


def _write_scalar(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _describe_tags(values: Mapping[str, str]) -> Sequence[str]:
    """The user's tags; sfnctl's own are on everything."""
    pairs = [f"{key}={value}" for key, value in sorted(values.items()) if not tags.is_own(key)]
    return [", ".join(pairs)] if pairs else []


def _describe_seconds(seconds: int) -> Sequence[str]:
    units = ((_DAY, "days"), (3600, "hours"), (60, "minutes"))
    for length, unit in units:
        if seconds >= 2 * length and not seconds % length:
            return [f"{seconds} ({seconds // length} {unit})"]
    return [str(seconds)]


def _describe_selector(selector: Mapping[str, Any]) -> Sequence[str]:
    """The conditions of a trail's selector, one for each field."""
    return [
        f"{each['Field']} {operator} {', '.join(values)}"
        for each in selector["FieldSelectors"]
        for operator, values in each.items()
        if operator != "Field"
    ]


def _form(words: Callable[[Any], Sequence[str]]) -> Mapping[str, Any]:
    return {_WORDS: words}


# Metadata of fields.
HIDDEN = _form(lambda _value: ())
"""People know it from the name or from another field."""
ESSENCE: Mapping[str, Any] = {_ESSENCE: True}
"""It is shown as what matters most about the resource, which says more than the value alone."""
POLICY = _form(describe_policy)
PATTERN = _form(describe_pattern)
DEFINITION = _form(describe_definition)
SELECTOR = _form(_describe_selector)
SECONDS = _form(_describe_seconds)
TAGS = _form(_describe_tags)
