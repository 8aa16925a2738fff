"""Runs of sfnctl that do not wait for Python to load it: most tests' runs are shorter than that.

A process of each worker has loaded it all and forks for each run. What a run is given and what it
gives is as for a process of its own, so a test that asks how Python starts takes one of those.
"""

from __future__ import annotations

import atexit
import functools
import importlib
import json
import os
import pkgutil
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

import botocore.session

import sfn_s3_cli

_SERVICES = ("cloudtrail", "events", "iam", "logs", "s3", "sqs", "stepfunctions", "sts")
_OF_PYTHON = ("LANG", "LC_", "PYTHON")
_busy = threading.Lock()


def _of_python(environ: Mapping[str, str]) -> dict[str, str]:
    """What Python itself reads as it starts."""
    return {name: value for name, value in environ.items() if name.startswith(_OF_PYTHON)}


_STARTED_WITH = {**_of_python(os.environ), "LC_ALL": "C.UTF-8"}
"""The server's whole environment: none of what a test sets must decide about the next one."""


def run(arguments: tuple[str, ...], folder: Path, environ: dict[str, str], stdin: str) -> Any:
    """The exit code (or minus the signal), stdout and stderr; None when it takes a real process."""
    if _of_python(environ) != _STARTED_WITH or not _busy.acquire(blocking=False):
        return None
    with TemporaryDirectory() as place:
        try:
            files = [Path(place, name) for name in ("stdin", "stdout", "stderr")]
            files[0].write_text(stdin)
            umask = os.umask(0)
            os.umask(umask)
            about = {
                "arguments": arguments,
                "folder": str(folder),
                "environ": environ,
                "umask": umask,
            }
            code = _server().run({**about, "files": [str(file) for file in files]})
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
        child = self._line(60)
        try:
            return self._line(120)
        except TimeoutError:
            os.kill(child, 9)
            raise

    def _line(self, seconds: float) -> int:
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
    """For each request on stdin the number of the process that carries it out, and how it ended."""
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            os._exit(_run(**json.loads(line)))
        os.write(1, f"{child}\n".encode())
        os.write(1, f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n".encode())


def _run(
    arguments: list[str], folder: str, environ: dict[str, str], umask: int, files: list[str]
) -> int:
    """As Python would begin and end with these."""
    os.closerange(0, 100)
    for number, file in enumerate(files):  # what is opened gets the lowest number that is free
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


def _load() -> None:
    """All that a run may load, and what botocore reads of the services that sfnctl speaks to."""
    import botocore_sharing  # noqa: PLC0415

    for module in pkgutil.walk_packages(sfn_s3_cli.__path__, "sfn_s3_cli."):
        if not module.name.startswith(("sfn_s3_cli.__main__", "sfn_s3_cli.local.")):
            importlib.import_module(module.name)
    botocore_sharing.share()
    session = botocore.session.Session()
    for service in _SERVICES:
        session.create_client(service, "eu-west-1", aws_access_key_id="", aws_secret_access_key="")


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parent))
    _load()
    _serve()
