"""The table of the kinds of resources: a new kind is its module and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_s3_cli.resources import (
    alarm,
    bucket,
    bucket_notification,
    event_selector,
    log_bucket,
    log_group,
    queue,
    role,
    rule,
    state_machine,
    target,
    trail,
)

if TYPE_CHECKING:
    from sfn_s3_cli.resources.kind import Kind

KINDS: dict[str, Kind[Any, Any]] = {
    "alarm": alarm,
    "bucket": bucket,
    "bucket_notification": bucket_notification,
    "event_selector": event_selector,
    "log_bucket": log_bucket,
    "log_group": log_group,
    "queue": queue,
    "role": role,
    "rule": rule,
    "state_machine": state_machine,
    "target": target,
    "trail": trail,
}

STEPS: dict[str, Kind[Any, Any]] = {"pinned_target": target}
"""What a resource is only in the middle of a deploy: no config asks for it."""
