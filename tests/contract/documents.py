"""The documents within requests: policies and event patterns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_MATCHERS = {
    *("prefix", "suffix", "equals-ignore-case", "anything-but"),
    *("wildcard", "numeric", "cidr", "exists"),
}


def iam_policy(text: str, limit: int) -> Iterator[str]:
    """What IAM demands of a policy; white space does not count.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    size = len("".join(text.split()))
    if size > limit:
        yield f"a policy of {size} characters, more than {limit}"
    yield from _policy(text, version="2012-10-17")


def bucket_policy(text: str) -> Iterator[str]:
    """What S3 demands of a policy; those of others may name no version."""
    size = len(text.encode())
    if size > 20 * 1024:
        yield f"a bucket policy of {size} bytes, more than 20 KB"
    yield from _policy(text, version="")


def _policy(text: str, version: str) -> Iterator[str]:
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        yield "a policy that is not a JSON object"
        return
    if version and document.get("Version") != version:
        yield f"a policy without Version {version}"
    if not document.get("Statement"):
        yield "a policy without a Statement"


def event_pattern(text: str) -> Iterator[str]:
    """What EventBridge demands of a pattern; its quota is below the model's limit.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html and
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
    """
    if len(text) > 2048:
        yield f"a pattern of {len(text)} characters, more than 2048"
    try:
        pattern = json.loads(text)
    except ValueError:
        yield "a pattern that is not JSON"
        return
    if not isinstance(pattern, dict) or not pattern:
        yield "a pattern that is not an object"
    else:
        yield from _fields(pattern, "")


def _fields(pattern: dict[str, Any], place: str) -> Iterator[str]:
    for name, value in pattern.items():
        here = f"{place}.{name}".lstrip(".")
        match value:
            case dict():
                yield from _fields(value, here)
            case [dict(), dict(), *_] if name == "$or":
                for each in value:
                    yield from _fields(each, place)
            case [_, *_] if name != "$or":
                yield from (f"{here}: {p}" for each in value for p in _matcher(each))
            case _:
                yield f"{here} is not a list that says what matches"


def _matcher(value: Any) -> Iterator[str]:
    match value:
        case list():
            yield "a list within a list"
        case dict() if len(value) != 1 or set(value) - _MATCHERS:
            yield f"unknown: {', '.join(value)}"
        case {"wildcard": str(wildcard)} if "**" in wildcard:
            yield "** in a wildcard"
