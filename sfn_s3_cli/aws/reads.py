"""Reads from AWS in parallel, each question only once."""

from __future__ import annotations

import json
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_s3_cli.aws.client import Aws

P = ParamSpec("P")
T = TypeVar("T")

MAX_THREADS = 24


class Reads:
    """The reads of one observation. Kinds that ask the same question share one call.

    The answers are futures: first ask for everything you need, then look at the results. A function
    that runs in here must not wait for another read; otherwise the pool could run out of threads.
    """

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self._pool = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="read")
        self._answers: dict[str, Future[object]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Starts `call`, a method of a client or a function that reads, and returns its future."""
        owner = type(getattr(call, "__self__", None)).__name__
        question = json.dumps([owner, call.__name__, args, kwargs], sort_keys=True, default=str)
        with self._lock:
            if question not in self._answers:
                self._answers[question] = self._pool.submit(call, *args, **kwargs)
            return self._answers[question]  # type: ignore[return-value]  # same question, same type
