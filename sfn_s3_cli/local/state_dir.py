"""The folder that holds the record, the lock and the log of the embedded cloud."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sfn_s3_cli.errors import UsageError

_OTHERS_CAN_WRITE = 0o022


def default_state_dir(environ: Mapping[str, str]) -> Path:
    """The folder of the user's cloud: `$XDG_STATE_HOME/sfnctl`, or `~/.local/state/sfnctl`."""
    home = environ.get("XDG_STATE_HOME") or Path(environ.get("HOME", "~"), ".local", "state")
    try:
        return Path(home, "sfnctl").expanduser()
    except RuntimeError:  # the user has no home folder
        raise UsageError(
            "cannot find the home folder", remedy="set HOME, or choose a folder with --state-dir"
        ) from None


def unusable(state_dir: Path, error: OSError) -> UsageError:
    """The error of a folder that cannot hold the state."""
    is_file = isinstance(error, FileExistsError | NotADirectoryError)
    reason = "it or one above it is a file" if is_file else error.strerror
    return UsageError(
        f"cannot use the folder {state_dir}: {reason}",
        remedy="choose another folder with --state-dir",
    )


@contextmanager
def lock(state_dir: Path) -> Iterator[None]:
    """Creates the folder if it does not exist, and keeps other commands out of it."""
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if state_dir.stat().st_mode & _OTHERS_CAN_WRITE:
            raise PermissionError(0, "other users can write to it")
        if not os.access(state_dir, os.W_OK | os.X_OK):
            raise PermissionError(0, "you cannot write to it")
        file = (state_dir / "cloud.lock").open("w")
    except OSError as error:
        raise unusable(state_dir, error) from None
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
