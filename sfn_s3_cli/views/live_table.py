"""The live table of a watch: ended executions scroll away above the running ones and the counts.

Only the lower part is drawn again, ten times a second at most, however many rows come. No mode of
the terminal is changed, so that a watch that is killed leaves it as it was.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, NamedTuple, Self

from sfn_s3_cli import signals
from sfn_s3_cli.executions.model import Execution, LeftOut
from sfn_s3_cli.views import streams
from sfn_s3_cli.views.cells import count_columns
from sfn_s3_cli.views.footer import Footer
from sfn_s3_cli.views.table import Table, without_colours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TextIO

    from sfn_s3_cli.executions.model import WatchEvent

PAUSE = 0.1
"""Seconds between two redraws."""
_OTHER_LINES = 3
"""How many more are running, the counts, and the line of the cursor."""


class Style(NamedTuple):
    shows_objects: bool = True
    is_coloured: bool = False


class LiveTable:
    """Shows the events of a watch. Inside a `with` block, a thread draws it again and again."""

    def __init__(
        self, stream: TextIO, style: Style, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._stream, self._style, self._now = stream, style, now
        self._new: list[Execution] = []
        self._running: dict[str, Execution] = {}
        self._footer = Footer()
        self._day = now().astimezone().date()
        self._layout = ""
        """The cells that the last header names."""
        self._lower: list[str] = []
        """What the terminal shows below the last ended execution."""
        self._columns = 0
        self._lock, self._stopped = RLock(), Event()
        self._thread = Thread(target=self._draw_again_and_again, daemon=True)
        self._error: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the last rows and the totals, even if a signal that ended the watch comes twice."""
        with signals.defer(lambda _: None):
            self._stopped.set()
            self._thread.join()
            self._finish()

    def _draw_again_and_again(self) -> None:
        try:
            while not self._stopped.wait(PAUSE):
                self.draw()
        except (Exception, SystemExit) as error:  # noqa: BLE001  (`add` raises it)
            self._error = error

    def add(self, event: WatchEvent) -> None:
        if self._error:
            raise self._error
        with self._lock:
            if isinstance(event, Execution | LeftOut):
                self._running.pop(event.arn, None)
            if isinstance(event, Execution):
                if event.has_ended:
                    self._new.append(event)
                else:
                    self._running[event.arn] = replace(event, input=event.input and "{}")
            self._footer.running = len(self._running)
            self._footer.add(event, self._now())

    def draw(self) -> None:
        """Write the executions that have ended since, and the lower part if it has changed."""
        with self._lock:
            columns, rows = find_size(self._stream)
            table = Table(columns, self._stream.encoding or "utf-8", *self._style)
            footer = table.paint(table.fit(self._footer.format(self._now())), "dim")
            lower = [*self._list_running(table, rows), footer]
            if self._new or lower != self._lower or columns != self._columns:
                self._replace(table, lower)

    def _finish(self) -> None:
        with self._lock:
            columns, rows = find_size(self._stream)
            table = Table(columns, self._stream.encoding or "utf-8", *self._style)
            running = self._list_running(table, rows)
            self._replace(table, [*running, table.fit(self._footer.format_total())])
            self._lower = []

    @contextmanager
    def cleared(self) -> Iterator[None]:
        """Make room for other lines: the next redraw comes below them."""
        with self._lock:
            self._write(self._erase(find_size(self._stream).columns))
            self._lower = []
            yield

    def _replace(self, table: Table, lower: list[str]) -> None:
        erase = self._erase(table.columns)
        self._write(erase, [*self._list_new(table), *lower])
        self._lower, self._columns, self._new = lower, table.columns, []

    def _list_new(self, table: Table) -> Iterator[str]:
        if table.layout != self._layout and (self._new or self._running):
            self._layout = table.layout
            yield table.paint(table.header, "dim")
        for execution in self._new:
            day = execution.status_since.astimezone().date()
            if day != self._day:
                self._day = day
                yield table.paint(table.fit(f"{day}"), "dim")
            yield from table.lines(execution, self._now())

    def _list_running(self, table: Table, rows: int) -> Iterator[str]:
        """Write the latest of the running executions on half of the terminal."""
        limit = min(rows // 2, rows - _OTHER_LINES)
        latest = [*islice(reversed(self._running.values()), max(limit, 0))][::-1]
        if more := len(self._running) - len(latest):
            yield table.paint(table.fit(f"{more:,} more running"), "dim")
        for execution in latest:
            yield from table.lines(execution, self._now())

    def _erase(self, columns: int) -> str:
        """Move to the beginning of the lower part and erase it, from its second line on: tmux
        copies what is erased from the top of the screen into its history.

        If the terminal has become narrower, it may have broken the lines in two.
        """
        is_broken = columns < self._columns and breaks_lines(os.environ)
        heights = [
            -(-count_columns(without_colours(line)) // columns) if is_broken else 1
            for line in self._lower
        ]
        return f"\r\x1b[{sum(heights)}A\x1b[K\x1b[B\x1b[J\x1b[A" if heights else ""

    def _write(self, erase: str, lines: Iterable[str] = ()) -> None:
        streams.write(self._stream, erase + "".join(f"{line}\n" for line in lines))


def find_size(stream: TextIO) -> os.terminal_size:
    """Ask the terminal, whose size may change; without an answer, the environment decides."""
    with suppress(OSError, ValueError):  # a stream without a descriptor
        size = os.get_terminal_size(stream.fileno())
        if size.columns and size.lines:
            return size
    return shutil.get_terminal_size()


def breaks_lines(environ: Mapping[str, str]) -> bool:
    """Whether the terminal breaks lines that are too long after it has become narrower.

    Most do. xterm, rxvt, GNU Screen and the console of Linux cut them off.

    >>> breaks_lines({"TERM": "xterm-256color", "VTE_VERSION": "7600"}), breaks_lines({})
    (True, True)
    >>> breaks_lines({"TERM": "xterm-256color", "XTERM_VERSION": "XTerm(390)"})
    False
    """
    if "TMUX" in environ:
        return True
    cuts = environ.get("TERM", "").startswith(("linux", "rxvt", "screen"))
    return not cuts and "XTERM_VERSION" not in environ
