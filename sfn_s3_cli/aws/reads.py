"""Questions to AWS: many at a time, each asked once."""

from __future__ import annotations

import json
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sfn_s3_cli.aws.client import Aws

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = 24


@contextmanager
def threads(count: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """A pool that is waited for, but not by a command that is interrupted."""
    pool = ThreadPoolExecutor(count, thread_name_prefix=name)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


class Reads:
    """Reads of one moment. Two kinds that ask the same question share one call and one answer.

    The answers are futures: ask for all that is needed first, then look at the results. Nothing
    that runs in here may wait for another read, so the pool cannot starve.
    """

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="read")
        self._asked: dict[str, Future[object]] = {}
        self._asking = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The future answer of `call`, a bound method of a client or a function that reads."""
        asker = type(getattr(call, "__self__", None)).__name__
        question = json.dumps([asker, call.__name__, args, kwargs], sort_keys=True, default=str)
        with self._asking:
            if question not in self._asked:
                self._asked[question] = self._pool.submit(call, *args, **kwargs)
            return self._asked[question]  # type: ignore[return-value]  # same question, same type
