"""What starts an execution: the fields of each kind of event, and what another kind calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sfn_s3_cli.events import trigger as triggers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.config.schema import Trigger
    from sfn_s3_cli.fit.references import Names

Shape: TypeAlias = "Mapping[str, Shape] | None"
"""The fields of a value: none for a plain value, and None where there may be any."""


def _plain(names: str) -> dict[str, Shape]:
    return {name: {} for name in names.split()}


def _open(names: str) -> dict[str, Shape]:
    return dict.fromkeys(names.split())


# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events.html, replay-name by
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
_ENVELOPE = _plain("version id detail-type source account time region replay-name")
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
_CLOUDTRAIL: dict[str, Shape] = {
    **_plain(
        "eventVersion eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode"
        " errorMessage requestID eventID eventType apiVersion managementEvent readOnly"
        " recipientAccountId sharedEventID vpcEndpointId vpcEndpointAccountId eventCategory"
        " sessionCredentialFromConsole"
    ),
    **_open(
        "userIdentity requestParameters responseElements additionalEventData resources tlsDetails"
        " serviceEventDetails addendum edgeDeviceDetails insightDetails eventContext"
    ),
}
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
_S3: dict[str, Shape] = {
    **_plain("version event-version request-id requester source-ip-address reason"),
    "bucket": {"name": {}, "aws-generated-tags": None},
    "object": _plain("key etag version-id sequencer"),
}
_CREATED: dict[str, Shape] = {"object": _plain("key size etag version-id sequencer")}
_DELETED: dict[str, Shape] = _plain("deletion-type")
_EITHER: Shape = {**_ENVELOPE, "resources": None, "detail": _CLOUDTRAIL | _S3 | _DELETED | _CREATED}


class Same(NamedTuple):
    """What is the same in each form; the last is what S3 sends to queues and functions directly."""

    cloudtrail: str
    s3: str
    document: str
    notification: str


# fmt: off
_SAME = (
    Same("detail.requestParameters.bucketName", "detail.bucket.name", "bucket",
         "Records.0.s3.bucket.name"),
    Same("detail.requestParameters.key", "detail.object.key", "key", "Records.0.s3.object.key"),
    Same("detail.eventName", "detail.reason", "event", "Records.0.eventName"),
    Same("", "detail.object.size", "size", "Records.0.s3.object.size"),
    Same("", "detail.object.etag", "etag", "Records.0.s3.object.eTag"),
    Same("detail.userIdentity.arn", "detail.requester", "requester", "Records.0.userIdentity"),
    Same("detail.sourceIPAddress", "detail.source-ip-address", "",
         "Records.0.requestParameters.sourceIPAddress"),
    Same("detail.responseElements.x-amz-version-id", "detail.object.version-id", "",
         "Records.0.s3.object.versionId"),
    Same("detail.requestID", "detail.request-id", "", "Records.0.responseElements"),
    Same("detail.eventTime", "time", "time", "Records.0.eventTime"),
    Same("detail.awsRegion", "region", "", "Records.0.awsRegion"),
)
# fmt: on


class Delivered(NamedTuple):
    """What starts the executions of a pipeline."""

    form: str
    """`cloudtrail`, `s3` or `document`."""
    words: str
    shape: Shape
    bucket: Names
    key: Names

    def missing(self, field: Names) -> int | None:
        """How many of the names lead to something; None when all do, or may."""
        return _missing(self.shape, field)

    def lacks(self, field: Names) -> bool:
        """Whether it is certain, and not only undocumented, that the field's last name is missing.

        AWS adds fields to what the services say, but not those of the other service.
        """
        parent = field[:-1]
        is_closed = self.form == "document" or not parent or not self.names(parent)
        return is_closed or _missing(_EITHER, field) is None

    def names(self, field: Names) -> list[str]:
        """The names of what is in there."""
        shape = self.shape
        for name in field:
            shape = shape.get(name) if shape else None
        return sorted(shape or ())

    def same(self, field: Names) -> list[Names]:
        """What is the same here as a field of another form, or as what is in it; two at most."""
        for is_near in (_is_equal, _is_related):
            rows = [row for row in _SAME if any(is_near(form, field) for form in row)]
            if rows:
                here = [tuple(getattr(row, self.form).split(".")) for row in rows]
                return [names for names in here if self.missing(names) is None][:2]
        return []


def delivered(trigger: Trigger) -> Delivered:
    """What a trigger gives to the executions that it starts."""
    bucket, key = (getattr(row, trigger.via).split(".") for row in _SAME[:2])
    transformer = triggers.input_transformer(trigger)
    if transformer:
        shape: Shape = _plain(" ".join([*transformer["InputPathsMap"], "via"]))
        words = f"the object document of `via: {trigger.via}`"
        return Delivered("document", words, shape, ("bucket",), ("key",))
    detail = _CLOUDTRAIL if trigger.via == "cloudtrail" else _s3_detail(trigger)
    shape = {**_ENVELOPE, "resources": None, "detail": detail}
    words = f"the event of `via: {trigger.via}`"
    return Delivered(trigger.via, words, shape, tuple(bucket), tuple(key))


def _s3_detail(trigger: Trigger) -> dict[str, Shape]:
    detail = dict(_S3)
    if "deleted" in trigger.events:
        detail |= _DELETED
    if "created" in trigger.events:
        detail |= _CREATED
    return detail


def _missing(shape: Shape, field: Names) -> int | None:
    for number, name in enumerate(field):
        if shape is None:
            return None
        if name not in shape:
            return number
        shape = shape[name]
    return None


def _is_equal(form: str, field: Names) -> bool:
    return form == ".".join(field)


def _is_related(form: str, field: Names) -> bool:
    """Whether one of them is a part of the other."""
    text = ".".join(field)
    return bool(form) and (form.startswith(f"{text}.") or text.startswith(f"{form}."))
