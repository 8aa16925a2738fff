"""The state of the embedded cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.local.process import Cloud, Emptied, Forgotten, Running, Stale, Status, Stopped
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.json_types import JsonObject


def lines(status: Status | Emptied | Forgotten) -> Iterator[Line]:
    match status:
        case Running(cloud):
            yield Line(f"running at {cloud.endpoint_url} (process {cloud.pid}, log {cloud.log})")
            if cloud.data:
                yield Line(f"keeps its state in {cloud.data}")
            if cloud.lenient:
                yield Line("does not check what roles may do (--lenient)")
        case Stale(cloud):
            data = f"its state is kept in {cloud.data}" if cloud.data else "its data is lost"
            yield Line(
                f"no longer running: process {cloud.pid} ended without `sfnctl local stop`,"
                f" and {data}"
            )
        case Stopped(data):
            yield Line(f"stopped; its state is kept in {data}" if data else "stopped")
        case Emptied(cloud):
            yield Line(f"empty; still running at {cloud.endpoint_url}")
        case Forgotten(data):
            what = f"the state that was kept in {data} is deleted" if data else "nothing was kept"
            yield Line(f"stopped; {what}")


def document(status: Status | Emptied | Forgotten) -> JsonObject:
    match status:
        case Running(cloud):
            return _cloud("running", cloud)
        case Stale(cloud):
            return _cloud("stale", cloud)
        case Stopped(data):
            kept = {"data": str(data)} if data else {}
            return {"type": "local", "status": "stopped", **kept}
        case Emptied(cloud):
            return _cloud("running", cloud)
        case Forgotten(data):
            deleted = {"deleted": str(data)} if data else {}
            return {"type": "local", "status": "stopped", **deleted}


def _cloud(state: str, cloud: Cloud) -> JsonObject:
    return {
        "type": "local",
        "status": state,
        "endpoint_url": cloud.endpoint_url,
        "pid": cloud.pid,
        "log": str(cloud.log),
        "data": str(cloud.data) if cloud.data else None,
        "lenient": cloud.lenient,
    }
