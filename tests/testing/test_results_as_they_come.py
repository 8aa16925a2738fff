"""When `sfnctl test` shows its results, and how it ends."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from typing import Any

import pytest
from sfnctl_script import SFNCTL, Sfnctl
from testing.workflow_cases import define, task, write

COPY = define(Copy=task(Parameters={"Bucket": "b", "Key": "k", "CopySource": "a/k"}))
QUICK: dict[str, Any] = {"input": {}, "mocks": {"Copy": {"return": {}}}}


def read_until(terminal: int, pattern: str) -> str:
    shown = ""
    while not re.search(pattern, shown):
        shown += os.read(terminal, 4096).decode()
    return shown


@pytest.mark.parametrize(("count", "pattern"), [(2, r"case 1  .*PASSED"), (60, r"\.{59}")])
def test_a_terminal_shows_each_result_at_once(sfnctl: Sfnctl, count: int, pattern: str) -> None:
    fifo = sfnctl.folder / "go"
    os.mkfifo(fifo)
    sfnctl.write("m.py", f"def f(a): return open({str(fifo)!r}).read()\n")
    waits: dict[str, Any] = {**QUICK, "mocks": {"Copy": {"python": "m.py:f"}}}
    write(sfnctl, COPY, waits, *[QUICK] * (count - 1))
    ours, theirs = pty.openpty()
    environ = {**sfnctl.environment, "NO_COLOR": "1", "COLUMNS": "200"}
    with subprocess.Popen(
        [SFNCTL, "test"], cwd=sfnctl.folder, env=environ, stdout=theirs, stderr=theirs
    ) as process:
        shown = read_until(ours, pattern)
        assert "passed in" not in shown
        fifo.write_text("done")
        shown += read_until(ours, r"passed in")
        assert process.wait() == 0
    os.close(theirs)
    os.close(ours)
    assert shown.count("case 0") == shown.count("case 1") == (1 if count == 2 else 0)
    assert f"{count} passed in" in shown


def test_a_closed_pipe_ends_the_run_quietly(sfnctl: Sfnctl) -> None:
    write(sfnctl, COPY, QUICK)
    with sfnctl.running("test") as process:
        assert process.stdout
        process.stdout.close()
        assert process.wait(timeout=60) == 141
        assert process.stderr
        assert process.stderr.read() == ""
