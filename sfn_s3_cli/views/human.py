"""The view for people: plain lines in a pipe, colour and a live table on a terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections import deque
from typing import TYPE_CHECKING, TextIO

from sfn_s3_cli.executions.model import Execution, Retrying
from sfn_s3_cli.views import call as call_view
from sfn_s3_cli.views import error as error_view
from sfn_s3_cli.views import execution as execution_view
from sfn_s3_cli.views import github, links, streams
from sfn_s3_cli.views import problems as problem_view
from sfn_s3_cli.views.detail import Detail
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line
from sfn_s3_cli.views.subjects import find_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.table import Table

    from sfn_s3_cli.aws.calls import ApiCall
    from sfn_s3_cli.errors import Problem, SfnctlError
    from sfn_s3_cli.executions.model import WatchEvent
    from sfn_s3_cli.reconcile.outcome import Event
    from sfn_s3_cli.reconcile.plan import Plan


TABLE_COLUMNS = 60
"""On a narrower terminal, lines show more of an execution than a table."""


class Human:
    """Writes lines of text. Loads Rich only on a terminal that can show colours."""

    def show(self, result: object) -> None:
        _write(sys.stdout, find_subject(result).lines(result))
        _annotate(getattr(result, "problems", ()))

    def show_plan(self, plan: Plan, detail: Detail | None) -> None:
        from sfn_s3_cli.views import plan as plan_view  # noqa: PLC0415  (loads the engine)

        is_terminal = _is_terminal(sys.stdout)
        detail = detail or (Detail.FULL if is_terminal else Detail.SUMMARY)
        width = _count_columns() if is_terminal else None
        _write(sys.stdout, plan_view.lines(plan, detail, width))
        _annotate(plan.problems)

    def announce(self, plan: Plan, detail: Detail | None) -> None:
        self.show_plan(plan, detail)

    def warn(self, problems: Sequence[Problem]) -> None:
        _write(sys.stderr, problem_view.limited_lines(problems))
        _annotate(problems)

    def show_progress(self, event: Event) -> None:
        from sfn_s3_cli.views import outcome  # noqa: PLC0415  (loads the engine)

        _write(sys.stderr, outcome.progress_lines(event))

    def follow(self, events: Iterable[WatchEvent], detail: str) -> None:
        if detail != "full" and _is_rich(sys.stdout) and _count_columns() >= TABLE_COLUMNS:
            _follow_live(self._pick_executions(events), detail)
            return
        running: set[str] = set()  # their input is printed already
        for execution in self._pick_executions(events):
            missing = "summary" if execution.arn in running else detail
            _write(sys.stdout, execution_view.lines(execution, missing))
            (running.discard if execution.has_ended else running.add)(execution.arn)

    def _pick_executions(self, events: Iterable[WatchEvent]) -> Iterator[Execution]:
        for event in events:
            if isinstance(event, Execution):
                yield event
            elif isinstance(event, Retrying):
                self.remark(execution_view.format_retrying(event))

    def emit(self, text: str) -> None:
        streams.write(sys.stdout, text + "\n")

    def remark(self, text: str) -> None:
        lines = "\n".join(escape(line) for line in text.split("\n"))
        _write(sys.stderr, [Line(lines, "dim")])

    def show_call(self, call: ApiCall) -> None:
        _write(sys.stderr, call_view.lines(call))

    def show_error(self, error: SfnctlError) -> None:
        _write(sys.stderr, error_view.lines(error))
        _annotate(error.problems)


def _annotate(problems: Iterable[Problem]) -> None:
    if github.is_actions():
        _write(sys.stderr, github.lines(problems))


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _is_rich(stream: TextIO | None) -> bool:
    return _is_terminal(stream) and os.environ.get("TERM") != "dumb"


def _count_columns() -> int:
    return shutil.get_terminal_size().columns


def _write(stream: TextIO | None, lines: Iterable[Line]) -> None:
    shown = (line for line in lines if not line.link or _is_terminal(stream))
    if stream is None or not _is_rich(stream) or os.environ.get("NO_COLOR"):
        streams.write(stream, "".join(f"{_spell_out(line)}\n" for line in shown))
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.style import Style  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=stream, highlight=False, soft_wrap=True)
    can_link = links.shows_links(os.environ)
    for line in shown:
        if line.link and can_link:
            console.print(Text(line.text, style=Style(underline=True, link=line.link)))
        else:
            console.print(Text(_spell_out(line), style=line.style))


def _spell_out(line: Line) -> str:
    return f"{line.text}: {line.link}" if line.link else line.text


def _follow_live(executions: Iterable[Execution], detail: str) -> None:
    """Show a table that fits the window, with the newest execution at the bottom.

    Older executions scroll away above it, and so do failed ones, with their cause.
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
                for line in execution_view.lines(gone, detail):
                    live.console.print(Text(line.text, style=line.style))
                if not shown:
                    break
            # The terminal writes ^C after the last line, which must not wrap: the table would be
            # drawn again one line too low.
            width = console.width - len("^C") - 1
            live.update(make_table(shown, detail, width), refresh=True)


def _has_failed(execution: Execution) -> bool:
    return execution.has_ended and not execution.has_succeeded


def make_table(executions: Iterable[Execution], detail: str, width: int | None = None) -> Table:
    """Show time, status, key, size, event and duration of each execution."""
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, expand=True, width=width)
    for name in ("TIME", "STATUS"):
        table.add_column(name, no_wrap=True)
    table.add_column("KEY" if detail == "summary" else "EXECUTION", ratio=1, overflow="fold")
    table.add_column("SIZE", no_wrap=True, justify="right")
    table.add_column("EVENT", no_wrap=True)
    table.add_column("TOOK", no_wrap=True, justify="right")
    for execution in executions:
        columns = execution_view.make_columns(execution, detail)
        status = Text(columns.status, style=execution_view.find_style(execution))
        source = Text(columns.key or columns.object or columns.name)
        event = Text(columns.event)
        table.add_row(columns.time, status, source, columns.size, event, columns.took)
    return table
