"""The event pattern of the rule: which events start an execution."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.events import SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.events.trigger import Trigger
    from sfn_s3_cli.json_types import JsonObject

PATTERN_LIMIT = 2048
"""Characters of an event pattern; AWS's default quota
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html)."""


def build_pattern(bucket: str, trigger: Trigger) -> JsonObject:
    """Build the pattern of the rule; UsageError if it is longer than AWS allows."""
    pattern = SOURCES[trigger.via].build_pattern(bucket, trigger)
    _check_length(pattern)
    return pattern


class Watched(NamedTuple):
    """What a pattern of sfnctl watches: a bucket, through a source."""

    via: str
    bucket: str


def read_pattern(pattern: Mapping[str, object]) -> Watched | None:
    """Read what a pattern watches; None if it does not look like one of sfnctl's."""
    for via, source in SOURCES.items():
        value: object = pattern
        for name in source.FIELDS["bucket"].split("."):
            value = value.get(name) if isinstance(value, dict) else None
        match value:
            case [str(bucket)]:
                return Watched(via, bucket)
    return None


def _check_length(pattern: JsonObject) -> None:
    length = len(json.dumps(pattern))
    if length > PATTERN_LIMIT:
        raise UsageError(
            f"the trigger's event pattern has {length:,} characters,"
            f" but AWS allows {PATTERN_LIMIT:,}",
            "use fewer or shorter entries in `trigger.prefix` and `trigger.suffix`",
        )
