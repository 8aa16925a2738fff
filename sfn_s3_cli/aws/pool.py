"""Thread pools that an interrupted command does not wait for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


@contextmanager
def open_pool(count: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """A thread pool whose end waits for the threads, but not when the command is interrupted."""
    pool = ThreadPoolExecutor(count, thread_name_prefix=name)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def call_in_thread(call: Callable[[], T]) -> T:
    """Returns the result of a call that waits for the network.

    Python handles no signal while the main thread looks up a host name, so another thread does it.
    """
    with open_pool(1, "call") as pool:
        return pool.submit(call).result()
