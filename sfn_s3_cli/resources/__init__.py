"""The kinds of resources that make up a pipeline: one module each, and this table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_s3_cli.resources import (
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
    from sfn_s3_cli.resources.base import Kind

KINDS: dict[str, Kind[Any]] = {
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
