"""Runs a command on a pseudo-terminal of its own, whose screen a test can see and resize."""

from __future__ import annotations

import codecs
import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from screen import Screen

_START = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes stdin the controlling terminal, so that its keys become signals."""
CTRL_C = b"\x03"


class PseudoTerminal:
    """The command gets the terminal as its stdin, stdout and stderr."""

    def __init__(
        self,
        arguments: Sequence[str | Path],
        folder: Path,
        environ: Mapping[str, str],
        screen: Screen,
    ) -> None:
        self.screen = screen
        self._ours, self._theirs = pty.openpty()
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._set_size()
        self.modes = termios.tcgetattr(self._theirs)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START, *arguments],
            cwd=folder,
            env=environ,
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self._theirs)

    def press(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def resize(self, columns: int, rows: int) -> None:
        """As when somebody drags the window: the process gets SIGWINCH."""
        self.screen.resize(columns, rows)
        self._set_size()

    def wait_until(self, is_shown: Callable[[str], object], seconds: float = 60) -> str:
        """Reads until the screen with its history shows it."""
        deadline = time.monotonic() + seconds
        while not is_shown(self.screen.text):
            assert time.monotonic() < deadline, self.screen.text
            self._read(1)
        return self.screen.text

    def wait_for_end(self) -> int:
        """Reads the rest and returns the exit code."""
        while self.process.poll() is None:
            self._read(0.1)
        while self._read(0):
            pass
        return self.process.returncode

    def read_modes(self) -> list[object]:
        return termios.tcgetattr(self._theirs)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._ours], [], [], seconds)[0]:
            return False
        with suppress(OSError):
            self.screen.feed(self._decode(os.read(self._ours, 65_536)))
        return True

    def _set_size(self) -> None:
        termios.tcsetwinsize(self._theirs, (self.screen.rows, self.screen.columns))
