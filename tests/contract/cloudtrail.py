"""What CloudTrail demands of a trail's name and of its event selectors.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html and
https://docs.aws.amazon.com/general/latest/gr/ct.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Params = Mapping[str, Any]
Problems = Iterator[str]

_TRAIL = re.compile(r"(?!\d+(\.\d+){3}$)[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")
_ONLY_EQUALS = ("eventCategory", "resources.type", "readOnly")
_DATA_FIELDS = (
    *_ONLY_EQUALS,
    *("eventName", "resources.ARN", "eventSource", "eventType"),
    *("userIdentity.arn", "sessionCredentialFromConsole"),
)
# All buckets, or what is behind a bucket's slash: `orders` alone would be `orders-of-others` too.
_OBJECTS = re.compile(r"arn:[^:]+:s3(:::([^/]+/.*)?)?", re.DOTALL)


def trail(params: Params) -> Problems:
    """As CreateTrail's model describes its Name; an ARN names a trail that is updated."""
    name = params["Name"].rpartition("trail/")[2]
    if not _TRAIL.fullmatch(name) or not 3 <= len(name) <= 128:
        yield f"{params['Name']!r} is not a trail's name"


def event_selectors(params: Params) -> Problems:
    """All selectors of the trail, of one kind."""
    if ("EventSelectors" in params) == ("AdvancedEventSelectors" in params):
        yield "not exactly one of EventSelectors and AdvancedEventSelectors"
    yield from _basic(params.get("EventSelectors", []))
    yield from _advanced(params.get("AdvancedEventSelectors", []))


def _basic(selectors: Sequence[Params]) -> Problems:
    if len(selectors) > 5:
        yield f"{len(selectors)} basic selectors are more than 5"
    resources = [each for selector in selectors for each in selector.get("DataResources", [])]
    values = [(each["Type"], value) for each in resources for value in each.get("Values", [])]
    if len(values) > 250:
        yield f"{len(values)} data resources are more than 250"
    for kind, value in values:
        yield from _objects(kind, value)


def _advanced(selectors: Sequence[Params]) -> Problems:
    fields = [field for selector in selectors for field in selector["FieldSelectors"]]
    count = sum(len(operands) for field in fields for operands in _operators(field).values())
    if count > 500:
        yield f"{count} values are more than 500"
    for field in fields:
        if not _operators(field):
            yield f"{field['Field']} has no operator"
        if field["Field"] in _ONLY_EQUALS and _operators(field).keys() - {"Equals"}:
            yield f"{field['Field']} takes only Equals"
    for selector in selectors:
        values = {each["Field"]: _operators(each) for each in selector["FieldSelectors"]}
        if "eventCategory" not in values:
            yield "a selector without eventCategory"
        elif values["eventCategory"].get("Equals") == ["Data"]:
            yield from _data(values)


def _data(fields: Mapping[str, Mapping[str, list[str]]]) -> Problems:
    """A selector of data events."""
    kinds = fields.get("resources.type", {}).get("Equals", [])
    if len(kinds) != 1:
        yield f"{len(kinds)} values of resources.type"
    if unknown := sorted(set(fields) - set(_DATA_FIELDS)):
        yield f"not of data events: {', '.join(unknown)}"
    if set(fields.get("readOnly", {}).get("Equals", [])) - {"true", "false"}:
        yield "readOnly is neither true nor false"
    for operands in fields.get("resources.ARN", {}).values():
        for operand in operands:
            yield from _objects(kinds[0] if kinds else "", operand)


def _operators(field: Params) -> dict[str, list[str]]:
    return {name: operands for name, operands in field.items() if name != "Field"}


def _objects(kind: str, arn: str) -> Problems:
    if kind == "AWS::S3::Object" and not _OBJECTS.fullmatch(arn):
        yield f"{arn} does not go behind the bucket's slash"
