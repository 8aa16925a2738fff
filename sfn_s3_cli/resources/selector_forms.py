"""The two forms of our selector, advanced and basic, and how each is merged with others'. Pure.

The two cannot be mixed on one trail and are never converted, so ours follows the trail. A basic
selector has no name: it is recognised by a fingerprint, which is noted on the events role.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.json_types import JsonMapping, JsonObject

if TYPE_CHECKING:
    from collections.abc import Collection

ADVANCED, BASIC = "AdvancedEventSelectors", "EventSelectors"

_EVERYTHING = re.compile(r"arn:[^:]+:(s3(:::)?|lambda)")

# What AWS gives every new trail.
AWS_DEFAULT: JsonObject = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


def find(
    selectors: JsonMapping, ours: JsonObject, basic: JsonObject, fingerprints: Collection[str]
) -> JsonObject | None:
    """Our selector among those of a trail, in the advanced form."""
    name = ours["Name"]
    for found in selectors.get(ADVANCED, []):
        if found.get("Name") == name:
            return normalise(dict(found))
    for found in selectors.get(BASIC, []):
        if fingerprint(found) in fingerprints:
            is_wanted = fingerprint(found) == fingerprint(basic)
            return ours if is_wanted else {"Name": name, BASIC: found}
    return None


def has_basic(selectors: JsonMapping, basic: JsonObject) -> bool:
    """Whether a trail logs the same already, by somebody else's selector."""
    return fingerprint(basic) in map(fingerprint, selectors.get(BASIC, []))


def merge(
    selectors: JsonMapping,
    ours: JsonObject,
    basic: JsonObject,
    fingerprints: Collection[str],
    *,
    is_own_trail: bool,
    add: bool,
) -> JsonObject:
    """All selectors for PutEventSelectors, with ours or without; empty if none would be left."""
    form = ADVANCED if is_own_trail or selectors.get(ADVANCED) else BASIC
    others = [
        each
        for each in selectors.get(form) or ([] if is_own_trail else [AWS_DEFAULT])
        if each.get("Name") != ours["Name"]
        and not (form == BASIC and fingerprint(each) in fingerprints)
    ]
    mine = [ours if form == ADVANCED else basic] if add else []
    if others or mine:
        return {form: [*others, *mine]}
    return {} if is_own_trail else {BASIC: [AWS_DEFAULT]}


class Excess(NamedTuple):
    """More of something than a trail may have."""

    what: str
    number: int
    limit: int
    is_of_values: bool = True
    """Whether fewer prefixes would help."""


def find_excess(selectors: JsonMapping) -> Excess | None:
    """What CloudTrail would refuse about the number of these selectors, in either form.

    Values that stand for all buckets or functions do not count.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
    """
    basic = selectors.get(BASIC, [])
    data = [
        value
        for selector in basic
        for resource in selector.get("DataResources", [])
        for value in resource.get("Values", [])
        if not _EVERYTHING.fullmatch(value)
    ]
    conditions = [
        value
        for selector in selectors.get(ADVANCED, [])
        for field in selector["FieldSelectors"]
        for operator, values in field.items()
        if operator != "Field"
        for value in values
    ]
    counts = (
        Excess("selectors", len(basic), 5, is_of_values=False),
        Excess("values in its selectors", len(data), 250),
        Excess("values in its advanced selectors", len(conditions), 500),
    )
    return next((each for each in counts if each.number > each.limit), None)


def normalise(selector: JsonObject) -> JsonObject:
    """As it is compared: AWS may reorder the fields and add empty conditions."""
    fields = [
        {key: value for key, value in each.items() if value} for each in selector["FieldSelectors"]
    ]
    return {**selector, "FieldSelectors": sorted(fields, key=lambda each: str(each["Field"]))}


def fingerprint(basic: JsonMapping) -> str:
    """A short hash of what a basic selector logs."""
    compared = [basic.get("ReadWriteType"), basic.get("IncludeManagementEvents")]
    text = json.dumps([*compared, basic.get("DataResources")], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
