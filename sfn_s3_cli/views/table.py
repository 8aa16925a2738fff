"""The table of executions on a terminal: lines that fit its width.

On terminals of the same layout only the last column gets more room, so that rows stay aligned after
most changes of the width.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.views.cells import fit, shorten, shorten_front
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.execution import describe_status, find_style, make_columns
from sfn_s3_cli.views.streams import encode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sfn_s3_cli.executions.model import Execution

_COLOURS = {"red": 31, "green": 32, "cyan": 36, "dim": 2}
"""https://www.ecma-international.org/publications-and-standards/standards/ecma-48/, 8.3.117"""
_STATUS = len("00:00:00  ")
_AFTER_STATUS = _STATUS + len("SUCCEEDED")
_NARROW, _WIDE = 80, 100
"""A narrower table has no events; a wider one also has who made the call."""
_MANY = 100
"""From so many seconds, minutes or hours on, a duration is written in a larger unit."""


class Table(NamedTuple):
    """How to write executions: for which terminal, and with or without the object."""

    columns: int
    encoding: str
    shows_objects: bool = True
    is_coloured: bool = False

    @property
    def header(self) -> str:
        return self.fit(f"{'TIME':8}  {'STATUS':9}  {self.layout}")

    @property
    def layout(self) -> str:
        """The names of the cells behind the status, where their columns are."""
        about = "KEY" if self.shows_objects else "EXECUTION"
        return self._write_cells("TOOK", "SIZE", "EVENT") + about

    def lines(self, execution: Execution, now: datetime) -> Iterator[str]:
        """Write the row of an execution as it is now, and below it why it failed."""
        columns = make_columns(execution, "summary" if self.shows_objects else "none")
        unknown = f"{columns.object} {columns.name}".lstrip()
        event = columns.event if self.columns >= _WIDE else columns.event.partition(" by ")[0]
        cells = self._write_cells(_format_took(execution, now), columns.size, event)
        cells += self._shorten_key(columns.key, len(cells)) or unknown
        time = f"{execution.status_since.astimezone():%H:%M:%S}"
        row, style = (
            self.fit(f"{time}  {execution.status:9}  {cells}".rstrip()),
            find_style(execution),
        )
        yield row[:_STATUS] + self.paint(row[_STATUS:_AFTER_STATUS], style) + row[_AFTER_STATUS:]
        reason, cause = describe_status(execution), escape(execution.cause or "")
        reason = f"{reason}: {cause}" if cause else reason
        if reason != execution.status:
            yield self.paint(self.fit(" " * _STATUS + reason), style)

    def fit(self, text: str) -> str:
        """Shorten a line; the last column stays free, since some terminals wrap behind it."""
        return shorten(encode(text, self.encoding), self.columns - 1, self._cut)

    def paint(self, text: str, style: str) -> str:
        return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if self.is_coloured else text

    @property
    def _cut(self) -> str:
        return "…" if encode("…", self.encoding) == "…" else "..."

    def _write_cells(self, took: str, size: str, event: str) -> str:
        text = f"{took:>6}  "
        if self.shows_objects:
            text += f"{size:>8}  "
        if self.shows_objects and self.columns >= _NARROW:
            width = 24 if self.columns >= _WIDE else 12
            text += f"{fit(encode(event, self.encoding), width, self._cut)}  "
        return text

    def _shorten_key(self, key: str, used: int) -> str:
        """Keep the end of a long key, which says more."""
        room = self.columns - 1 - _AFTER_STATUS - 2 - used
        return shorten_front(encode(key, self.encoding), max(room, 1), self._cut)


def without_colours(line: str) -> str:
    return re.sub(r"\x1b\[\d+m", "", line)


def _format_took(execution: Execution, now: datetime) -> str:
    """Write how long it took, or how long it has been running."""
    if not execution.has_ended:
        return format_length(now - execution.status_since)
    length = execution.duration
    if length is None:
        return ""
    seconds = length.total_seconds()
    return f"{seconds:.1f}s" if seconds < _MANY - 1 else format_length(length)


def format_length(length: timedelta) -> str:
    """Write a length of time in up to six characters.

    >>> [format_length(timedelta(seconds=each)) for each in (-1, 99, 3601, 6000, 360_000, 10**7)]
    ['0s', '99s', '60m01s', '1h40m', '4d04h', '115d']
    """
    seconds = max(0, round(length.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if seconds < _MANY:
        return f"{seconds}s"
    if minutes < _MANY:
        return f"{minutes}m{seconds % 60:02}s"
    if hours < _MANY:
        return f"{hours}h{minutes % 60:02}m"
    return f"{days}d{hours % 24:02}h" if days < _MANY else f"{days}d"
