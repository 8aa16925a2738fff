"""Executions in words: a row each, its cause and its input."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.views.escape import safe
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.executions.model import Execution


def style_of(execution: Execution) -> str:
    return {"SUCCEEDED": "green", "RUNNING": "cyan"}.get(execution.status, "red")


class Row(NamedTuple):
    """One execution in words, each safe to show; empty where nothing is known."""

    time: str
    status: str
    key: str
    object: str
    size: str
    event: str
    took: str
    name: str
    error: str

    @classmethod
    def of(cls, execution: Execution, detail: str) -> Row:
        """With `detail` none, nothing of the object."""
        about = execution.object if detail != "none" else None
        unknown = "(no S3 object)" if detail != "none" else ""
        by = f" by {about.requester}" if about and about.requester else ""
        took = execution.duration
        return cls(
            time=_time(execution.moment.astimezone()),
            status=execution.status,
            key=safe(about.key) if about else "",
            object=safe(f"s3://{about.bucket}/{about.key}") if about else unknown,
            size=size(about.size) if about and about.size is not None else "",
            event=safe(f"{about.event}{by}") if about else "",
            took=f"{took.total_seconds():.1f}s" if took is not None else "",
            name=safe(execution.name),
            error=safe(execution.error or ""),
        )


def _time(moment: datetime) -> str:
    """The time of day, with the date unless that is today's."""
    is_today = moment.date() == datetime.now(moment.tzinfo).date()
    return moment.strftime("%H:%M:%S" if is_today else "%Y-%m-%d %H:%M:%S")


def execution_line(execution: Execution, detail: str) -> Line:
    row = Row.of(execution, detail)
    cells = (row.time, f"{row.status:<9}", *row[3:])
    return Line("  ".join(cell for cell in cells if cell), style_of(execution))


def execution_lines(execution: Execution, detail: str) -> Iterator[Line]:
    """An execution's line, its cause, and its input if that is asked for."""
    yield execution_line(execution, detail)
    if execution.cause:
        yield Line(f"    cause: {safe(execution.cause)}", "red")
    if detail == "full" and execution.input is not None:
        for line in _pretty(execution.input).split("\n"):
            yield Line(f"    {safe(line)}", "dim")


def size(count: int) -> str:
    """Bytes in the units of the AWS console.

    >>> size(999), size(1400), size(5_000_000)
    ('999 B', '1.4 kB', '5.0 MB')
    """
    if count < 1000:  # noqa: PLR2004
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:  # noqa: PLR2004
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} TB"


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
