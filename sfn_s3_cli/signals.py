"""Ctrl-C and SIGTERM: the first lets a command stop cleanly, the second stops it immediately.

Also the time limit of a command, which is a signal too.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from sfn_s3_cli.errors import ExitCode, Signalled

SIGNALS = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}

_INTERRUPTED_TWICE = b"Error: interrupted twice: stopped immediately\n"

_SAME_SIGNAL = 0.3  # seconds: a wrapper may pass on a signal that the terminal sent already
_SENT_AGAIN = 0.01  # seconds
_SHORTEST = 0.001  # seconds: zero would switch the timer off
_arrivals: list[float] = []
"""When each signal arrived."""


class TimeUp(BaseException):
    """A time limit is over. Unlike TimeoutError, no library catches it."""


def install() -> None:
    """Make the first signal raise Signalled in the main thread.

    If it arrives while Python runs code whose exceptions it only reports, such as the callback of a
    weak reference, Signalled is raised a moment later. So is TimeUp.
    """
    for number in SIGNALS:
        signal.signal(number, _raise)
    sys.unraisablehook = _raise_later


@contextmanager
def defer(callback: Callable[[Signalled], object]) -> Iterator[None]:
    """Pass the first signal to `callback` instead of raising it, until the block ends.

    The callback may run between any two steps of the main thread, so it must not wait for a lock
    that the main thread may hold; SimpleQueue.put never does.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, _frame: FrameType | None) -> None:
        callback(_receive(number))

    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise TimeUp in the block if it takes longer, whatever the main thread waits for.

    Does nothing in other threads, and without a limit. Blocks must not be nested.
    """
    if seconds is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    has_ended = False

    def end(_number: int, _frame: FrameType | None) -> None:
        if not has_ended:
            raise TimeUp

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, _SHORTEST))
    try:
        yield
    finally:
        has_ended = True
        if signal.getsignal(signal.SIGALRM) is end:  # otherwise a lost signal will be sent again
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def _raise(number: int, _frame: FrameType | None) -> NoReturn:
    raise _receive(number)


def _raise_later(lost: sys.UnraisableHookArgs) -> None:
    signalled = lost.exc_value
    if isinstance(signalled, TimeUp):
        signal.setitimer(signal.ITIMER_REAL, _SENT_AGAIN)
        return
    if not isinstance(signalled, Signalled):
        sys.__unraisablehook__(lost)
        return

    def send_again(_number: int, _frame: FrameType | None) -> None:
        _arrivals.clear()
        signal.raise_signal(_number_of(signalled))

    signal.signal(signal.SIGALRM, send_again)
    signal.setitimer(signal.ITIMER_REAL, _SENT_AGAIN)


def _number_of(signalled: Signalled) -> signal.Signals:
    return next(number for number, code in SIGNALS.items() if code == signalled.exit_code)


def _receive(number: int) -> Signalled:
    code = SIGNALS[signal.Signals(number)]
    _arrivals.append(time.monotonic())
    if _arrivals[-1] - _arrivals[0] > _SAME_SIGNAL:  # do not wait for threads this time
        os.write(2, _INTERRUPTED_TWICE)
        os._exit(code)
    return Signalled(code)
