"""The input of the executions that a trigger starts: which fields it has."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.documents import shape
from sfn_s3_cli.events import SOURCES, normalised
from sfn_s3_cli.events.envelope import ENVELOPE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sfn_s3_cli.documents.shape import FieldPath, Shape
    from sfn_s3_cli.events.source import Gap
    from sfn_s3_cli.events.trigger import Trigger

_BOTH_EVENTS = ("created", "deleted")

NOTIFICATION_FIELDS: Mapping[str, str] = {
    "bucket": "Records.0.s3.bucket.name",
    "key": "Records.0.s3.object.key",
    "event": "Records.0.eventName",
    "size": "Records.0.s3.object.size",
    "etag": "Records.0.s3.object.eTag",
    "requester": "Records.0.userIdentity",
    "source_ip": "Records.0.requestParameters.sourceIPAddress",
    "version_id": "Records.0.s3.object.versionId",
    "request_id": "Records.0.responseElements",
    "time": "Records.0.eventTime",
    "region": "Records.0.awsRegion",
}
"""The same fields in what S3 sends to queues and functions directly: a frequent mistake."""

PLAIN_FIELDS: Mapping[str, str] = {name: name for name in ("bucket", "key", "size", "etag")}
"""The same at the top, where the inputs of other tools have them."""


class ExecutionInput(NamedTuple):
    """What a trigger gives to the executions that it starts."""

    description: str
    shape: Shape
    fields: Mapping[str, str]
    """Where it has what other inputs have too."""
    is_normalised: bool
    gaps: Sequence[Gap]
    """What it lacks after some events."""
    also_bucket: tuple[str, ...] = ()
    """Where else it has the name of the bucket."""
    foreign: frozenset[FieldPath] = frozenset()
    """What it never has, though its shape allows any name there."""

    @property
    def bucket_fields(self) -> list[FieldPath]:
        return [_split(path) for path in (self.fields["bucket"], *self.also_bucket)]

    @property
    def key_field(self) -> FieldPath:
        return _split(self.fields["key"])

    def find_missing(self, field: FieldPath) -> int | None:
        """Find the first name of the path that the input cannot have; None if it has none."""
        if field[:2] in self.foreign:
            return 1
        return shape.find_missing(self.shape, field)

    def find_gap(self, field: FieldPath) -> Gap | None:
        """Find out why the field, which the input can have, is sometimes missing."""
        gaps = (each for each in self.gaps if _contains(each.field, ".".join(field)))
        return next(gaps, None)

    def list_fields(self, field: FieldPath) -> list[str]:
        """List the names of the known fields at the path."""
        return shape.list_fields(self.shape, field)

    def is_certain_to_lack(self, field: FieldPath) -> bool:
        """Whether the last name of the path is certainly missing, not only undocumented.

        AWS adds fields to what the services say, but not those of the other sources.
        """
        parent = field[:-1]
        is_closed = self.is_normalised or not parent or not self.list_fields(parent)
        return is_closed or any(_is_known_to(via, field) for via in SOURCES)

    def find_equivalents(self, field: FieldPath) -> list[FieldPath]:
        """Find the fields that hold what the field, or a part of it, holds in other inputs.

        Two at most.
        """
        for is_near in (_is_equal, _is_related):
            if names := _find_names(field, is_near):
                here = [_split(self.fields[name]) for name in names if name in self.fields]
                return [path for path in here if self.find_missing(path) is None][:2]
        return []


def describe_input(trigger: Trigger) -> ExecutionInput:
    """Describe what a trigger gives to the executions that it starts."""
    source = SOURCES[trigger.via]
    if trigger.input == "object":
        return ExecutionInput(
            f"the normalised input of `via: {trigger.via}`",
            normalised.describe_document(trigger),
            normalised.list_fields(trigger.via),
            is_normalised=True,
            gaps=[_move(each, source.OBJECT, "object") for each in source.list_gaps(trigger)],
            also_bucket=_list_inside(trigger.via, "bucket"),
            foreign=normalised.list_foreign(trigger),
        )
    return ExecutionInput(
        f"the event of `via: {trigger.via}`",
        {**ENVELOPE, "detail": source.describe_detail(trigger.events)},
        source.FIELDS,
        is_normalised=False,
        gaps=source.list_gaps(trigger),
    )


def _split(path: str) -> FieldPath:
    return tuple(path.split("."))


def _is_known_to(via: str, field: FieldPath) -> bool:
    """Whether any event of the source can have the field."""
    detail = SOURCES[via].describe_detail(_BOTH_EVENTS)
    return shape.find_missing({**ENVELOPE, "detail": detail}, field) is None


def _find_names(field: FieldPath, is_near: Callable[[str, str], bool]) -> list[str]:
    """Find the shared names under which any kind of input has the field."""
    sources = (source.FIELDS for source in SOURCES.values())
    inside = ({"bucket": path} for via in SOURCES for path in _list_inside(via, "bucket"))
    documents = (*map(normalised.list_fields, SOURCES), *inside)
    inputs = (NOTIFICATION_FIELDS, *sources, *documents, PLAIN_FIELDS)
    text = ".".join(field)
    return [
        name
        for name in dict.fromkeys(chain(*inputs))
        if any(is_near(fields[name], text) for fields in inputs if name in fields)
    ]


def _list_inside(via: str, *names: str) -> tuple[str, ...]:
    """List where the object of the normalised input has any of these."""
    inside = normalised.list_object_fields(via)
    return tuple(f"object.{inside[name]}" for name in names if name in inside)


def _move(gap: Gap, before: str, after: str) -> Gap:
    """Move a gap to where the normalised input has the field."""
    return gap._replace(field=f"{after}{gap.field.removeprefix(before)}")


def _contains(outer: str, field: str) -> bool:
    return field == outer or field.startswith(f"{outer}.")


def _is_equal(one: str, other: str) -> bool:
    return one == other


def _is_related(one: str, other: str) -> bool:
    """Whether one of the fields contains the other."""
    return _contains(one, other) or _contains(other, one)
