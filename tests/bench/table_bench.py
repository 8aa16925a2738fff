"""A watch over 3,600 executions on a terminal, against the same watch in a pipe."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import NamedTuple

from lab import Measure

ROWS, COLUMNS, LINES = 3600, 110, 30
SLOWER = 1.3
MAX_BYTES = 2_000_000
WATCH = f"""
import sys
sys.path.append({str(Path(__file__).parent.parent)!r})
from executions_to_show import make_ended, make_running
from sfn_s3_cli.views.human import Human

def change():
    for number in range({ROWS}):
        yield make_running(number)
        yield make_ended(number)

Human().follow(change(), "summary")
"""


class Watched(NamedTuple):
    seconds: float
    size: int


def measure(pairs: int) -> list[Measure]:
    """Runs pairs of whole processes, so that a busy machine slows both."""
    runs = [(run(is_terminal=True), run(is_terminal=False)) for _ in range(pairs)]
    ratio = median(shown.seconds / piped.seconds for shown, piped in runs)
    seconds = [median(each[place].seconds for each in runs) for place in (0, 1)]
    size = max(shown.size for shown, _ in runs)
    details = f"{seconds[0]:.2f} s, {seconds[1]:.2f} s in a pipe"
    return [
        Measure(f"{ROWS:,} executions on a terminal", ratio, SLOWER, details),
        Measure("MB that the terminal has to draw", size / 1e6, MAX_BYTES / 1e6),
    ]


def run(*, is_terminal: bool) -> Watched:
    ours, theirs = pty.openpty() if is_terminal else os.pipe()
    if is_terminal:
        termios.tcsetwinsize(theirs, (LINES, COLUMNS))
    environ = {**os.environ, "TERM": "xterm-256color"}
    environ.pop("NO_COLOR", None)
    began, size = time.perf_counter(), 0
    with subprocess.Popen([sys.executable, "-c", WATCH], env=environ, stdout=theirs) as process:
        os.close(theirs)
        with suppress(OSError):  # Linux: the other side of the terminal is closed
            while part := os.read(ours, 65_536):
                size += len(part)
    os.close(ours)
    if process.returncode:
        raise SystemExit(f"the watch ended with {process.returncode}")
    return Watched(time.perf_counter() - began, size)
