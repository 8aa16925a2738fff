"""How a cloud is started, and the folder in which it keeps its state."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

LENIENT = "SFNCTL_LENIENT"
"""The variable of a server that does not check roles."""
_DATA = "data"
_PORT = "port"


class Settings(NamedTuple):
    """What `local start` asks for; what is not asked for may be anything."""

    port: int | None = None
    persist: bool = False
    lenient: bool = False

    def find_difference(self, port: int, data: Path | None, *, lenient: bool) -> str | None:
        """How a running cloud differs from what is asked for."""
        if self.port not in (None, port):
            return f"on port {port}, not on port {self.port}"
        if self.persist and data is None:
            return "without --persist"
        if self.lenient and not lenient:
            return "without --lenient"
        return None


ANY = Settings()


def complete(state_dir: Path, wanted: Settings) -> Settings:
    """A cloud that kept its state goes on, on the same port: the URLs of its queues have it."""
    kept = find_kept(state_dir)
    if kept is None:
        return wanted
    port = wanted.port
    with suppress(OSError, ValueError):
        port = port or int((kept / _PORT).read_text())
    return wanted._replace(port=port, persist=True)


def find_kept(state_dir: Path) -> Path | None:
    """The folder with the state that a cloud keeps, if there is one."""
    data = state_dir.absolute() / _DATA
    return data if data.is_dir() else None


def keep(state_dir: Path, port: int, *, persist: bool) -> None:
    """Makes the folder for the state of a cloud that is about to start."""
    if persist:
        data = state_dir.absolute() / _DATA
        data.mkdir(mode=0o700, exist_ok=True)
        (data / _PORT).write_text(f"{port}\n")


def forget(state_dir: Path) -> Path | None:
    """Deletes what a cloud kept. Returns the folder with it, if there was one."""
    if data := find_kept(state_dir):
        shutil.rmtree(data)
    return data


def list_variables(data: Path) -> dict[str, str]:
    """The emulator's variables for a cloud that keeps its state."""
    return {
        "PERSIST_STATE": "1",
        "STATE_DIR": str(data / "services"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(data / "objects"),
    }
