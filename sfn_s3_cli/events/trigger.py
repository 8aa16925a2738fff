"""The trigger: which object events start an execution, told to EventBridge and to CloudTrail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.config.schema import Trigger

PATTERN_LIMIT = 2048
"""Characters of an event pattern; AWS's default quota
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html)."""

# The calls that create or delete an object. Parts of a multipart upload create none, and the record
# of DeleteObjects names no keys (https://docs.aws.amazon.com/AmazonS3/latest/userguide/logging-with-S3.html).
CALLS = {
    "created": ("PutObject", "CopyObject", "CompleteMultipartUpload", "PostObject"),
    "deleted": ("DeleteObject",),
}
DETAIL_TYPES = {"created": "Object Created", "deleted": "Object Deleted"}

Document = dict[str, Any]


def event_pattern(bucket: str, trigger: Trigger) -> Document:
    """The pattern of the rule.

    Failed calls are events of CloudTrail too, hence the condition on `errorCode`
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
    UsageError when it is longer than AWS allows.
    """
    keys = list(_keys(trigger.prefix, trigger.suffix))
    key = {"key": keys} if keys else {}
    if trigger.via == "cloudtrail":
        pattern: Document = {
            "source": ["aws.s3"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {
                "eventSource": ["s3.amazonaws.com"],
                "eventName": _calls(trigger),
                "errorCode": [{"exists": False}],
                "requestParameters": {"bucketName": [bucket], **key},
            },
        }
    else:
        pattern = {
            "source": ["aws.s3"],
            "detail-type": [DETAIL_TYPES[event] for event in trigger.events],
            "detail": {"bucket": {"name": [bucket]}, **({"object": key} if key else {})},
        }
    _check_length(pattern)
    return pattern


def _keys(prefixes: tuple[str, ...], suffixes: tuple[str, ...]) -> Iterator[str | Document]:
    """The conditions on the key; several mean "or".

    AWS allows 30 rules with a wildcard on a bus, so one is used only where prefix and suffix must
    both hold. A wildcard wants the suffix to begin after the prefix: keys in which the two overlap
    are named one by one.
    """
    if not suffixes:
        yield from ({"prefix": prefix} for prefix in prefixes)
    elif not prefixes:
        yield from ({"suffix": suffix} for suffix in suffixes)
    else:
        for prefix in prefixes:
            for suffix in suffixes:
                yield {"wildcard": f"{_literal(prefix)}*{_literal(suffix)}"}
                yield from _overlaps(prefix, suffix)


def _overlaps(prefix: str, suffix: str) -> Iterator[str]:
    for length in range(1, min(len(prefix), len(suffix)) + 1):
        if prefix.endswith(suffix[:length]):
            yield prefix + suffix[length:]


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*")


def _calls(trigger: Trigger) -> list[str]:
    return [call for event in trigger.events for call in CALLS[event]]


def _check_length(pattern: Document) -> None:
    length = len(json.dumps(pattern))
    if length > PATTERN_LIMIT:
        raise UsageError(
            f"the trigger's event pattern has {length} characters, AWS allows {PATTERN_LIMIT}",
            "use fewer or shorter entries in `trigger.prefix` and `trigger.suffix`",
        )


def input_transformer(trigger: Trigger) -> Document | None:
    """What makes the normalised input of an event; None for `input: event`.

    A path that an event lacks breaks the JSON and with it the delivery, so the template holds only
    what every event of this configuration has. EventBridge puts values in as JSON, strings with
    their quotes (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html).
    """
    if trigger.input == "event":
        return None
    if trigger.via == "cloudtrail":
        paths = {
            "bucket": "$.detail.requestParameters.bucketName",
            "key": "$.detail.requestParameters.key",
            "event": "$.detail.eventName",
            "time": "$.time",
        }
    else:
        paths = {
            "bucket": "$.detail.bucket.name",
            "key": "$.detail.object.key",
            "event": "$.detail.reason",
            "time": "$.time",
        }
        if trigger.events == ("created",):
            paths |= {
                "size": "$.detail.object.size",
                "etag": "$.detail.object.etag",
                "requester": "$.detail.requester",
            }
    members = [f'"{name}": <{name}>' for name in paths]
    template = "{" + ", ".join([*members, f'"via": "{trigger.via}"']) + "}"
    return {"InputPathsMap": paths, "InputTemplate": template}


def advanced_selector(name: str, bucket_arn: str, trigger: Trigger) -> Document:
    """The selector that makes a trail log the trigger's events, and no others: they cost money.

    Its fields are sorted by name.

    A selector cannot ask for prefix and suffix at once; suffixes are left to the rule
    (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html).
    """
    return {
        "Name": name,
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "eventName", "Equals": _calls(trigger)},
            {"Field": "readOnly", "Equals": ["false"]},
            {"Field": "resources.ARN", "StartsWith": _arns(bucket_arn, trigger)},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        ],
    }


def basic_selector(bucket_arn: str, trigger: Trigger) -> Document:
    """The same for a trail that has basic selectors, which know no event names."""
    return {
        "ReadWriteType": "WriteOnly",
        "IncludeManagementEvents": False,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": _arns(bucket_arn, trigger)}],
        "ExcludeManagementEventSources": [],
    }


def _arns(bucket_arn: str, trigger: Trigger) -> list[str]:
    return [f"{bucket_arn}/{prefix}" for prefix in trigger.prefix or ("",)]
