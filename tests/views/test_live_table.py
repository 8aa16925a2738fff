"""The table of a watch on a terminal."""

from __future__ import annotations

import os
import pty
import re
import sys
import termios
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from textwrap import dedent
from typing import TextIO

import pytest
from executions_to_show import make_ended, make_failed, make_running
from fake_clock import FakeClock, at
from fake_terminal import FakeTerminal
from hypothesis import given, settings
from hypothesis import strategies as st
from screen import Screen

from sfn_s3_cli.errors import ExitCode, SfnctlError, Signalled
from sfn_s3_cli.executions.model import LeftOut, ReadComplete, Retrying, WatchEvent
from sfn_s3_cli.views import live_table
from sfn_s3_cli.views.cells import count_columns
from sfn_s3_cli.views.footer import Footer
from sfn_s3_cli.views.human import Human
from sfn_s3_cli.views.live_table import LiveTable, Style
from sfn_s3_cli.views.table import Table

HOSTILE = "in/\x1b[31m\x1b]52;c;aGk=\x07\x9b2J\u202e\r\n日本語🎉e\u0301"


class Terminal(FakeTerminal):
    """A terminal with a live table, whose time a test moves, and whose size it changes."""

    def __init__(self, columns: int, rows: int, style: Style = Style()) -> None:  # noqa: B008
        super().__init__()
        self.screen, self.clock, self.writes = Screen(columns, rows), FakeClock(), 0
        self.table = LiveTable(self, style, self.clock.now)

    def write(self, text: str) -> int:
        self.writes += 1
        self.screen.feed(text)
        return len(text)

    def show(self, *events: WatchEvent) -> str:
        for event in events:
            self.table.add(event)
        self.table.draw()
        return self.screen.visible

    def finish(self) -> str:
        self.table._finish()
        return self.screen.text


@pytest.fixture(autouse=True)
def _use_the_size_of_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = live_table.find_size

    def find_size(terminal: TextIO) -> os.terminal_size:
        if not isinstance(terminal, Terminal):
            return ask(terminal)
        return os.terminal_size((terminal.screen.columns, terminal.screen.rows))

    monkeypatch.setattr(live_table, "find_size", find_size)


def test_ended_rows_stay_above_running_ones_and_counts() -> None:
    terminal = Terminal(80, 24)
    terminal.show(make_running(0), make_running(1), make_running(2), ReadComplete(timedelta(0)))
    terminal.clock.slept = 64
    assert terminal.show(make_ended(1), make_failed(0)) == dedent("""\
        TIME      STATUS       TOOK      SIZE  EVENT         KEY
        12:00:02  SUCCEEDED    2.0s    1.4 kB  PutObject     …26-01-02/orders-0001.json
        12:00:02  FAILED       2.0s    1.4 kB  PutObject     …26-01-02/orders-0000.json
                  FAILED at Validate: States.TaskFailed: no such table
        12:00:00  RUNNING       64s    1.4 kB  PutObject     …26-01-02/orders-0002.json
        1 running, 1 succeeded, 1 failed | 2 a minute

        """)
    assert terminal.finish() == dedent("""\
        TIME      STATUS       TOOK      SIZE  EVENT         KEY
        12:00:02  SUCCEEDED    2.0s    1.4 kB  PutObject     …26-01-02/orders-0001.json
        12:00:02  FAILED       2.0s    1.4 kB  PutObject     …26-01-02/orders-0000.json
                  FAILED at Validate: States.TaskFailed: no such table
        12:00:00  RUNNING       64s    1.4 kB  PutObject     …26-01-02/orders-0002.json
        2 executions ended: 1 succeeded, 1 failed; 1 still running
        """)


def test_a_table_without_objects_names_executions() -> None:
    terminal = Terminal(80, 24, Style(shows_objects=False))
    terminal.show(make_ended(7))
    assert terminal.finish() == dedent("""\
        TIME      STATUS       TOOK  EXECUTION
        12:00:02  SUCCEEDED    2.0s  00000007-0000
        1 execution ended: 1 succeeded
        """)


def test_a_row_says_why_it_has_no_key() -> None:
    terminal = Terminal(80, 24)
    terminal.show(
        replace(make_ended(1), object=None), replace(make_ended(2), object=None, input=None)
    )
    keys = [line[53:] for line in terminal.finish().splitlines()[1:3]]
    assert keys == ["(no S3 object) 00000001-0…", "(object not read) 0000000…"]


