from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sfn_s3_cli.documents.files import read_text
from sfn_s3_cli.errors import ConfigError, ExitCode


def link_to_nothing(path: Path) -> None:
    path.symlink_to("nothing")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def link_to_memory(path: Path) -> None:
    """Not even root can read it."""
    path.symlink_to("/proc/self/mem")


def forbidden(path: Path) -> None:
    """Only root can read it."""
    path.touch(mode=0o000)


def absent(_path: Path) -> None:
    """Makes no file."""


def write(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


UNREADABLE: list[tuple[Callable[[Path], object], str, str]] = [
    (absent, "the file does not exist", "make one"),
    (link_to_nothing, "the file does not exist", "make one"),
    (link_to_itself, "cannot be read: Too many levels of symbolic links", ""),
    (Path.mkdir, "this is not a regular file", "name a file"),
    (os.mkfifo, "this is not a regular file", "name a file"),
    (link_to_memory, "cannot be read: Input/output error", ""),
    (forbidden, "cannot be read: Permission denied", ""),
    (write(b"x" * ((1 << 20) + 1)), "the file is larger than 1 MiB", "make it smaller"),
]


@pytest.mark.parametrize(("make", "message", "remedy"), UNREADABLE)
def test_a_file_that_cannot_be_read_is_an_error(
    tmp_path: Path, make: Callable[[Path], object], message: str, remedy: str
) -> None:
    if make is forbidden and os.getuid() == 0:
        pytest.skip("root may read every file")
    make(tmp_path / "file")
    with pytest.raises(ConfigError) as caught:
        read_text(tmp_path / "file", if_missing="make one")
    (problem,) = caught.value.problems
    assert (problem.location, problem.message) == (str(tmp_path / "file"), message)
    assert problem.remedy == remedy
    assert caught.value.exit_code is ExitCode.USAGE


def test_bytes_that_are_not_utf_8_have_a_place(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"a: \xc3\xa9\nb: \xe9\n")
    with pytest.raises(ConfigError) as caught:
        read_text(path)
    (problem,) = caught.value.problems
    assert (problem.location, problem.message) == (f"{path}:2:4", "this is not UTF-8")
    assert problem.remedy == "save the file as UTF-8"


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a: é", encoding="utf-8-sig")
    assert read_text(path) == "a: é"


def test_one_mebibyte_is_not_too_large(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * (1 << 20))
    assert len(read_text(path)) == 1 << 20
