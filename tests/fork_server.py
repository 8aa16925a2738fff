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
from typing import Any, NamedTuple

from preload import preload

_OF_PYTHON = ("LANG", "LC_", "PYTHON")
_busy = threading.Lock()


def _is_read_by_python(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that Python itself reads when it starts."""
    return {name: value for name, value in environ.items() if name.startswith(_OF_PYTHON)}


_STARTED_WITH = {**_is_read_by_python(os.environ), "LC_ALL": "C.UTF-8"}
"""The server's whole environment: what one test sets must not affect the next one."""


class Run(NamedTuple):
    """What a run of sfnctl gets."""

    arguments: tuple[str, ...]
    folder: Path
    environ: dict[str, str]
    stdin: str = ""


class Outcome(NamedTuple):
    """What a run leaves: its exit code, or minus the signal that ended it, and its outputs."""

    code: int
    out: str
    err: str


def run(*runs: Run) -> list[Outcome] | None:
    """Runs these at the same time; gives None if it takes real processes."""
    alike = all(_is_read_by_python(each.environ) == _STARTED_WITH for each in runs)
    if not alike or not _busy.acquire(blocking=False):
        return None
    with TemporaryDirectory() as outputs:
        folders = [Path(outputs, str(number)) for number in range(len(runs))]
        try:
            requests = [_request(*each) for each in zip(runs, folders, strict=True)]
            codes = _server().run(requests)
        finally:
            _busy.release()
        return [
            Outcome(code, Path(folder, "stdout").read_text(), Path(folder, "stderr").read_text())
            for code, folder in zip(codes, folders, strict=True)
        ]


def _request(run: Run, outputs: Path) -> dict[str, Any]:
    outputs.mkdir()
    Path(outputs, "stdin").write_text(run.stdin)
    umask = os.umask(0)
    os.umask(umask)
    return {
        "arguments": run.arguments,
        "folder": str(run.folder),
        "environ": run.environ,
        "umask": umask,
        "files": [str(outputs / name) for name in ("stdin", "stdout", "stderr")],
    }


class _Server:
    """This module as a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, __file__]
        self._process = subprocess.Popen(
            command, env=_STARTED_WITH, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        atexit.register(self._process.communicate)

    def run(self, requests: list[dict[str, Any]]) -> list[int]:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(requests).encode() + b"\n")
        children = self._read_numbers(60)
        try:
            return self._read_numbers(120)
        except TimeoutError:
            for child in children:
                os.kill(child, 9)
            raise

    def _read_numbers(self, seconds: float) -> list[int]:
        assert self._process.stdout
        with selectors.DefaultSelector() as ready:
            ready.register(self._process.stdout, selectors.EVENT_READ)
            if not ready.select(seconds):
                raise TimeoutError(seconds)
        return list(map(int, self._process.stdout.readline().split()))


@functools.cache
def _server() -> _Server:
    return _Server()


def _serve() -> None:
    """Forks for each run of a request on stdin; prints the process ids, then the exit codes."""
    while line := sys.stdin.readline():
        children = []
        for request in json.loads(line):
            children.append(os.fork())
            if not children[-1]:
                os._exit(_run(**request))
        _print(children)
        _print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])


def _print(numbers: list[int]) -> None:
    os.write(1, (" ".join(map(str, numbers)) + "\n").encode())


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
