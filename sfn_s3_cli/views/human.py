"""The view for people: plain lines in a pipe, colour and a live table on a terminal."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, TextIO

from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.views import call as call_view
from sfn_s3_cli.views import error as error_view
from sfn_s3_cli.views import execution as execution_view
from sfn_s3_cli.views import github, links, pretty_json, streams
from sfn_s3_cli.views import problems as problem_view
from sfn_s3_cli.views.detail import Detail
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line
from sfn_s3_cli.views.subjects import find_subject
from sfn_s3_cli.views.watch_report import report
from sfn_s3_cli.views.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from sfn_s3_cli.aws.calls import ApiCall
    from sfn_s3_cli.errors import Problem, SfnctlError
    from sfn_s3_cli.executions.model import WatchEvent
    from sfn_s3_cli.reconcile.outcome import Event
    from sfn_s3_cli.reconcile.plan import Plan
    from sfn_s3_cli.testing.report import CaseResult


TABLE_COLUMNS = 60
"""On a narrower terminal, lines show more of an execution than a table."""
_USUAL_COLUMNS = 80


class Human:
    """Writes lines of text. Loads Rich only on a terminal that can show colours."""

    def __init__(self) -> None:
        self._make_room: Callable[[], AbstractContextManager[None]] = nullcontext
        """Removes a live table while something else is written."""

    def show(self, result: object) -> None:
        _write(sys.stdout, find_subject(result).lines(result))
        _annotate(getattr(result, "problems", ()))

    def show_plan(self, plan: Plan, detail: Detail | None) -> None:
        from sfn_s3_cli.views import plan as plan_view  # noqa: PLC0415  (loads the engine)

        is_terminal = _is_terminal(sys.stdout)
        detail = detail or (Detail.FULL if is_terminal else Detail.SUMMARY)
        width = _count_columns(sys.stdout) if is_terminal else None
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

    def find_case_display(self) -> Callable[[CaseResult, int], None] | None:
        return _show_case if _is_terminal(sys.stdout) else None

    def follow(self, events: Iterable[WatchEvent], detail: str) -> None:
        has_table = _is_rich(sys.stdout) and _count_columns(sys.stdout) >= TABLE_COLUMNS
        if has_table and detail != "full":
            self._follow_live(events, detail)
            return
        running: set[str] = set()  # their input is printed already
        for event in self.report(events):
            if not isinstance(event, Execution):
                continue
            missing = "summary" if event.arn in running else detail
            _write(sys.stdout, execution_view.lines(event, missing))
            (running.discard if event.has_ended else running.add)(event.arn)

    def _follow_live(self, events: Iterable[WatchEvent], detail: str) -> None:
        from sfn_s3_cli.views.live_table import LiveTable, Style  # noqa: PLC0415  (seldom needed)

        style = Style(detail != "none", is_coloured=not os.environ.get("NO_COLOR"))
        with LiveTable(sys.stdout, style) as table:
            self._make_room = table.cleared
            try:
                for event in self.report(events):
                    table.add(event)
            finally:
                self._make_room = nullcontext

    def report(self, events: Iterable[WatchEvent]) -> Iterator[WatchEvent]:
        def annotate(execution: Execution) -> None:
            with self._make_room():
                _annotate_failure(execution)

        return report(events, self.remark, annotate)

    def emit(self, text: str) -> None:
        streams.write(sys.stdout, text + "\n")

    def remark(self, text: str) -> None:
        with self._make_room():
            _write(sys.stderr, [Line(escape(line), "dim") for line in text.split("\n")])

    def show_call(self, call: ApiCall) -> None:
        with self._make_room():
            _write(sys.stderr, call_view.lines(call))

    def show_error(self, error: SfnctlError) -> None:
        _write(sys.stderr, error_view.lines(error))
        _annotate(error.problems)


def _show_case(result: CaseResult, count: int) -> None:
    from sfn_s3_cli.views import test_report  # noqa: PLC0415  (seldom needed)

    if test_report.has_lines(count):
        _write(sys.stdout, [test_report.line(result)])
    else:
        streams.write(sys.stdout, test_report.MARKS[result.verdict])


def _annotate(problems: Iterable[Problem]) -> None:
    if github.is_actions():
        _write(sys.stderr, github.lines(problems))


def _annotate_failure(execution: Execution) -> None:
    if github.is_actions():
        _write(sys.stderr, github.failure_lines(execution))


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _is_rich(stream: TextIO | None) -> bool:
    return _is_terminal(stream) and os.environ.get("TERM") != "dumb"


def _count_columns(stream: TextIO | None) -> int:
    """The width of this terminal: only one of stdout and stderr may be one."""
    chosen = os.environ.get("COLUMNS", "")
    if chosen.isdecimal() and int(chosen):
        return int(chosen)
    with suppress(OSError, ValueError):  # a stream without a descriptor
        if stream and (columns := os.get_terminal_size(stream.fileno()).columns):
            return columns
    return _USUAL_COLUMNS


def _fit(lines: Iterable[Line], width: int) -> Iterator[Line]:
    for line in lines:
        if line.link or line.is_verbatim:
            yield line
            continue
        yield from (line._replace(text=text) for text in wrap(line.text, width))


def _write(stream: TextIO | None, lines: Iterable[Line]) -> None:
    if _is_terminal(stream):
        shown = _fit(lines, _count_columns(stream))
    else:
        shown = (line for line in lines if not line.link)
    if stream is None or not _is_rich(stream) or os.environ.get("NO_COLOR"):
        streams.write(stream, "".join(f"{_spell_out(line)}\n" for line in shown))
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.highlighter import JSONHighlighter  # noqa: PLC0415
    from rich.style import Style  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=stream, highlight=False, soft_wrap=True)
    can_link = links.shows_links(os.environ)
    for line in shown:
        if line.link and can_link:
            console.print(Text(line.text, style=Style(underline=True, link=line.link)))
        elif line.style == pretty_json.STYLE:
            console.print(JSONHighlighter()(Text(line.text)))
        else:
            console.print(Text(_spell_out(line), style=line.style))


def _spell_out(line: Line) -> str:
    return f"{line.text}: {line.link}" if line.link else line.text
