"""Which keys a trigger wants, as conditions of an event pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_s3_cli.events.trigger import Trigger
    from sfn_s3_cli.json_types import JsonObject


def match_key(trigger: Trigger) -> JsonObject:
    """Build the condition on the field `key`; empty if every key matches."""
    conditions = list(_conditions("", trigger.prefix, trigger.suffix))
    return {"key": conditions} if conditions else {}


def match_arn(bucket_arn: str, trigger: Trigger) -> JsonObject:
    """Build the condition on the field `ARN` of an object in the bucket."""
    prefixes = trigger.prefix or ("",)
    return {"ARN": list(_conditions(f"{bucket_arn}/", prefixes, trigger.suffix))}


def _conditions(
    start: str, prefixes: Sequence[str], suffixes: Sequence[str]
) -> Iterator[str | dict[str, str]]:
    """Build the conditions on a text that is `start` and a key; one of them must hold.

    AWS allows 30 rules with a wildcard on a bus, so we use one only if the text needs both a prefix
    and a suffix. With a wildcard, the suffix begins after the prefix: keys in which the two overlap
    are listed one by one.
    """
    if not suffixes:
        yield from ({"prefix": start + prefix} for prefix in prefixes)
    elif not prefixes:
        yield from ({"suffix": suffix} for suffix in suffixes)
    else:
        for prefix in prefixes:
            for suffix in suffixes:
                yield {"wildcard": f"{_escape(start + prefix)}*{_escape(suffix)}"}
                yield from (start + key for key in _overlap(prefix, suffix))


def _overlap(prefix: str, suffix: str) -> Iterator[str]:
    for length in range(1, min(len(prefix), len(suffix)) + 1):
        if prefix.endswith(suffix[:length]):
            yield prefix + suffix[length:]


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*")
