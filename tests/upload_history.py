"""Which uploads start an execution while a pipeline changes, by what AWS has after each change.

The embedded cloud delivers events immediately. On AWS a source takes minutes to start, and each of
its events may be late; here both take almost as long as sfnctl allows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.resources.bucket_notification import SWITCH

MINUTE = timedelta(minutes=1)
STEP = timedelta(seconds=15)


def matches_time(pattern: dict[str, Any], time: str) -> bool:
    """What EventBridge says of the time of an event, for the two operators that are used."""
    return any(
        time.startswith(each["prefix"])
        if "prefix" in each
        else not time.startswith(tuple(each["anything-but"]["prefix"]))
        for each in pattern.get("time", [{"prefix": ""}])
    )


@dataclass(frozen=True)
class Snapshot:
    """What AWS has from a moment on."""

    moment: datetime
    patterns: dict[str, dict[str, Any]]
    """The patterns of the enabled rules with a target, by via."""
    started: dict[str, datetime]
    """Since when each source is on: the bucket, or a trail by its name."""


@dataclass
class UploadHistory:
    """Snapshots of one pipeline, taken after each change."""

    aws: Aws
    bucket: str
    trails: tuple[str, ...]
    snapshots: list[Snapshot] = field(default_factory=list)

    def record(self, moment: datetime) -> None:
        before = self.snapshots[-1].started if self.snapshots else {}
        started = {each: before.get(each, moment) for each in self._list_sources()}
        self.snapshots.append(Snapshot(moment, dict(self._read_patterns()), started))

    def list_lost(self, since: datetime, until: datetime) -> list[datetime]:
        """The moments in which an upload may start no execution."""
        moments = (since + STEP * number for number in range((until - since) // STEP))
        return [each for each in moments if not any(self._list_certain(each))]

    def _list_certain(self, upload: datetime) -> Iterator[str]:
        """The sources whose event is certain to match on arrival, however late it is."""
        time = upload.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for via, source in SOURCES.items():
            delays = [source.ARRIVES_WITHIN * share - MINUTE * share for share in (0, 0.5, 1)]
            if self._is_working(via, upload) and all(
                matches_time(pattern, time)
                for delay in delays
                if (pattern := self._find(upload + delay).patterns.get(via, {"time": []}))
            ):
                yield via

    def _is_working(self, via: str, moment: datetime) -> bool:
        starts = SOURCES[via].STARTS_WITHIN - MINUTE
        return any(
            since + starts <= moment
            for source, since in self._find(moment).started.items()
            if (source == self.bucket) == (via == "s3")
        )

    def _find(self, moment: datetime) -> Snapshot:
        return next(each for each in reversed(self.snapshots) if each.moment <= moment)

    def _read_patterns(self) -> Iterator[tuple[str, dict[str, Any]]]:
        events = self.aws.events
        for rule in events.list_rules()["Rules"]:
            targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
            if rule["State"] == "ENABLED" and targets:
                yield rule["Name"].rpartition("-")[2], json.loads(rule["EventPattern"])

    def _list_sources(self) -> Iterator[str]:
        s3, cloudtrail = self.aws.s3, self.aws.cloudtrail
        if SWITCH in s3.get_bucket_notification_configuration(Bucket=self.bucket):
            yield self.bucket
        for trail in self.trails:
            selectors = call_or_none(
                lambda name=trail: cloudtrail.get_event_selectors(TrailName=name),  # type: ignore[misc]
                "TrailNotFoundException",
            )
            if (
                "sfnctl:orders" in json.dumps(selectors, default=str)
                and cloudtrail.get_trail_status(Name=trail)["IsLogging"]
            ):
                yield trail
