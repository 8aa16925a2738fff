"""The log of an unexpected error: its traceback, in a private file to report a bug with."""

from __future__ import annotations

import os
import platform
import tempfile
import traceback
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from sfn_s3_cli import __version__
from sfn_s3_cli.commit import find_commit
from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.local.state_dir import default_state_dir

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_SECRET_NAMES = ("KEY", "SECRET", "TOKEN", "PASSWORD", "CREDENTIAL")
_MIN_SECRET_LENGTH = 6  # shorter values are no secrets, and occur by chance


def log_unexpected(
    error: Exception, arguments: Iterable[str], words: Collection[str], environ: Mapping[str, str]
) -> SfnctlError:
    """Write a log of `error` and return an error whose remedy names the log.

    The log has no values of arguments (only those in `words`), of environment variables or of
    local variables.
    """
    summary = "".join(traceback.format_exception_only(error)).strip()
    command = " ".join(["sfnctl", *(_mask_value(each, words) for each in arguments)])
    boto3 = metadata.version("boto3")
    commit = find_commit() or "unknown"
    versions = (
        f"sfnctl {__version__}, commit {commit}, Python {platform.python_version()}, boto3 {boto3}"
    )
    details = "".join(traceback.format_exception(error))
    log = f"{command}\n{versions}, {platform.platform()}\n\n{details}"
    path = _write(_mask_secrets(log, environ), environ)
    report = f"please report it with {path}" if path else "please report it; no log can be written"
    return SfnctlError(
        f"unexpected error; this is a bug in sfnctl: {_mask_secrets(summary, environ)}",
        f"{report}; `sfnctl status` shows the state of the pipeline",
    )


def _mask_value(argument: str, words: Collection[str]) -> str:
    """Replace the value of an argument by three dots.

    >>> words = {"deploy", "--region", "-o"}
    >>> [_mask_value(each, words) for each in ("deploy", "--region=x", "-ox", "x")]
    ['deploy', '--region=...', '-o...', '...']
    """
    if argument in words:
        return argument
    name, equals, _ = argument.partition("=")
    if equals and name in words:
        return f"{name}=..."
    return f"{argument[:2]}..." if argument[:2] in words else "..."


def _mask_secrets(text: str, environ: Mapping[str, str]) -> str:
    """Replace the values of environment variables whose names suggest a secret."""
    secrets = {
        value
        for name, value in environ.items()
        if len(value) >= _MIN_SECRET_LENGTH and any(word in name.upper() for word in _SECRET_NAMES)
    }
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def _write(log: str, environ: Mapping[str, str]) -> Path | None:
    """Write the log to the user's state folder, or else to the folder for temporary files."""
    for folder in _list_folders(environ):
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="sfnctl-error-", suffix=".log", dir=folder)
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(log)
            return Path(name)
    return None


def _list_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    with suppress(SfnctlError):
        yield default_state_dir(environ)
    with suppress(FileNotFoundError):  # there is no writable folder
        yield Path(tempfile.gettempdir())
