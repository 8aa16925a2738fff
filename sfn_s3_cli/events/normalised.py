"""The normalised input (`input: object`): one small document, the same for every source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.documents.shape import plain_fields
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.s3_object import S3Object, as_size, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.documents.shape import Shape
    from sfn_s3_cli.events.trigger import Trigger
    from sfn_s3_cli.json_types import JsonObject

FIELDS: Mapping[str, str] = {
    name: name for name in ("bucket", "key", "event", "size", "etag", "requester", "time")
}
"""Where the document has what events have too."""


def build_transformer(trigger: Trigger) -> JsonObject | None:
    """Build the input transformer of the rule's target; None for `input: event`.

    A path that an event lacks breaks the JSON and with it the delivery, so the template holds only
    what every event of this trigger has. EventBridge inserts values as JSON, strings with their
    quotes (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html).
    """
    if trigger.input == "event":
        return None
    paths = _input_paths(trigger)
    members = [f'"{name}": <{name}>' for name in paths]
    template = "{" + ", ".join([*members, f'"via": "{trigger.via}"']) + "}"
    return {"InputPathsMap": paths, "InputTemplate": template}


def describe_document(trigger: Trigger) -> Mapping[str, Shape]:
    """Describe the fields of the document."""
    return plain_fields(" ".join([*_input_paths(trigger), "via"]))


def read_object(document: Mapping[str, object]) -> S3Object | None:
    """Read the object from the document; None if it is something else."""
    match document:
        case {
            "bucket": str(bucket),
            "key": str(key),
            "event": str(event),
            "time": str(time),
            "via": str(via),
            **rest,
        }:
            return S3Object(
                bucket,
                key,
                event,
                time,
                via,
                size=as_size(rest.get("size")),
                etag=as_text(rest.get("etag")),
                requester=as_text(rest.get("requester")),
            )
    return None


def _input_paths(trigger: Trigger) -> dict[str, str]:
    source = SOURCES[trigger.via]
    fields = {**source.FIELDS, "time": "time"}  # EventBridge's own time, not the source's
    names = ("bucket", "key", "event", "time", *source.extra_input_fields(trigger.events))
    return {name: f"$.{fields[name]}" for name in names}
