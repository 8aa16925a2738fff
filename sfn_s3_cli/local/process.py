"""Finds, starts and stops the embedded cloud, which runs in a process of its own."""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import secrets
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from sfn_s3_cli.errors import SfnctlError, UsageError
from sfn_s3_cli.local.settings import ANY, Settings, complete, find_kept, forget, keep
from sfn_s3_cli.local.spawn import LOG, end, spawn
from sfn_s3_cli.local.state_dir import lock, unusable

HEALTH = "/_sfnctl/health"
RESET = "/_ministack/reset"
_START_SECONDS = 30
_ANSWER_SECONDS = 10
_RESET_SECONDS = 60


@dataclass(frozen=True)
class Cloud:
    """A running cloud. `instance` is unique; pids and ports are used again by other processes."""

    endpoint_url: str
    pid: int
    instance: str
    log: Path
    data: Path | None = None
    """The folder in which it keeps its state; None if it keeps none."""
    lenient: bool = False
    """Whether it lets roles do everything."""

    @property
    def port(self) -> int:
        return int(self.endpoint_url.rpartition(":")[2])


class Running(NamedTuple):
    """The recorded cloud is running."""

    cloud: Cloud


class Stale(NamedTuple):
    """The recorded cloud ended without `stop`; its content is lost, unless it kept it."""

    cloud: Cloud


class Stopped(NamedTuple):
    """No cloud is recorded."""

    data: Path | None = None
    """The folder with the state that the last one kept."""


class Emptied(NamedTuple):
    """The content of the cloud is deleted, and what it kept; it goes on running."""

    cloud: Cloud


class Forgotten(NamedTuple):
    """No cloud is running; what the last one kept is deleted."""

    data: Path | None
    """The folder in which that was; None if there was none."""


Status = Running | Stale | Stopped


def read_status(state_dir: Path) -> Status:
    """Reads the record, and asks the recorded cloud whether it is still running.

    Raises SfnctlError when something accepts connections at its endpoint and never answers.
    """
    cloud = read_record(state_dir)
    if cloud is None:
        return Stopped(find_kept(state_dir))
    return Running(cloud) if _is_running(cloud) else Stale(cloud)


def find(state_dir: Path) -> Cloud | None:
    """The running cloud, if there is one."""
    match read_status(state_dir):
        case Running(cloud):
            return cloud
        case _:
            return None


def ensure(state_dir: Path, wanted: Settings = ANY, lifeline: int | None = None) -> Cloud:
    """Returns the running cloud; starts one if there is none, and never two.

    UsageError if the running one has other settings. A cloud that kept its state starts with that
    state, and on the same port. One that starts with a `lifeline` ends when that pipe is closed.
    """
    with lock(state_dir):
        cloud = find(state_dir)
        if cloud is None:
            return _start(state_dir, complete(state_dir, wanted), lifeline)
        if difference := wanted.find_difference(cloud.port, cloud.data, lenient=cloud.lenient):
            lost = "" if cloud.data else ", which deletes its data"
            raise UsageError(
                f"the local cloud is already running {difference}",
                f"run `sfnctl local stop`{lost}, and start it again",
            )
        return cloud


def empty(state_dir: Path) -> Emptied | Forgotten:
    """Deletes the content of the running cloud, or what a stopped one kept."""
    with lock(state_dir):
        cloud = find(state_dir)
        if cloud is None:
            return Forgotten(forget(state_dir))
        try:
            status = _request(cloud.endpoint_url, "POST", RESET, _RESET_SECONDS).status
        except (OSError, http.client.HTTPException) as error:
            raise _not_emptied(cloud, str(error)) from None
        if status != HTTPStatus.OK:
            raise _not_emptied(cloud, f"it answers with HTTP status {status}")
        return Emptied(cloud)


def _not_emptied(cloud: Cloud, why: str) -> SfnctlError:
    return SfnctlError(
        f"the local cloud at {cloud.endpoint_url} is not emptied, or not completely: {why}",
        remedy="see `sfnctl local logs`; then run `sfnctl local stop` and `sfnctl local reset`",
    )


