"""Files with a report, which an option names."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import SfnctlError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


def check_path(path: Path, option: str) -> None:
    """Raise UsageError if no report can be written to this path."""
    if str(path) == "-":
        raise UsageError(f"{option} does not accept `-`", "name a file")
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113  (never raise)
        raise UsageError(f"{path} is not a regular file", f"name another file for {option}")
    if not os.path.isdir(path.parent):  # noqa: PTH112
        raise UsageError(
            f"the folder {path.parent} does not exist", "create it, or name another file"
        )


def write(text: str, path: Path) -> None:
    """Replace the file atomically, so that nobody reads half a report."""
    target = path.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise SfnctlError(f"cannot write {path}: {error.strerror}") from None