def test_each_day_is_named_once() -> None:
    terminal = Terminal(80, 24)
    days = [make_ended(number) for number in range(4)]
    for number, each in enumerate(days):
        assert each.stopped
        days[number] = replace(each, stopped=each.stopped - timedelta(days=2 - number // 2))
    terminal.show(*days, make_ended(4))
    lines = terminal.finish().splitlines()
    assert [line for line in lines if line.startswith("2025")] == ["2025-12-31"]
    assert [line for line in lines if line.startswith("2026")] == ["2026-01-01", "2026-01-02"]


def test_many_running_executions_leave_room_for_the_others() -> None:
    terminal = Terminal(80, 12)
    shown = terminal.show(*map(make_running, range(1000))).splitlines()
    assert shown[-3].endswith("orders-0999.json")
    assert shown[-2] == "1,000 running"
    assert [line for line in shown if "more" in line] == ["994 more running"]
    assert sum("RUNNING" in line for line in shown) == 6


def test_counts_say_how_far_behind_the_watch_is() -> None:
    footer, clock = Footer(), FakeClock()
    late, failed = ReadComplete(timedelta(seconds=75)), Retrying("timed out", timedelta(seconds=4))
    states = []
    for event in (make_ended(1), late, make_ended(2), failed, ReadComplete(timedelta(seconds=1))):
        clock.slept += 10
        footer.add(event, clock.now())
        states.append(footer.format(clock.now()))
    assert states == [
        "0 running, 1 succeeded",
        "0 running, 1 succeeded | 0 a minute | 75s behind",
        "0 running, 2 succeeded | 6 a minute | 75s behind",
        "0 running, 2 succeeded | 3 a minute | AWS cannot be read at the moment",
        "0 running, 2 succeeded | 2 a minute",
    ]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 9),
            st.sampled_from(["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]),
            st.text(max_size=60) | st.just(HOSTILE),
        ),
        max_size=20,
    ),
    st.integers(30, 130),
    st.integers(6, 40),
    st.booleans(),
)
@settings(deadline=None, max_examples=100)
def test_no_line_wraps_and_no_row_is_lost(
    changes: list[tuple[int, str, str]], columns: int, rows: int, is_coloured: bool
) -> None:
    """`Screen` fails on any escape that is not the table's own."""
    terminal = Terminal(columns, rows, Style(is_coloured=is_coloured))
    for number, status, key in changes:
        is_running = status == "RUNNING"
        terminal.show(make_running(number, key) if is_running else make_ended(number, status, key))
    shown = terminal.finish()
    assert terminal.screen.wraps == 0
    assert shown.count("TIME ") == bool(changes)
    last = {number: status for number, status, _ in changes}
    statuses = [line[10:19].rstrip() for line in shown.splitlines() if re.match(r"\d\d:", line)]
    ended = [status for _, status, _ in changes if status != "RUNNING"]
    assert [each for each in statuses if each != "RUNNING"] == ended
    assert len(statuses) - len(ended) == min([*last.values()].count("RUNNING"), rows // 2, rows - 3)


def test_the_table_survives_a_terminal_that_becomes_narrower() -> None:
    """The terminal breaks the old lines; all of their parts are erased. Other columns get a header
    of their own."""
    terminal = Terminal(100, 20)
    terminal.show(make_ended(1), make_running(2), make_running(3))
    terminal.screen.resize(60, 20)
    terminal.show(make_ended(2))
    assert terminal.finish() == dedent("""\
        TIME      STATUS       TOOK      SIZE  EVENT
             KEY
        12:00:02  SUCCEEDED    2.0s    1.4 kB  PutObject by alice
             …oming/2026-01-02/orders-0001.json
        TIME      STATUS       TOOK      SIZE  KEY
        12:00:02  SUCCEEDED    2.0s    1.4 kB  …02/orders-0002.json
        12:00:00  RUNNING        0s    1.4 kB  …02/orders-0003.json
        2 executions ended: 2 succeeded; 1 still running
        """)


def test_the_table_redraws_ten_times_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is drawn again does not grow with the number of rows."""
    written: list[str] = []
    terminal = Terminal(110, 30)
    monkeypatch.setattr(terminal, "write", written.append)
    began = time.monotonic()
    with terminal.table:
        for number in range(3600):
            terminal.table.add(make_running(number))
            terminal.table.add(make_ended(number))
    assert len(written) <= 10 * (time.monotonic() - began) + 2
    lines = "".join(written).splitlines()
    assert sum("SUCCEEDED" in line for line in lines) == 3600
    assert lines[-1].endswith("3,600 executions ended: 3,600 succeeded")
    assert len(lines) <= 3600 + 18 * len(written)


def test_an_end_that_is_left_out_does_not_go_on_running() -> None:
    terminal = Terminal(80, 24)
    terminal.show(make_running(1), make_running(2), LeftOut(make_running(1).arn))
    assert terminal.finish() == dedent("""\
        TIME      STATUS       TOOK      SIZE  EVENT         KEY
        12:00:00  RUNNING        0s    1.4 kB  PutObject     …26-01-02/orders-0002.json
        0 executions ended; 1 still running
        """)


def test_an_unchanged_table_is_not_drawn_again() -> None:
    terminal = Terminal(80, 24)
    terminal.show(make_ended(1))
    writes = terminal.writes
    terminal.show()
    assert terminal.writes == writes
    terminal.show(make_running(2))
    terminal.clock.slept += 1
    assert "  1s  " in terminal.show(), "a running execution"


def test_ctrl_c_leaves_one_header_and_the_totals(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> Iterator[WatchEvent]:
        yield from map(make_ended, range(50))
        yield make_running(50)
        raise Signalled(ExitCode.INTERRUPTED)

    terminal = Terminal(80, 24)
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(Signalled):
        Human().follow(interrupt(), "summary")
    shown = terminal.screen.text.splitlines()
    assert [line[:4] for line in shown].count("TIME") == 1
    assert shown[-1] == "50 executions ended: 50 succeeded; 1 still running"
    assert len(shown) == 54, "the header, a day, the rows and the totals"


def test_remarks_do_not_break_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both on one terminal: the table makes room for a line on stderr."""
    terminal = Terminal(80, 24)
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    def fail_once() -> Iterator[WatchEvent]:
        yield make_running(1)
        terminal.table.draw()
        yield Retrying("no connection", timedelta(seconds=4))
        yield make_ended(1)

    monkeypatch.setattr(live_table, "LiveTable", lambda *_: terminal.table)
    Human().follow(fail_once(), "summary")
    assert terminal.screen.text == dedent("""\
        TIME      STATUS       TOOK      SIZE  EVENT         KEY
        AWS cannot be read at the moment; trying again in 4s: no connection
        12:00:02  SUCCEEDED    2.0s    1.4 kB  PutObject     …26-01-02/orders-0001.json
        1 execution ended: 1 succeeded
        """)


def test_an_encoding_without_ellipsis_keeps_the_width() -> None:
    table = Table(80, "ascii")
    for line in table.lines(make_failed(1, 9 * "日本語"), at(0)):
        line.encode("ascii")
        assert len(line) < 80
    assert count_columns(next(Table(80, "utf-8").lines(make_ended(1, 9 * "日本語"), at(0)))) < 80


class LostTerminal(Terminal):
    """A terminal that has gone, as when a connection breaks."""

    name = "terminal"

    def write(self, text: str) -> int:  # noqa: ARG002
        raise OSError(5, "Input/output error")

    def fileno(self) -> int:
        return os.open(os.devnull, os.O_WRONLY)


def test_a_lost_terminal_ends_the_watch() -> None:
    """The thread that draws finds out; the watch must not go on unseen."""
    terminal = LostTerminal(80, 24)

    def watch() -> None:
        with terminal.table:
            terminal.table.add(make_ended(1))
            terminal.table._thread.join()
            terminal.table.add(make_ended(2))
            pytest.fail("the watch goes on")

    with pytest.raises(SfnctlError, match="cannot write to terminal: Input/output error"):
        watch()


def test_a_terminal_without_a_size_has_that_of_the_environment() -> None:
    assert live_table.find_size(FakeTerminal()) == (80, 24)
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        assert live_table.find_size(terminal) == (80, 24), "its size is 0 x 0"
        termios.tcsetwinsize(theirs, (30, 110))
        assert live_table.find_size(terminal) == (110, 30)
    os.close(ours)
