"""Reads text files."""

from __future__ import annotations

from pathlib import Path

from sfn_s3_cli.documents.findings import invalid_config
from sfn_s3_cli.documents.places import mark_at
from sfn_s3_cli.errors import ConfigError, unreadable

_LARGEST = 1 << 20  # bytes


def read_text(path: Path, if_missing: str = "") -> str:
    """The text of a regular UTF-8 file of at most 1 MiB; anything else is a ConfigError."""
    try:
        if path.exists() and not path.is_file():
            raise _error(path, "this is not a regular file", "name a file")
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise _error(path, "the file does not exist", if_missing) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _error(path, f"cannot be read: {reason}") from None
    if len(content) > _LARGEST:
        raise _error(path, "the file is larger than 1 MiB", "make it smaller")
    return _decode(content, path)


def _error(path: Path, message: str, remedy: str = "") -> ConfigError:
    return ConfigError([unreadable(str(path), message, remedy)])


def _decode(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", errors="replace")
        mark = mark_at(before, len(before))
        problem = invalid_config("this is not UTF-8", "save the file as UTF-8").locate(
            str(path), mark
        )
        raise ConfigError([problem]) from None
