"""Runs sfnctl without waiting for Python to load it, which takes longer than most runs.

Each worker of pytest has one server process, which has everything loaded and forks for each run.
A run gets the same arguments, folder, environment and files as a process of its own would. Tests
of how Python starts use a real process (`Sfnctl.running`).
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import runpy
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from preload import preload

_OF_PYTHON = ("LANG", "LC_", "PYTHON")
_busy = threading.Lock()


def _of_python(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that Python itself reads when it starts."""
    return {name: value for name, value in environ.items() if name.startswith(_OF_PYTHON)}


_STARTED_WITH = {**_of_python(os.environ), "LC_ALL": "C.UTF-8"}
"""The server's whole environment: what one test sets must not affect the next one."""


def run(arguments: tuple[str, ...], folder: Path, environ: dict[str, str], stdin: str) -> Any:
    """Gives exit code (or minus the signal), stdout and stderr; None if it takes a real process."""
    if _of_python(environ) != _STARTED_WITH or not _busy.acquire(blocking=False):
        return None
    with TemporaryDirectory() as outputs:
        try:
            files = [Path(outputs, name) for name in ("stdin", "stdout", "stderr")]
            files[0].write_text(stdin)
            umask = os.umask(0)
            os.umask(umask)
            request = {
                "arguments": arguments,
                "folder": str(folder),
                "environ": environ,
                "umask": umask,
                "files": [str(file) for file in files],
            }
            code = _server().run(request)
        finally:
            _busy.release()
        return code, files[1].read_text(), files[2].read_text()


class _Server:
    """This module as a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, __file__]
        self._process = subprocess.Popen(
            command, env=_STARTED_WITH, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        atexit.register(self._process.communicate)

    def run(self, request: dict[str, Any]) -> int:
        print(json.dumps(request), file=self._process.stdin, flush=True)
        child = self._read_number(60)
        try:
            return self._read_number(120)
        except TimeoutError:
            os.kill(child, 9)
            raise

    def _read_number(self, seconds: float) -> int:
        assert self._process.stdout
        with selectors.DefaultSelector() as ready:
            ready.register(self._process.stdout, selectors.EVENT_READ)
            if not ready.select(seconds):
                raise TimeoutError(seconds)
        return int(self._process.stdout.readline())


@functools.cache
def _server() -> _Server:
    return _Server()


def _serve() -> None:
    """Forks for each request on stdin; prints the process id, then how the process ended."""
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            os._exit(_run(**json.loads(line)))
        os.write(1, f"{child}\n".encode())
        os.write(1, f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n".encode())


def _run(
    arguments: list[str], folder: str, environ: dict[str, str], umask: int, files: list[str]
) -> int:
    """Runs sfnctl as a new Python process would, from the first line to the exit handlers."""
    os.closerange(0, 100)
    for number, file in enumerate(files):  # a new file gets the lowest free number
        os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        os.set_inheritable(number, True)
    os.chdir(folder)
    os.umask(umask)
    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    sys.stdin, sys.argv = open(0, closefd=False), ["sfnctl", *arguments]  # noqa: SIM115
    runpy.run_path(str(Path(__file__).with_name("child") / "sitecustomize.py"))
    from sfn_s3_cli.cli import main  # noqa: PLC0415

    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    preload()
    _serve()
