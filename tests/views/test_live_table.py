"""The table of a watch on a terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from textwrap import dedent

import pytest
from fake_terminal import FakeTerminal
from rich.console import Console
from rich.text import Text

from sfn_s3_cli.events.s3_object import S3Object
from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.views.human import Human, make_table

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def make_execution(key: str, status: str, seconds: float | None = None) -> Execution:
    return Execution(
        arn=f"arn:{key}",
        name=key,
        status=status,
        started=NOON,
        stopped=None if seconds is None else NOON + timedelta(seconds=seconds),
        object=S3Object("acme", key, "PutObject", "2026-01-01T12:00:00Z", "s3", 1400),
    )


def test_table_fits_the_width_of_the_terminal() -> None:
    console = Console(width=72, color_system=None, force_terminal=True)
    with console.capture() as shown:
        console.print(
            make_table(
                [
                    make_execution("in/a.json", "SUCCEEDED", 0.25),
                    make_execution("in/\x1b[31m" + 8 * "long", "SUCCEEDED", 61),
                    make_execution("in/b.json", "RUNNING"),
                ],
                "summary",
            )
        )
    assert "\n".join(line.rstrip() for line in shown.get().splitlines()) + "\n" == dedent("""\
        TIME                 STATUS     KEY               SIZE  EVENT       TOOK
        2026-01-01 12:00:00  SUCCEEDED  in/a.json       1.4 kB  PutObject   0.2s
        2026-01-01 12:01:01  SUCCEEDED  in/\\x1b[31mlon  1.4 kB  PutObject  61.0s
                                        glonglonglongl
                                        onglonglonglon
                                        g
        2026-01-01 12:00:00  RUNNING    in/b.json       1.4 kB  PutObject
        """)


def test_the_table_leaves_room_for_the_echo_of_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """If ^C wrapped to the next line, the table would be drawn twice."""
    terminal = FakeTerminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("TERM", "xterm")
    Human().follow([make_execution("in/a.json", "RUNNING")], "summary")
    drawn = Text.from_ansi(terminal.getvalue()).plain.split("TIME")[-1]
    assert drawn.count("RUNNING") == 1
    assert max(len(line) for line in f"TIME{drawn}".splitlines()) == 80 - 3
