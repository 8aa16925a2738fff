"""Results for people: plain lines in a pipe, colour and a live table on a terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections import deque
from typing import TYPE_CHECKING, TextIO

from sfn_s3_cli.views import lines, problems, streams
from sfn_s3_cli.views.escape import safe
from sfn_s3_cli.views.execution import Row, execution_lines, style_of
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from sfn_s3_cli.aws.calls import Call
    from sfn_s3_cli.errors import Problem, SfnctlError
    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.reconcile.outcome import Event
    from sfn_s3_cli.reconcile.plan import Plan
    from sfn_s3_cli.views import Shown


TABLE_COLUMNS = 60
"""A table of executions in fewer columns says less than lines do."""


class Human:
    """Rich is loaded only where a terminal can show what it does."""

    def show(self, result: Shown) -> None:
        _write(sys.stdout, lines.lines(result))
        _annotate(getattr(result, "problems", ()))

    def announce(self, plan: Plan) -> None:
        _write(sys.stdout, lines.plan(plan))

    def progress(self, event: Event) -> None:
        _write(sys.stderr, lines.progress(event))

    def follow(self, executions: Iterable[Execution], detail: str) -> None:
        if detail != "full" and _is_rich(sys.stdout) and _columns() >= TABLE_COLUMNS:
            _follow_live(executions, detail)
            return
        told: set[str] = set()  # the running ones whose input was shown
        for execution in executions:
            again = "summary" if execution.arn in told else detail
            _write(sys.stdout, execution_lines(execution, again))
            (told.discard if execution.ended else told.add)(execution.arn)

    def emit(self, text: str) -> None:
        streams.write(sys.stdout, text + "\n")

    def remark(self, text: str) -> None:
        told = "\n".join(safe(line) for line in text.split("\n"))
        _write(sys.stderr, [Line(told, "dim")])

    def call(self, call: Call) -> None:
        retries = f", {call.retries} retries" if call.retries else ""
        error = f", {call.error}" if call.error else ""
        text = f"{call.service}:{call.operation} {call.seconds:.3f}s{retries}{error}"
        _write(sys.stderr, [Line(safe(text), "dim")])

    def error(self, error: SfnctlError) -> None:
        _write(sys.stderr, lines.error(error))
        _annotate(getattr(error, "problems", ()))


def _annotate(found: Iterable[Problem]) -> None:
    if os.environ.get("GITHUB_ACTIONS") == "true":
        _write(sys.stderr, problems.for_github(found))


def _is_rich(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def _columns() -> int:
    return shutil.get_terminal_size().columns


def _write(stream: TextIO | None, told: Iterable[Line]) -> None:
    if stream is None or not _is_rich(stream) or os.environ.get("NO_COLOR"):
        streams.write(stream, "".join(f"{line.text}\n" for line in told))
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=stream, highlight=False, soft_wrap=True)
    for line in told:
        console.print(Text(line.text, style=line.style))


def _follow_live(executions: Iterable[Execution], detail: str) -> None:
    """A table of what fits the window, the newest at the bottom.

    Older rows scroll away above it, and so does whatever failed, with the reason.
    """
    from rich.console import Console  # noqa: PLC0415
    from rich.live import Live  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    shown: deque[Execution] = deque()
    with Live(console=console, auto_refresh=False, transient=False) as live:
        for execution in executions:
            shown = deque(each for each in shown if each.arn != execution.arn)
            shown.append(execution)
            while len(shown) > max(1, console.height - 4) or _has_failed(shown[-1]):
                gone = shown.pop() if _has_failed(shown[-1]) else shown.popleft()
                for line in execution_lines(gone, detail):
                    live.console.print(Text(line.text, style=line.style))
                if not shown:
                    break
            live.update(table(shown, detail), refresh=True)


def _has_failed(execution: Execution) -> bool:
    return execution.ended and not execution.succeeded


def table(executions: Iterable[Execution], detail: str) -> Table:
    """The executions as rows: time, status, key, size, event and duration."""
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    rows = Table(box=None, pad_edge=False, expand=True)
    for name in ("TIME", "STATUS"):
        rows.add_column(name, no_wrap=True)
    rows.add_column("KEY" if detail == "summary" else "EXECUTION", ratio=1, overflow="fold")
    rows.add_column("SIZE", no_wrap=True, justify="right")
    rows.add_column("EVENT", no_wrap=True)
    rows.add_column("TOOK", no_wrap=True, justify="right")
    for execution in executions:
        row = Row.of(execution, detail)
        status = Text(row.status, style=style_of(execution))
        what = Text(row.key or row.object or row.name)
        rows.add_row(row.time, status, what, row.size, Text(row.event), row.took)
    return rows
