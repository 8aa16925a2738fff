"""Made-up events, to try a trigger's pattern: one that it must match, one that it must not."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.events.trigger import CALLS, DETAIL_TYPES

if TYPE_CHECKING:
    from sfn_s3_cli.config.schema import Trigger

Document = dict[str, Any]


def wanted(bucket: str, trigger: Trigger) -> Document:
    """An event that must start an execution."""
    prefix, suffix = (trigger.prefix or ("",))[0], (trigger.suffix or ("",))[0]
    return _event(bucket, f"{prefix}sfnctl{suffix}", trigger)


def unwanted(bucket: str, trigger: Trigger) -> Document:
    """One that must not: for another key, or of another bucket where every key is wanted."""
    if trigger.prefix:
        other = _unlike({prefix[0] for prefix in trigger.prefix})
        return _event(bucket, f"{other}{(trigger.suffix or ('',))[0]}", trigger)
    if trigger.suffix:
        return _event(bucket, _unlike({suffix[-1] for suffix in trigger.suffix}), trigger)
    return _event(f"{bucket}-2", "sfnctl", trigger)


def _unlike(characters: set[str]) -> str:
    return next(char for char in map(chr, count(ord("a"))) if char not in characters)


def _event(bucket: str, key: str, trigger: Trigger) -> Document:
    """As AWS would deliver it, as far as patterns may look at it."""
    first = trigger.events[0]
    if trigger.via == "cloudtrail":
        kind = "AWS API Call via CloudTrail"
        detail: Document = {
            "eventSource": "s3.amazonaws.com",
            "eventName": CALLS[first][0],
            "requestParameters": {"bucketName": bucket, "key": key},
        }
    else:
        kind = DETAIL_TYPES[first]
        detail = {"bucket": {"name": bucket}, "object": {"key": key}}
    return {
        "version": "0",
        "id": "00000000-0000-0000-0000-000000000000",
        "detail-type": kind,
        "source": "aws.s3",
        "account": "123456789012",
        "time": "2026-01-01T00:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": detail,
    }
