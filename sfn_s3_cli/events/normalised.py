"""The normalised input (`input: object`): one small document, the same for every source."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sfn_s3_cli.documents import shape
from sfn_s3_cli.documents.shape import plain_fields
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.s3_object import S3Object, as_size, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.documents.shape import FieldPath, Shape
    from sfn_s3_cli.events.source import Source
    from sfn_s3_cli.events.trigger import Trigger
    from sfn_s3_cli.json_types import JsonObject


def build_transformer(bucket: str, trigger: Trigger) -> JsonObject | None:
    """Build the input transformer of the rule's target; None for `input: event`.

    EventBridge puts quotes around a string and escapes nothing in it, so a string that an uploader
    chooses, a key above all, could break the input or forge its other fields. Only an object, which
    stays valid JSON, and strings that AWS makes are inserted. A path that an event lacks inserts
    nothing, so the template holds only what every event has. Names of buckets need no escapes.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
    """
    if trigger.input == "event":
        return None
    source = SOURCES[trigger.via]
    return {
        "InputPathsMap": {
            "object": f"$.{source.OBJECT}",
            "event": f"$.{source.FIELDS['event']}",
            "time": "$.time",  # EventBridge's own, not the source's
        },
        "InputTemplate": (
            f'{{"bucket": "{bucket}", "object": <object>, "event": <event>, "time": <time>,'
            f' "via": "{trigger.via}"}}'
        ),
    }


def build_input(event: JsonObject, bucket: str, trigger: Trigger) -> JsonObject:
    """Build the input of the execution that the event starts: what EventBridge makes of it.

    ValueError if the event lacks a field.
    """
    transformer = build_transformer(bucket, trigger)
    if transformer is None:
        return event
    paths: Mapping[str, str] = transformer["InputPathsMap"]
    values = {name: json.dumps(_find(event, path)) for name, path in paths.items()}
    text = re.sub("<([a-z]+)>", lambda each: values[each[1]], transformer["InputTemplate"])
    document: JsonObject = json.loads(text)
    return document


def _find(event: JsonObject, path: str) -> object:
    value: object = event
    for name in path.removeprefix("$.").split("."):
        if not isinstance(value, dict) or name not in value:
            raise ValueError(f"the event has no `{path.removeprefix('$.')}`")
        value = value[name]
    return value


def describe_document(trigger: Trigger) -> Mapping[str, Shape]:
    """Describe the fields of the document."""
    about = _describe_object(SOURCES[trigger.via], trigger)
    return {**plain_fields("bucket event time via"), "object": about}


def list_foreign(trigger: Trigger) -> frozenset[FieldPath]:
    """List the fields that only other sources describe, if this one's object has any field."""
    if _describe_object(SOURCES[trigger.via], trigger) is not None:
        return frozenset()
    objects = (_describe_object(source, trigger) or {} for source in SOURCES.values())
    names = {name for each in objects for name in each}
    own = list_object_fields(trigger.via).values()
    return frozenset(("object", name) for name in names.difference(own))


def _describe_object(source: Source, trigger: Trigger) -> Shape:
    detail = {"detail": source.describe_detail(trigger.events)}
    return shape.find_inside(detail, tuple(source.OBJECT.split(".")))


def list_fields(via: str) -> dict[str, str]:
    """List where the document has what events have too."""
    inside = {name: f"object.{field}" for name, field in list_object_fields(via).items()}
    return {**inside, **{name: name for name in ("bucket", "event", "time")}}


def list_object_fields(via: str) -> dict[str, str]:
    """List what the document's object has of that, by its name there; nothing if it is unknown."""
    if via not in SOURCES:
        return {}
    source = SOURCES[via]
    start = f"{source.OBJECT}."
    return {
        name: path.removeprefix(start)
        for name, path in source.FIELDS.items()
        if path.startswith(start)
    }


def read_object(document: Mapping[str, object]) -> S3Object | None:
    """Read the object from the document; None if it is something else."""
    match document:
        case {
            "bucket": str(bucket),
            "object": {"key": str(key), **attributes},
            "event": str(event),
            "time": str(time),
            "via": str(via),
        }:
            names = list_object_fields(via)  # what else is there may mean anything
            return S3Object(
                bucket,
                key,
                event,
                time,
                via,
                size=as_size(attributes.get(names.get("size"))),
                etag=as_text(attributes.get(names.get("etag"))),
                version_id=as_text(attributes.get(names.get("version_id"))),
            )
    return None
