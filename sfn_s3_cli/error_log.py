"""An error that nobody foresaw: its traceback goes to a private file, for a report."""

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
from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.local.process import default_state_dir

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_SECRET = ("KEY", "SECRET", "TOKEN", "PASSWORD", "CREDENTIAL")
_SHORTEST = 6  # characters: less than that is no secret, and stands everywhere


def reported(
    error: Exception, arguments: Iterable[str], words: Collection[str], environ: Mapping[str, str]
) -> SfnctlError:
    """`error` as one that can be told; its traceback is in the file that the hint names.

    The file holds no values of arguments (only what is among `words`), of the environment or of
    local variables.
    """
    what = "".join(traceback.format_exception_only(error)).strip()
    command = " ".join(["sfnctl", *(_bare(each, words) for each in arguments)])
    boto3 = metadata.version("boto3")
    about = f"sfnctl {__version__}, Python {platform.python_version()}, boto3 {boto3}"
    log = f"{command}\n{about}, {platform.platform()}\n\n{_traceback(error)}"
    path = _written(_without_secrets(log, environ), environ)
    remedy = f"please report it, with {path}" if path else "please report it; no log can be written"
    return SfnctlError(
        f"this is a fault of sfnctl: {_without_secrets(what, environ)}",
        f"{remedy}; `sfnctl status` shows how the pipeline stands",
    )


def _traceback(error: Exception) -> str:
    return "".join(traceback.format_exception(error))


def _bare(argument: str, words: Collection[str]) -> str:
    """The argument without a value: an option's name, a command, or three dots.

    >>> [_bare(each, {"deploy", "--region", "-o"}) for each in ("deploy", "--region=x", "-ox", "x")]
    ['deploy', '--region=...', '-o...', '...']
    """
    if argument in words:
        return argument
    name, equals, _ = argument.partition("=")
    if equals and name in words:
        return f"{name}=..."
    return f"{argument[:2]}..." if argument[:2] in words else "..."


def _without_secrets(text: str, environ: Mapping[str, str]) -> str:
    """The text without the values of variables that are secret by their name."""
    secrets = {
        value
        for name, value in environ.items()
        if len(value) >= _SHORTEST and any(word in name.upper() for word in _SECRET)
    }
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def _written(log: str, environ: Mapping[str, str]) -> Path | None:
    """Where the log went: the user's state folder, or else the one for temporary files."""
    for folder in _folders(environ):
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="sfnctl-error-", suffix=".log", dir=folder)
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(log)
            return Path(name)
    return None


def _folders(environ: Mapping[str, str]) -> Iterator[Path]:
    with suppress(SfnctlError):
        yield default_state_dir(environ)
    with suppress(FileNotFoundError):  # no folder can be written at all
        yield Path(tempfile.gettempdir())
