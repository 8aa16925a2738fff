"""The console script: ends with one line on Ctrl-C, also while the rest is still loading."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from types import FrameType

_INTERRUPTED = 130
_MESSAGE = b"Error: interrupted; nothing was changed\n"


def main() -> NoReturn:
    """Load the command line and run it, which then handles signals itself."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # it may be ignored
        signal.signal(signal.SIGINT, _leave)
    from sfn_s3_cli import cli  # noqa: PLC0415  (what takes long)

    cli.main()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    """Exit here: an exception could get lost in a callback while modules load."""
    os.write(2, _MESSAGE)
    os._exit(_INTERRUPTED)
