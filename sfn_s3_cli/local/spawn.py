"""Starts and ends the operating system's process of the embedded cloud."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from sfn_s3_cli.local.settings import ANY, LENIENT, Settings, find_kept, list_variables

SERVER = "sfn_s3_cli.local.server"
INTERPRETER = "sfn_s3_cli.local.testing.interpreter"
LOG = "cloud.log"
_INHERITED = ("PATH", "HOME", "TMPDIR")
_END_SECONDS = 5


def spawn(
    listener: socket.socket,
    instance: str,
    state_dir: Path,
    settings: Settings = ANY,
    lifeline: int | None = None,
) -> int:
    """Starts the server, which inherits the listening socket; returns its pid.

    The server reads from `lifeline`, the end of a pipe, and ends when the pipe is closed.
    """
    listener.set_inheritable(True)
    command = [sys.executable, "-P", "-m", SERVER]
    create = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    return os.posix_spawn(
        sys.executable,
        [*command, str(listener.fileno()), instance, str(state_dir.absolute())],
        _environment(listener.getsockname()[1]) | _list_choices(state_dir, settings),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
            if lifeline is None
            else (os.POSIX_SPAWN_DUP2, lifeline, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(state_dir / LOG), create, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )


def start_interpreter() -> subprocess.Popen[str]:
    """Starts the interpreter of workflow tests, which reads and writes lines.

    It is in a session of its own, so that Ctrl-C reaches only the command, which ends it.
    """
    return subprocess.Popen(  # noqa: S603  (Python itself)
        [sys.executable, "-P", "-m", INTERPRETER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**_environment(0), "LOG_LEVEL": "ERROR", "SFN_WAIT_SCALE": "0", LENIENT: "1"},
        encoding="utf-8",
        start_new_session=True,
    )


def _environment(port: int) -> dict[str, str]:
    """The variables of a process: none of the user's credentials, endpoints or proxies."""
    return {
        **{name: os.environ[name] for name in _INHERITED if name in os.environ},
        "PYTHONPATH": os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "LOG_LEVEL": "WARNING",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }


def _list_choices(state_dir: Path, settings: Settings) -> dict[str, str]:
    data = find_kept(state_dir)
    lenient = {LENIENT: "1"} if settings.lenient else {}
    return {**lenient, **(list_variables(data) if data else {})}


def end(pid: int) -> None:
    """Ends the process: with SIGTERM, or with SIGKILL if that takes too long."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + _END_SECONDS
        while time.monotonic() < deadline:
            if has_ended(pid):
                return
            time.sleep(0.02)


def has_ended(pid: int) -> bool:
    with suppress(ChildProcessError):  # a cloud that another command started is not our child
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
