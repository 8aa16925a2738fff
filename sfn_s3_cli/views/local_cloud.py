"""The state of the embedded cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.local.process import Cloud, Running, Stale, Status, Stopped
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.json_types import JsonObject


def lines(status: Status) -> Iterator[Line]:
    match status:
        case Running(cloud):
            yield Line(f"running at {cloud.endpoint_url} (process {cloud.pid}, log {cloud.log})")
        case Stale(cloud):
            yield Line(
                f"no longer running: process {cloud.pid} ended without `sfnctl local stop`,"
                " and its data is lost"
            )
        case Stopped():
            yield Line("stopped")


def document(status: Status) -> JsonObject:
    match status:
        case Running(cloud):
            return _cloud("running", cloud)
        case Stale(cloud):
            return _cloud("stale", cloud)
        case Stopped():
            return {"type": "local", "status": "stopped"}


def _cloud(state: str, cloud: Cloud) -> JsonObject:
    return {
        "type": "local",
        "status": state,
        "endpoint_url": cloud.endpoint_url,
        "pid": cloud.pid,
        "log": str(cloud.log),
    }
