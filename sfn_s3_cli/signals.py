"""Ctrl-C and SIGTERM: the first stops a command at a point of its own, the second at once."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from sfn_s3_cli.errors import ExitCode, Signalled

SIGNALS = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}

_AT_ONCE = b"Error: interrupted twice: ended at once\n"

_TWICE = 0.3  # seconds: a wrapper may pass on what the terminal has sent already
_came: list[float] = []
"""When signals came."""


def install() -> None:
    """From now on the first signal raises Signalled in the main thread."""
    for number in SIGNALS:
        signal.signal(number, _raise)


@contextmanager
def deferred(tell: Callable[[Signalled], object]) -> Iterator[None]:
    """While it is open, the first signal is told instead of raised.

    `tell` is called between any two steps of the main thread, so it must not wait for a lock that
    the main thread may hold; the put of a SimpleQueue never does.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, _frame: FrameType | None) -> None:
        tell(_signalled(number))

    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise(number: int, _frame: FrameType | None) -> NoReturn:
    raise _signalled(number)


def _signalled(number: int) -> Signalled:
    code = SIGNALS[signal.Signals(number)]
    _came.append(time.monotonic())
    if _came[-1] - _came[0] > _TWICE:  # whoever asks twice does not want to wait for threads
        os.write(2, _AT_ONCE)
        os._exit(code)
    return Signalled(code)
