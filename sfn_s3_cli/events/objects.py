"""The S3 object that started an execution, read from the execution's input."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class S3Object:
    """What an event tells about its object; None where this kind of event does not tell it.

    `key` is the key itself: neither CloudTrail nor S3 encode it for EventBridge. `size` is in
    bytes. `time` is the event's, as it is written there. `requester` is for a human to read.
    """

    bucket: str
    key: str
    event: str
    time: str
    via: str
    size: int | None = None
    etag: str | None = None
    version_id: str | None = None
    requester: str | None = None
    source_ip: str | None = None

    def document(self) -> dict[str, str | int]:
        """The object as JSON; what the event does not tell is left out."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def from_text(text: str | None) -> S3Object | None:
    """The object of an execution's input, as Step Functions gives it: the text of some JSON."""
    try:
        return from_input(json.loads(text or "null"))
    except (ValueError, RecursionError):
        return None


def from_input(document: object) -> S3Object | None:
    """The object that a CloudTrail event, an S3 event or the normalised object speaks of.

    None for every other document, whatever it is.
    """
    match document:
        case {
            "detail-type": "AWS API Call via CloudTrail" | "AWS Service Event via CloudTrail",
            "time": str(time),
            "detail": {"eventName": str(event), **record},
        }:
            return _from_cloudtrail(event, time, record)
        case {
            "source": "aws.s3",
            "detail-type": str(detail_type),
            "time": str(time),
            "detail": dict(detail),
        }:
            return _from_s3(detail_type, time, detail)
        case {
            "bucket": str(bucket),
            "key": str(key),
            "event": str(event),
            "time": str(time),
            "via": str(via),
            **rest,
        }:
            size, etag = _whole(rest.get("size")), _text(rest.get("etag"))
            requester = _text(rest.get("requester"))
            return S3Object(bucket, key, event, time, via, size, etag, requester=requester)
        case _:
            return None


def _from_s3(detail_type: str, time: str, detail: dict[object, object]) -> S3Object | None:
    match detail:
        case {"bucket": {"name": str(bucket)}, "object": {"key": str(key), **about}}:
            return S3Object(
                bucket,
                key,
                event=_text(detail.get("reason")) or detail_type,
                time=time,
                via="s3",
                size=_whole(about.get("size")),
                etag=_text(about.get("etag")),
                version_id=_text(about.get("version-id")),
                requester=_text(detail.get("requester")),
                source_ip=_text(detail.get("source-ip-address")),
            )
        case _:
            return None


def _from_cloudtrail(event: str, time: str, record: dict[object, object]) -> S3Object | None:
    place = _place(record)
    if place is None:
        return None
    size = version_id = None
    match record.get("additionalEventData"):
        case {"bytesTransferredIn": received} if event == "PutObject":
            size = _whole(received)
    match record.get("responseElements"):
        case {"x-amz-version-id": version}:
            version_id = _text(version)
    return S3Object(
        *place,
        event,
        time,
        "cloudtrail",
        size=size,
        version_id=version_id,
        requester=_requester(record.get("userIdentity")),
        source_ip=_text(record.get("sourceIPAddress")),
    )


def _place(record: dict[object, object]) -> tuple[str, str] | None:
    """Bucket and key. The entries of a DeleteObjects name their object only by its ARN."""
    match record.get("requestParameters"):
        case {"bucketName": str(bucket), "key": str(key)}:
            return bucket, key
    resources = record.get("resources")
    for resource in resources if isinstance(resources, list) else []:
        match resource:
            case {"type": "AWS::S3::Object", "ARN": str(arn)}:
                bucket, _, key = arn.partition(":::")[2].partition("/")
                return (bucket, key) if key else None
    return None


def _requester(identity: object) -> str | None:
    """A user's name, `role/session`, the calling service, or else the account."""
    match identity:
        case {"userName": str(name)}:
            return name
        case {"arn": str(arn)}:
            return arn.split(":", 5)[-1].removeprefix("assumed-role/")
        case {"invokedBy": str(name)} | {"accountId": str(name)}:
            return name
        case _:
            return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: object) -> int | None:
    """A number of bytes. CloudTrail writes some of them as `5.0`."""
    match value:
        case bool():
            return None
        case int():
            return value
        case float() if value.is_integer():
            return int(value)
        case _:
            return None
