"""The interface of a source: what a module in SOURCES has.

A new source is a module with these names and its line in SOURCES.
If it needs resources of its own, `reconcile/desired.py` wires them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from sfn_s3_cli.documents.shape import Shape
    from sfn_s3_cli.events.s3_object import S3Object
    from sfn_s3_cli.events.trigger import Trigger
    from sfn_s3_cli.json_types import JsonObject


class Gap(NamedTuple):
    """A field that some of a trigger's events lack."""

    field: str
    lacking: str
    """Which event lacks it: `the record of a batch deletion`."""
    remedy: str


class Upload(NamedTuple):
    """An object that was created or deleted, for an event that looks like a real one."""

    bucket: str
    key: str
    event: str
    """`created` or `deleted`."""
    size: int
    etag: str
    """The hash of the content, without quotes."""
    version_id: str | None
    """Only in a bucket with versions."""
    partition: str
    account: str
    region: str


class Source(Protocol):
    """How object events reach EventBridge."""

    VIA: str
    """Its name in `trigger.via`."""

    TITLE: str
    """The name of the AWS service."""

    SUMMARY: str
    """What somebody who chooses a source has to know, in a few words."""

    STARTS_WITHIN: timedelta
    """How long it may take until its events arrive, once it is set up."""

    ARRIVES_WITHIN: timedelta
    """How late an event may arrive."""

    DELAY_NOTE: str
    """What a plan says about how long the first events take."""

    FIELDS: Mapping[str, str]
    """Where its events have what other sources' events have too; the names are shared.

    `bucket`, `key` and `event` are required.
    """

    EVENT_FIELD: str
    """The field by which patterns tell the kinds of events of `trigger.events` apart."""

    EVENT_VALUES: Mapping[str, tuple[str, ...]]
    """The values of that field, by kind."""

    OBJECT: str
    """The object of its events that has the key, as `key`. The normalised input holds it whole."""

    IS_SUGGESTED: bool
    """Whether to suggest this source where the definition reads a field that only it has."""

    REPORTS_EVERY_DELETION: bool
    """Whether a deletion is certain to cause an event, even if the object does not exist."""

    def describe_way(self, trail: str | None) -> tuple[str, ...]:
        """Say what carries the bucket's events to EventBridge; `trail` is `trigger.trail`."""

    def build_pattern(self, bucket: str, trigger: Trigger, partition: str) -> JsonObject:
        """Build the event pattern that matches the trigger's events."""

    def build_samples(
        self, bucket: str, key: str, trigger: Trigger, partition: str
    ) -> list[JsonObject]:
        """Build an event of each form that the trigger asks for, with the fields of patterns."""

    def build_event(self, upload: Upload) -> JsonObject:
        """Build the event of an upload, with all the fields that AWS documents."""

    def describe_detail(self, events: Collection[str]) -> Mapping[str, Shape]:
        """Describe the fields that `detail` can have; `events` as in `trigger.events`."""

    def read_object(self, event: Mapping[str, object]) -> S3Object | None:
        """Read the object from an event; None if the event is not from this source."""

    def find_missed(self, trigger: Trigger) -> str:
        """Say which events the trigger asks for that start no execution; empty if all do."""

    def list_gaps(self, trigger: Trigger) -> Sequence[Gap]:
        """List the fields that some of the trigger's events lack."""
