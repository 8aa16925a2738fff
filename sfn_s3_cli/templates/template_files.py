"""Reads the files of a template: regular files of a limited size, and no links."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import ConfigError, Problem, unreadable
from sfn_s3_cli.templates.catalogue import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FILES = 1000
MOST_BYTES = 10 << 20

_REGULAR_ONLY = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
"""Opens neither a link nor, and waits for it, a named pipe."""


def read_files(folder: Path) -> dict[PurePosixPath, bytes]:
    """The content of each file, by its path in the folder; without `template.yaml` and `.git`.

    ConfigError with everything that does not belong into a template: links, special files, a `.git`
    further down, whose hooks git would run, and more than 1,000 files or 10 MiB.
    """
    problems: list[Problem] = []
    files: dict[PurePosixPath, bytes] = {}
    size = 0
    for entry, path in _walk(folder, PurePosixPath()):
        try:
            files[path] = _read(entry, path, MOST_BYTES - size)
        except _RefusedError as error:
            problems.append(unreadable(entry, error.reason, error.remedy))
            continue
        size += len(files[path])
        if size > MOST_BYTES or len(files) > MOST_FILES:
            message = f"the template has more than {MOST_FILES:,} files or {MOST_BYTES >> 20} MiB"
            raise ConfigError([unreadable(str(folder), message, "remove files from it")])
    if problems:
        raise ConfigError(problems)
    return files


class _RefusedError(Exception):
    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


def _walk(folder: Path, above: PurePosixPath) -> Iterator[tuple[str, PurePosixPath]]:
    """Every entry that is not a folder, sorted by name."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise ConfigError([unreadable(str(folder), f"cannot be read: {error.strerror}")]) from None
    for entry in entries:
        path = above / entry.name
        if path in _LEFT_OUT or entry.name == "__pycache__":
            continue
        if entry.is_dir(follow_symlinks=False) and entry.name.lower() != ".git":
            yield from _walk(Path(entry.path), path)
        else:
            yield entry.path, path


_LEFT_OUT = {PurePosixPath(QUESTIONS), PurePosixPath(".git")}


def _read(entry: str, path: PurePosixPath, most: int) -> bytes:
    if not str(path).isprintable():
        raise _RefusedError("its name has characters that cannot be printed", "rename it")
    if path.name.lower() == ".git":
        raise _RefusedError("a template may hold no git repository", "remove it")
    try:
        with open(entry, "rb", opener=lambda name, _: os.open(name, _REGULAR_ONLY)) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise _RefusedError("this is not a regular file", "remove it")
            return file.read(most + 1)
    except OSError as error:
        if Path(entry).is_symlink():
            raise _RefusedError("this is a link", "replace it by what it leads to") from None
        raise _RefusedError(f"cannot be read: {error.strerror}", "") from None
