"""The embedded cloud's process, seen from outside: find it, start it, end it."""

from __future__ import annotations

import fcntl
import http.client
import importlib.util
import json
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from sfn_s3_cli.errors import SfnctlError

_SERVER = "sfn_s3_cli.local.server"
HEALTH = "/_sfnctl/health"
LOG = "cloud.log"
_INHERITED = ("PATH", "HOME", "TMPDIR")
_START_SECONDS = 30
_ANSWER_SECONDS = 10
_END_SECONDS = 5
_OTHERS_MAY_WRITE = 0o022


@dataclass(frozen=True)
class Cloud:
    """A running cloud. `instance` is its nonce: pids and ports are used again, nonces are not."""

    endpoint_url: str
    pid: int
    instance: str
    log: Path


class Running(NamedTuple):
    """The recorded cloud answers with its own nonce."""

    cloud: Cloud


class Stale(NamedTuple):
    """The recorded cloud ended without `stop`; what it held is lost."""

    cloud: Cloud


class Stopped(NamedTuple):
    """No cloud is recorded."""


Status = Running | Stale | Stopped


def default_state_dir(environ: Mapping[str, str]) -> Path:
    """The folder of the user's cloud: `$XDG_STATE_HOME/sfnctl`, or `~/.local/state/sfnctl`."""
    home = environ.get("XDG_STATE_HOME") or Path(environ.get("HOME", "~"), ".local", "state")
    try:
        return Path(home, "sfnctl").expanduser()
    except RuntimeError:  # this user has none
        raise SfnctlError(
            "there is no home folder", remedy="set HOME, or choose a folder with --state-dir"
        ) from None


def status(state_dir: Path) -> Status:
    """What became of the cloud that was started last.

    Raises SfnctlError when something accepts connections at its endpoint and never answers.
    """
    cloud = read_record(state_dir)
    if cloud is None:
        return Stopped()
    return Running(cloud) if _answers(cloud) else Stale(cloud)


def find(state_dir: Path) -> Cloud | None:
    """The running cloud, if there is one."""
    match status(state_dir):
        case Running(cloud):
            return cloud
        case _:
            return None


def ensure(state_dir: Path) -> Cloud:
    """The running cloud, started if need be; starts at the same time agree on one cloud."""
    with _lock(state_dir):
        return find(state_dir) or _start(state_dir)


def stop(state_dir: Path) -> bool:
    """End the cloud and forget it. True if there was one to end."""
    with _lock(state_dir):
        try:
            cloud = find(state_dir)
        except SfnctlError:
            cloud = None  # without its nonce nobody is signalled; ours ends without its record
        _record(state_dir).unlink(missing_ok=True)
        if cloud is not None:
            _end(cloud.pid)
        return cloud is not None


def _record(state_dir: Path) -> Path:
    return state_dir / "cloud.json"


def read_record(state_dir: Path) -> Cloud | None:
    """The cloud that was started last; None if there is no record, or one nobody can read."""
    try:
        fields = json.loads(_record(state_dir).read_text())
        return Cloud(
            endpoint_url=fields["endpoint_url"],
            pid=fields["pid"],
            instance=fields["instance"],
            log=Path(fields["log"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_record(state_dir: Path, cloud: Cloud) -> None:
    """Make `cloud` the one that is found; at once, for the user's eyes only."""
    draft = _record(state_dir).with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(cloud), file, default=str)
    draft.replace(_record(state_dir))


@contextmanager
def _lock(state_dir: Path) -> Iterator[None]:
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if state_dir.stat().st_mode & _OTHERS_MAY_WRITE:
            raise PermissionError(0, "others may write there")
        file = (state_dir / "cloud.lock").open("w")
    except OSError as error:
        raise SfnctlError(
            f"the folder {state_dir} cannot be used: {error.strerror}",
            remedy="choose another with --state-dir",
        ) from None
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _answers(cloud: Cloud) -> bool:
    try:
        return _instance(cloud.endpoint_url, _ANSWER_SECONDS) == cloud.instance
    except TimeoutError:
        raise SfnctlError(
            f"the local cloud at {cloud.endpoint_url} (process {cloud.pid}) does not answer",
            remedy="sfnctl local stop",
        ) from None
    except (OSError, http.client.HTTPException):
        return False


def _instance(endpoint_url: str, seconds: float) -> str | None:
    """The nonce of the cloud that answers there; None if something else does."""
    connection = http.client.HTTPConnection(endpoint_url.removeprefix("http://"), timeout=seconds)
    try:
        connection.request("GET", HEALTH)
        answer = connection.getresponse().read()
    finally:
        connection.close()
    try:
        instance: str | None = json.loads(answer)["instance"]
    except (ValueError, KeyError, TypeError):
        return None
    return instance


def _start(state_dir: Path) -> Cloud:
    if importlib.util.find_spec("ministack") is None:
        raise SfnctlError(
            "the local cloud needs the package ministack", remedy="pip install 'sfnctl[local]'"
        )
    instance = secrets.token_hex(16)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        endpoint_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        pid = _spawn(listener, instance, state_dir)
    # The child holds the only listening socket now: this request waits in its queue until the
    # child serves, and is reset if the child ends instead.
    with suppress(OSError, http.client.HTTPException):
        serving = _instance(endpoint_url, _START_SECONDS)
        cloud = read_record(state_dir)
        if serving == instance and cloud is not None:
            return cloud
    _end(pid)
    _record(state_dir).unlink(missing_ok=True)
    log = state_dir / LOG
    raise SfnctlError(f"the local cloud did not start\n{_tail(log)}", remedy=str(log))


def _spawn(listener: socket.socket, instance: str, state_dir: Path) -> int:
    listener.set_inheritable(True)
    command = [sys.executable, "-P", "-m", _SERVER]
    create = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    return os.posix_spawn(
        sys.executable,
        [*command, str(listener.fileno()), instance, str(state_dir.absolute())],
        _environment(listener.getsockname()[1]),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(state_dir / LOG), create, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )


def _environment(port: int) -> dict[str, str]:
    """All that the child may know of this environment: no credentials, endpoints or proxies."""
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


def _end(pid: int) -> None:
    for request in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, request)
        deadline = time.monotonic() + _END_SECONDS
        while time.monotonic() < deadline:
            if _gone(pid):
                return
            time.sleep(0.02)


def _gone(pid: int) -> bool:
    with suppress(ChildProcessError):  # a cloud that an earlier command started is not our child
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(lines[-10:])
