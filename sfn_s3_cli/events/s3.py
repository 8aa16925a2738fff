"""S3: the bucket itself sends its events to EventBridge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.documents.shape import plain_fields
from sfn_s3_cli.events import envelope
from sfn_s3_cli.events.keys import match_key
from sfn_s3_cli.events.s3_object import S3Object, as_size, as_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sfn_s3_cli.documents.shape import Shape
    from sfn_s3_cli.events.trigger import Trigger
    from sfn_s3_cli.json_types import JsonObject

VIA = "s3"
DELAY_NOTE = "AWS takes about five minutes until the bucket's events reach EventBridge."
IS_SUGGESTED = True
REPORTS_EVERY_DELETION = False  # S3's documentation does not say

DETAIL_TYPES: Mapping[str, str] = {"created": "Object Created", "deleted": "Object Deleted"}

FIELDS: Mapping[str, str] = {
    "bucket": "detail.bucket.name",
    "key": "detail.object.key",
    "event": "detail.reason",
    "size": "detail.object.size",
    "etag": "detail.object.etag",
    "requester": "detail.requester",
    "source_ip": "detail.source-ip-address",
    "version_id": "detail.object.version-id",
    "request_id": "detail.request-id",
    "time": "time",
    "region": "region",
}

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
_DETAIL: Mapping[str, Shape] = {
    **plain_fields("version event-version request-id requester source-ip-address reason"),
    "bucket": {"name": {}, "aws-generated-tags": None},
    "object": plain_fields("key etag version-id sequencer"),
}
_CREATED: Mapping[str, Shape] = {"object": plain_fields("key size etag version-id sequencer")}
_DELETED: Mapping[str, Shape] = plain_fields("deletion-type")


def build_pattern(bucket: str, trigger: Trigger) -> JsonObject:
    """Build the event pattern that matches the trigger's events."""
    key = match_key(trigger)
    return {
        "source": [envelope.AWS_S3],
        "detail-type": [DETAIL_TYPES[event] for event in trigger.events],
        "detail": {"bucket": {"name": [bucket]}, **({"object": key} if key else {})},
    }


def build_sample(bucket: str, key: str, event: str) -> JsonObject:
    """Build an event as AWS would send it, with the fields that patterns use."""
    return envelope.wrap(DETAIL_TYPES[event], {"bucket": {"name": bucket}, "object": {"key": key}})


def describe_detail(events: Collection[str]) -> Mapping[str, Shape]:
    """Describe the fields that `detail` can have."""
    detail = dict(_DETAIL)
    if "deleted" in events:
        detail |= _DELETED
    if "created" in events:
        detail |= _CREATED
    return detail


def extra_input_fields(events: Collection[str]) -> tuple[str, ...]:
    """Name the FIELDS that each of these events has, apart from bucket, key, event and time."""
    return () if "deleted" in events else ("size", "etag", "requester")


def read_object(event: Mapping[str, object]) -> S3Object | None:
    """Read the object from an event; None if S3 did not send it.

    It also reads events that no trigger asks for, such as `Object Tags Added`.
    """
    match event:
        case {
            "source": envelope.AWS_S3,
            "detail-type": str(detail_type),
            "time": str(time),
            "detail": {
                "bucket": {"name": str(bucket)},
                "object": {"key": str(key), **attributes},
                **detail,
            },
        }:
            return S3Object(
                bucket,
                key,
                event=as_text(detail.get("reason")) or detail_type,
                time=time,
                via=VIA,
                size=as_size(attributes.get("size")),
                etag=as_text(attributes.get("etag")),
                version_id=as_text(attributes.get("version-id")),
                requester=as_text(detail.get("requester")),
                source_ip=as_text(detail.get("source-ip-address")),
            )
    return None
