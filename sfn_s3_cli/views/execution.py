"""An execution: one line of columns, its cause and its input."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.counts import format_size
from sfn_s3_cli.views import pretty_json
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.executions.model import Behind, Execution, Retrying
    from sfn_s3_cli.executions.summary import GroupKey
    from sfn_s3_cli.json_types import JsonObject


class Columns(NamedTuple):
    """An execution as text that is safe to print; empty where nothing is known."""

    time: str
    status: str
    key: str
    object: str
    size: str
    event: str
    took: str
    name: str


def lines(execution: Execution, detail: str) -> Iterator[Line]:
    """Write the execution's line, its cause, and with `detail` full its input."""
    yield format_line(execution, detail)
    if execution.cause:
        yield Line(f"    cause: {escape(execution.cause)}", "red")
    if detail == "full" and execution.input is not None:
        yield from pretty_json.lines(execution.input, "    ")


def format_retrying(event: Retrying) -> str:
    seconds = event.pause.total_seconds()
    again = f"; trying again in {seconds:.2g}s" if seconds else ""
    return f"AWS cannot be read at the moment{again}: {event.error}"


def format_behind(event: Behind) -> str:
    """Say how far a watch is behind, and with what."""
    seconds = event.lag.total_seconds()
    if not event.waiting:
        return f"AWS is still listing executions, for {seconds:.0f}s now"
    changes = "1 change is" if event.waiting == 1 else f"{event.waiting:,} changes are"
    return f"{seconds:.0f}s behind: {changes} not shown yet"


def format_line(execution: Execution, detail: str) -> Line:
    """The columns on one line, which nothing breaks: a key may have spaces."""
    columns = make_columns(execution, detail)
    cells = (columns.time, f"{describe_status(execution):<9}", *columns[3:])
    return Line("  ".join(cell for cell in cells if cell), find_style(execution), is_verbatim=True)


def describe_status(execution: Execution | GroupKey) -> str:
    """Write the status, and where and why an execution failed, or all of a group.

    >>> from sfn_s3_cli.executions.model import Execution
    >>> describe_status(Execution("arn", "a", "FAILED", None, error="Gone", failed_state="Get"))
    'FAILED at Get: Gone'
    """
    place = f" at {execution.failed_state}" if execution.failed_state else ""
    error = f": {execution.error}" if execution.error else ""
    return escape(f"{execution.status}{place}{error}")


def find_style(execution: Execution) -> str:
    return {"SUCCEEDED": "green", "RUNNING": "cyan"}.get(execution.status, "red")


def make_columns(execution: Execution, detail: str) -> Columns:
    """With `detail` none, omit everything about the object."""
    source = execution.object if detail != "none" else None
    unknown = "(no S3 object)" if execution.input is not None else "(object not read)"
    by = f" by {source.requester}" if source and source.requester else ""
    took = execution.duration
    return Columns(
        time=_format_time(execution.status_since.astimezone()),
        status=execution.status,
        key=escape(source.key) if source else "",
        object=escape(f"s3://{source.bucket}/{source.key}")
        if source
        else unknown * (detail != "none"),
        size=format_size(source.size) if source and source.size is not None else "",
        event=escape(f"{source.event}{by}") if source else "",
        took=f"{took.total_seconds():.1f}s" if took is not None else "",
        name=escape(execution.name),
    )


def _format_time(moment: datetime) -> str:
    """Write the time of day, and the date unless it is today."""
    is_today = moment.date() == datetime.now(moment.tzinfo).date()
    return moment.strftime("%H:%M:%S" if is_today else "%Y-%m-%d %H:%M:%S")


def document(execution: Execution, detail: str) -> JsonObject:
    """Return one status of one execution; omit what is not known."""
    document: JsonObject = {
        "type": "execution",
        "arn": execution.arn,
        "name": execution.name,
        "status": execution.status,
    }
    if execution.started:
        document["started"] = format_iso(execution.started)
    if execution.redrive_count:
        document["redrive_count"] = execution.redrive_count
    if execution.stopped:
        document["stopped"] = format_iso(execution.stopped)
    if detail != "none" and execution.object:
        document["object"] = execution.object.document()
    elif detail != "none" and execution.input is not None:
        document["object"] = None
    if detail == "full" and execution.input is not None:
        document["input"] = parse_json(execution.input)
    if execution.failed_state is not None:
        document["failed_state"] = execution.failed_state
    if execution.error is not None:
        document["error"] = execution.error
    if execution.cause is not None:
        document["cause"] = execution.cause
    return document


def format_iso(moment: datetime) -> str:
    """Write a moment in UTC as in ISO 8601, with milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_json(text: str) -> object:
    """Parse an input or output, which is plain text if AWS cut it off."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
