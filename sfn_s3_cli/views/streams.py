"""Writing to stdout and stderr, which may be closed, full, or limited to a few characters."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.errors import SfnctlError

if TYPE_CHECKING:
    from typing import TextIO

SIGPIPE_EXIT_CODE = 141
"""The exit code that a shell reports for a program that SIGPIPE ended."""


class Line(NamedTuple):
    """One line of text, without the newline, and the style a terminal may give it.

    A line with a link, such as a page of the AWS console, is only for terminals. A terminal breaks
    lines that are too wide for it, except links and what is verbatim.
    """

    text: str
    style: str = ""
    link: str = ""
    is_verbatim: bool = False


def write(stream: TextIO | None, text: str) -> None:
    """Write whole lines and flush them, so that a reader of a pipe gets each one immediately.

    Characters that the stream's encoding lacks are escaped. Exits like other programs when the
    reader has closed the pipe; raises SfnctlError when the stream cannot be written.
    """
    if stream is None:  # closed by the parent process
        return
    try:
        stream.write(encode(text, stream.encoding))
        stream.flush()
    except BrokenPipeError:
        discard(stream)
        raise SystemExit(SIGPIPE_EXIT_CODE) from None
    except OSError as error:
        discard(stream)
        raise SfnctlError(f"cannot write to {stream.name}: {error.strerror}") from None


def encode(text: str, encoding: str | None) -> str:
    """Return the text with escapes for the characters that the encoding lacks."""
    return text.encode(encoding or "utf-8", "backslashreplace").decode(encoding or "utf-8")


def discard(stream: TextIO) -> None:
    """Send the rest of the buffer nowhere, so that it cannot fail again when Python exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
