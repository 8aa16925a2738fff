"""The input of the executions that a trigger starts: which fields it has."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.documents import shape
from sfn_s3_cli.events import SOURCES, normalised
from sfn_s3_cli.events.envelope import ENVELOPE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sfn_s3_cli.documents.shape import FieldPath, Shape
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


class ExecutionInput(NamedTuple):
    """What a trigger gives to the executions that it starts."""

    description: str
    shape: Shape
    fields: Mapping[str, str]
    """Where it has what other inputs have too."""
    is_normalised: bool

    @property
    def bucket_field(self) -> FieldPath:
        return _split(self.fields["bucket"])

    @property
    def key_field(self) -> FieldPath:
        return _split(self.fields["key"])

    def find_missing(self, field: FieldPath) -> int | None:
        """Find the first name of the path that the input cannot have; None if it has none."""
        return shape.find_missing(self.shape, field)

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
    if trigger.input == "object":
        return ExecutionInput(
            f"the normalised input of `via: {trigger.via}`",
            normalised.describe_document(trigger),
            normalised.FIELDS,
            is_normalised=True,
        )
    return ExecutionInput(
        f"the event of `via: {trigger.via}`",
        {**ENVELOPE, "detail": SOURCES[trigger.via].describe_detail(trigger.events)},
        SOURCES[trigger.via].FIELDS,
        is_normalised=False,
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
    inputs = (NOTIFICATION_FIELDS, *sources, normalised.FIELDS)
    text = ".".join(field)
    return [
        name
        for name in dict.fromkeys(chain(*inputs))
        if any(is_near(fields[name], text) for fields in inputs if name in fields)
    ]


def _is_equal(one: str, other: str) -> bool:
    return one == other


def _is_related(one: str, other: str) -> bool:
    """Whether one of the fields contains the other."""
    return one.startswith(f"{other}.") or other.startswith(f"{one}.")