def stop(state_dir: Path) -> bool:
    """Ends the cloud and deletes its record. Returns whether one was running."""
    with lock(state_dir):
        try:
            cloud = find(state_dir)
        except SfnctlError:
            cloud = None  # it may be another process; our cloud ends when its record is deleted
        _record(state_dir).unlink(missing_ok=True)
        if cloud is not None:
            end(cloud.pid)
        return cloud is not None


def _record(state_dir: Path) -> Path:
    return state_dir / "cloud.json"


def read_record(state_dir: Path) -> Cloud | None:
    """The cloud that was started last; None if there is no readable record.

    UsageError if the folder itself cannot be read.
    """
    try:
        fields = json.loads(_record(state_dir).read_text())
        return Cloud(
            endpoint_url=fields["endpoint_url"],
            pid=fields["pid"],
            instance=fields["instance"],
            log=Path(fields["log"]),
            data=Path(fields["data"]) if fields.get("data") else None,
            lenient=bool(fields.get("lenient")),
        )
    except (NotADirectoryError, PermissionError) as error:
        raise unusable(state_dir, error) from None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_record(state_dir: Path, cloud: Cloud) -> None:
    """Records the cloud, in one atomic step and readable only by the user."""
    draft = _record(state_dir).with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(cloud), file, default=str)
    draft.replace(_record(state_dir))


def _is_running(cloud: Cloud) -> bool:
    try:
        return _ask_instance(cloud.endpoint_url, _ANSWER_SECONDS) == cloud.instance
    except TimeoutError:
        raise SfnctlError(
            f"the local cloud at {cloud.endpoint_url} (process {cloud.pid}) does not answer",
            remedy="run `sfnctl local stop`",
        ) from None
    except (OSError, http.client.HTTPException):
        return False


def _ask_instance(endpoint_url: str, seconds: float) -> str | None:
    """Asks the cloud at that address for its instance; None if something else answers."""
    answer = _request(endpoint_url, "GET", HEALTH, seconds)
    try:
        instance: str | None = json.loads(answer.body)["instance"]
    except (ValueError, KeyError, TypeError):
        return None
    return instance


class _Answer(NamedTuple):
    status: int
    body: bytes


def _request(endpoint_url: str, method: str, path: str, seconds: float) -> _Answer:
    connection = http.client.HTTPConnection(endpoint_url.removeprefix("http://"), timeout=seconds)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return _Answer(response.status, response.read())
    finally:
        connection.close()


def check_installed(what: str) -> None:
    """SfnctlError if the emulator, which `what` needs, is not installed."""
    if importlib.util.find_spec("ministack") is None:
        raise SfnctlError(
            f"{what} needs the package ministack", remedy="install sfnctl with its extra `local`"
        )


def _start(state_dir: Path, settings: Settings, lifeline: int | None) -> Cloud:
    check_installed("the local cloud")
    instance = secrets.token_hex(16)
    with _listen(settings.port) as listener:
        endpoint_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        keep(state_dir, listener.getsockname()[1], persist=settings.persist)
        pid = spawn(listener, instance, state_dir, settings, lifeline)
    # Only the child holds the listening socket now: this request waits in its queue until the
    # child serves, and is reset if the child ends instead.
    with suppress(OSError, http.client.HTTPException):
        answered = _ask_instance(endpoint_url, _START_SECONDS)
        cloud = read_record(state_dir)
        if answered == instance and cloud is not None:
            return cloud
    end(pid)
    _record(state_dir).unlink(missing_ok=True)
    log = state_dir / LOG
    raise SfnctlError(f"the local cloud did not start\n{_read_end(log)}", remedy=f"see {log}")


def _listen(port: int | None) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port or 0))
    except OSError as error:
        raise UsageError(
            f"cannot use port {port}: {os.strerror(error.errno or 0)}",
            "free that port, or choose another one with `sfnctl local start --port`",
        ) from None


def _read_end(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(lines[-10:])
