"""The text of a file, or why it cannot be had."""

from __future__ import annotations

from pathlib import Path

from sfn_s3_cli.documents.document import Complaint, mark_at, problem
from sfn_s3_cli.errors import ConfigError, unreadable

_LARGEST = 1 << 20  # bytes


def read(path: Path, if_missing: str = "") -> str:
    """The text of a regular UTF-8 file of at most 1 MiB; anything else is a ConfigError."""
    try:
        if path.exists() and not path.is_file():
            raise ConfigError([unreadable(str(path), "this is not a regular file", "name a file")])
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise ConfigError([unreadable(str(path), "there is no such file", if_missing)]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError([unreadable(str(path), f"cannot be read: {reason}")]) from None
    if len(content) > _LARGEST:
        raise ConfigError(
            [unreadable(str(path), "the file is larger than 1 MiB", "make it smaller")]
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = content[: error.start].decode("utf-8-sig", errors="replace")
        not_utf_8 = Complaint("this is not UTF-8", "save the file as UTF-8")
        raise ConfigError([problem(str(path), mark_at(text, len(text)), not_utf_8)]) from None
