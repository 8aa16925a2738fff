"""The short notation in which the tables of this package name parameters and resources.

A *path* leads to a parameter of a call; AWS's services do not agree on upper and lower case, so
case does not matter:

    Code.S3Bucket               a member of a member
    Entries[].EventBusName      a member of each item of a list
    RequestItems#               the keys of a mapping

A *choice* is one or more paths joined by `|`, of which the first one that is given counts:

    TopicArn|TargetArn

A *template* is an ARN without `arn:PARTITION:`. `@` stands for `REGION:ACCOUNT`, which may also be
written out, `MACHINE` for the name of the state machine, and `{choice|=default:converter}` for a
parameter. The default and the converter are optional; converters.py has all converters:

    dynamodb:@:table/{TableName}
    events:@:event-bus/{Entries[].EventBusName|=default}
    sqs:@:{QueueUrl|QueueName:queue}
    states:@:execution:MACHINE:*
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple, TypeAlias

Part: TypeAlias = Literal["value", "items", "keys"]

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_PARTS: dict[str, Part] = {"[]": "items", "#": "keys", "": "value"}
_SEGMENT = re.compile(r"(?P<name>[^.#\[\]]+)(?P<mark>\[\]|#|)\.?")


class Segment(NamedTuple):
    """One step of a path: the name of a member in lower case, and which part of it to read."""

    name: str
    part: Part


class Placeholder(NamedTuple):
    """A parameter inside a template."""

    paths: tuple[str, ...]
    default: str | None = None
    converter: str = "name"


class Template(NamedTuple):
    """Text with placeholders: each is between two of the literals, which may be empty."""

    literals: tuple[str, ...]
    placeholders: tuple[Placeholder, ...] = ()


@cache
def parse_path(path: str) -> tuple[Segment, ...]:
    """Parses a path.

    >>> parse_path("Entries[].Name")
    (Segment(name='entries', part='items'), Segment(name='name', part='value'))
    """
    segments = _SEGMENT.finditer(path)
    return tuple(Segment(each["name"].lower(), _PARTS[each["mark"]]) for each in segments)


def parse_choice(choice: str) -> tuple[str, ...]:
    """Lists the paths of a choice.

    >>> parse_choice("TopicArn|TargetArn")
    ('TopicArn', 'TargetArn')
    """
    return tuple(choice.split("|"))


@cache
def parse_template(text: str) -> Template:
    """Parses a template.

    >>> parse_template("batch:@:job/{JobId}").literals
    ('batch:@:job/', '')
    >>> parse_template("sqs:@:{QueueUrl|QueueName:queue}").placeholders
    (Placeholder(paths=('QueueUrl', 'QueueName'), default=None, converter='queue'),)
    """
    literals, placeholders = _PLACEHOLDER.split(text)[::2], _PLACEHOLDER.findall(text)
    return Template(tuple(literals), tuple(map(_parse_placeholder, placeholders)))


@cache
def parse_templates(texts: str) -> tuple[Template, ...]:
    """Parses the templates of a text, in which spaces separate them."""
    return tuple(map(parse_template, texts.split()))


def _parse_placeholder(text: str) -> Placeholder:
    parameter, _, converter = text.partition(":")
    choice, has_default, default = parameter.partition("|=")
    return Placeholder(parse_choice(choice), default if has_default else None, converter or "name")
