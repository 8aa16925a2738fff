"""S3: the events that a bucket itself sends to EventBridge."""

from __future__ import annotations

import json
import re
from contextvars import ContextVar
from typing import Any

from sfn_s3_cli.local.internals import EVENTS, S3, Action, Request

_version_id: ContextVar[str | None] = ContextVar("version_id", default=None)


def install() -> None:
    """Make the events of buckets look as on AWS."""
    S3.repair("_fire_s3_event", fire_event)
    EVENTS.repair("_dispatch_event", dispatch_event)


def fire_event(original: Action, *event: Any, version_id: str | None = None, **rest: Any) -> None:
    """While an event is sent it is known which version of the object it is about."""
    token = _version_id.set(version_id)
    try:
        original(*event, version_id=version_id, **rest)
    finally:
        _version_id.reset(token)


def dispatch_event(original: Action, event: Request, view: object = None) -> None:
    """Whole seconds, the documented fields and no others, a version id in versioned buckets, no
    size and etag of deleted objects (S3 User Guide, "EventBridge event message structure")."""
    if event["Source"] == "aws.s3" and event["DetailType"] in ("Object Created", "Object Deleted"):
        event, view = _as_documented(event), None
    original(event, view)


def _as_documented(event: Request) -> Request:
    detail = json.loads(event["Detail"])
    detail.pop("event-version", None)
    if event["DetailType"] == "Object Deleted":
        for name in ("size", "etag"):
            detail["object"].pop(name, None)
    if version_id := _version_id.get():
        detail["object"]["version-id"] = version_id
    return {**event, "Time": re.sub(r"\.\d+", "", event["Time"]), "Detail": json.dumps(detail)}
