"""The tables in docs/watching.md are what a terminal shows."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from executions_to_show import make_ended, make_failed, make_running
from fake_clock import FakeClock
from fake_terminal import FakeTerminal
from screen import Screen

from sfn_s3_cli.executions.model import ReadComplete
from sfn_s3_cli.views import live_table
from sfn_s3_cli.views.live_table import LiveTable, Style

PAGE = Path(__file__).parents[2] / "docs/watching.md"
BLOCKS = re.findall(r"```text\n(.*?)```", PAGE.read_text(), re.DOTALL)


@pytest.mark.parametrize(("columns", "block"), [*zip([80, 120], BLOCKS, strict=True)])
def test_page_shows_200_uploads(columns: int, block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One upload each tenth of a second; each execution takes two seconds."""
    size, clock, stream = os.terminal_size((columns, 20)), FakeClock(), FakeTerminal()
    monkeypatch.setattr(live_table, "find_size", lambda _: size)
    table = LiveTable(stream, Style(), clock.now)
    table.add(ReadComplete(timedelta(0)))
    for number in range(200):
        clock.slept = number / 10
        table.add(make_running(number))
        if number >= 20:
            table.add((make_failed if number - 20 == 174 else make_ended)(number - 20))
        table.draw()
    screen = Screen(*size)
    screen.feed(stream.getvalue())
    assert screen.wraps == 0
    assert screen.visible.rstrip("\n") + "\n" == block
