"""Writing to stdout and stderr, which may be closed, full, or know few characters."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.errors import SfnctlError

if TYPE_CHECKING:
    from typing import TextIO

READER_GONE = 141
"""What a shell says of a program that SIGPIPE ended."""


class Line(NamedTuple):
    """One line, without its end."""

    text: str
    style: str = ""


def write(stream: TextIO | None, text: str) -> None:
    """Writes whole lines at once, so that a reader of a pipe has each when it is told.

    Characters that the stream's encoding lacks are spelt out. When the reader has left, the command
    ends as other programs do; when nothing can be written, with an error.
    """
    if stream is None:  # closed by whoever started us
        return
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        give_up(stream)
        raise SystemExit(READER_GONE) from None
    except OSError as error:
        give_up(stream)
        raise SfnctlError(f"cannot write to {stream.name}: {error.strerror}") from None


def give_up(stream: TextIO) -> None:
    """What is left in the buffer must not fail again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
