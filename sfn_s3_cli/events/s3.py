"""S3: the bucket itself sends its events to EventBridge."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sfn_s3_cli.documents.shape import plain_fields
from sfn_s3_cli.events import envelope
from sfn_s3_cli.events.keys import match_key
from sfn_s3_cli.events.s3_object import S3Object, as_size, as_text
from sfn_s3_cli.events.source import Gap

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sfn_s3_cli.documents.shape import Shape
    from sfn_s3_cli.events.source import Upload
    from sfn_s3_cli.events.trigger import Trigger
    from sfn_s3_cli.json_types import JsonObject

VIA = "s3"
TITLE = "S3"
SUMMARY = "the bucket's own notifications: at least once, usually within seconds"
# Twice the five minutes that AWS names:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-event-notifications-eventbridge.html
STARTS_WITHIN = timedelta(minutes=10)
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html: typically seconds,
# sometimes a minute or longer
ARRIVES_WITHIN = timedelta(minutes=5)
DELAY_NOTE = "AWS takes about five minutes until the bucket's events reach EventBridge."
IS_SUGGESTED = True
OBJECT = "detail.object"
REPORTS_EVERY_DELETION = False  # S3's documentation does not say

LARGEST_OBJECT = 10_000 * 5 * 1024**3
"""Its size in bytes (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html)."""

DETAIL_TYPES: Mapping[str, str] = {"created": "Object Created", "deleted": "Object Deleted"}
EVENT_FIELD = "detail-type"
EVENT_VALUES: Mapping[str, tuple[str, ...]] = {
    event: (detail_type,) for event, detail_type in DETAIL_TYPES.items()
}

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
_OBJECT = "key size etag version-id sequencer"
_DETAIL: Mapping[str, Shape] = {
    **plain_fields("version event-version request-id requester source-ip-address reason"),
    "bucket": {"name": {}, "aws-generated-tags": None},
    "object": plain_fields(_OBJECT),
}
_CREATED: Mapping[str, Shape] = {"object": plain_fields(f"{_OBJECT} has-object-annotation")}
_DELETED: Mapping[str, Shape] = plain_fields("deletion-type")


def describe_way(trail: str | None) -> tuple[str, ...]:  # noqa: ARG001
    """Name the setting of the bucket that sends its events to EventBridge."""
    return ("EventBridge notifications", "switched on in the bucket")


def build_pattern(bucket: str, trigger: Trigger, partition: str) -> JsonObject:  # noqa: ARG001
    """Build the event pattern that matches the trigger's events.

    A minimum size concerns only created objects: an event of a deletion may have no size.
    """
    types = {"detail-type": [DETAIL_TYPES[event] for event in trigger.events]}
    key, size = match_key(trigger), _match_size(trigger)
    about = {"bucket": {"name": [bucket]}}
    if not size or "deleted" not in trigger.events:
        conditions = {**key, **size}
        detail = {**about, **({"object": conditions} if conditions else {})}
        return {"source": [envelope.AWS_S3], **types, "detail": detail}
    return {
        "source": [envelope.AWS_S3],
        "detail": {**about, **({"object": key} if key else {})},
        "$or": [
            {"detail-type": [DETAIL_TYPES["created"]], "detail": {"object": size}},
            {"detail-type": [DETAIL_TYPES["deleted"]]},
        ],
    }


def _match_size(trigger: Trigger) -> JsonObject:
    """Build the condition on the size; empty if every size matches.

    EventBridge compares whole numbers exactly up to 2**53, far beyond the largest object
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
    """
    if not trigger.min_size or "created" not in trigger.events:
        return {}
    return {"size": [{"numeric": [">=", trigger.min_size]}]}


def build_samples(bucket: str, key: str, trigger: Trigger, partition: str) -> list[JsonObject]:  # noqa: ARG001
    """Build an event of each form that the trigger asks for, with the fields of patterns."""
    sizes = {"created": {"size": LARGEST_OBJECT}, "deleted": {}}
    return [
        envelope.wrap(
            DETAIL_TYPES[event],
            {"bucket": {"name": bucket}, "object": {"key": key, **sizes[event]}},
        )
        for event in trigger.events
    ]


def build_event(upload: Upload) -> JsonObject:
    """Build the event of an upload, with the fields of the documented ones.

    A deletion in a bucket with versions creates a delete marker, whose event has an ETag
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html).
    """
    is_created, has_versions = upload.event == "created", upload.version_id is not None
    size = {"size": upload.size} if is_created else {}
    etag = {"etag": upload.etag} if is_created or has_versions else {}
    version = {"version-id": upload.version_id} if has_versions else {}
    deletion = "Delete Marker Created" if has_versions else "Permanently Deleted"
    detail: JsonObject = {
        "version": "0",
        "bucket": {"name": upload.bucket},
        "object": {
            "key": upload.key,
            **size,
            **etag,
            **version,
            "sequencer": "0066163623AE2FD000",
        },
        "request-id": "N4N7GDK58NMKJ12R",
        "requester": upload.account,
        "source-ip-address": "203.0.113.9",
        "reason": "PutObject" if is_created else "DeleteObject",
        **({} if is_created else {"deletion-type": deletion}),
    }
    return {
        **envelope.wrap(DETAIL_TYPES[upload.event], detail),
        "account": upload.account,
        "region": upload.region,
        "resources": [f"arn:{upload.partition}:s3:::{upload.bucket}"],
    }


def describe_detail(events: Collection[str]) -> Mapping[str, Shape]:
    """Describe the fields that `detail` can have."""
    detail = dict(_DETAIL)
    if "deleted" in events:
        detail |= _DELETED
    if "created" in events:
        detail |= _CREATED
    return detail


def find_missed(trigger: Trigger) -> str:  # noqa: ARG001
    """Find nothing: every event that a trigger can ask for starts an execution."""
    return ""


def list_gaps(trigger: Trigger) -> Sequence[Gap]:
    """List the fields that some of the trigger's events lack.

    Of deletions, only those that create a delete marker have size and etag
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html).
    """
    lacking = "the event of a deletion" if "deleted" in trigger.events else ""
    names = ("size", "etag") if lacking else ()
    return [Gap(f"{OBJECT}.{name}", lacking, "test whether it exists") for name in names]


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
