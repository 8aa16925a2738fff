"""Runs branches and iterations one after the other, in order, and lets no time pass."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Self

from sfn_s3_cli.local.internals import STATES, Request
from sfn_s3_cli.local.repairs import history

_MOST_EVENTS = 25_000
"""Of an execution (Step Functions Guide, "Quotas")."""


def install() -> None:
    """Replaces the emulator's threads, clocks and limits."""
    locks = {"Lock": threading.Lock, "Event": threading.Event}
    STATES.replace("threading", SimpleNamespace(Thread=_InlineThread, **locks))
    STATES.replace("ThreadPoolExecutor", _InlineExecutor)
    STATES.replace("time", SimpleNamespace(sleep=lambda _seconds: None))
    STATES.repair("_invoke_resource_with_timeout", invoke_without_timeout)
    STATES.repair("_add_event", add_event)


def install_last() -> None:
    """Wraps what writes the events of branches and iterations."""
    STATES.repair("_run_parallel_branches", run_container)
    STATES.repair("_run_map_items", run_container)
    STATES.repair("_run_sub_machine", run_inside)


class _InlineThread:
    """A thread that runs to its end when it is started."""

    def __init__(
        self, target: Callable[..., object], args: tuple[object, ...] = (), **_options: object
    ) -> None:
        self._run, self._arguments = target, args

    def start(self) -> None:
        self._run(*self._arguments)

    def join(self) -> None:
        """It has ended."""


class _InlineExecutor:
    """An executor that runs each task when it is submitted."""

    def __init__(self, **_options: object) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def shutdown(self, **_options: object) -> None:
        """Nothing is left to do."""

    def submit(self, task: Callable[..., Any], *arguments: object) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(task(*arguments))
        except Exception as error:  # noqa: BLE001  (who asks for the result gets it)
            future.set_exception(error)
        return future


def invoke_without_timeout(
    _original: Callable[..., Any], resource: str, arguments: Any, _timeout: Any
) -> Any:
    """No time passes, so no task takes too long."""
    return STATES["_invoke_resource"](resource, arguments)


def add_event(
    original: Callable[..., Request], execution: Request, kind: str, details: Any = None
) -> Request:
    """Ends an execution whose event number 25,000 is not its success (Step Functions Guide, "Avoid
    reaching the history quota")."""
    is_full = len(execution["events"]) >= _MOST_EVENTS - 1
    if is_full and kind not in {"ExecutionSucceeded", "ExecutionFailed"}:
        raise STATES["_ExecutionError"](
            "States.Runtime",
            f"The execution reached the maximum number of history events ({_MOST_EVENTS}).",
        )
    return original(execution, kind, details)


@dataclass
class _Container:
    """A running Map or Parallel, and the error of its branch or iteration that failed."""

    error: Exception | None = None


_container: ContextVar[_Container | None] = ContextVar("sequence", default=None)


def run_container(original: Callable[..., Any], *arguments: Any) -> Any:
    token = _container.set(_Container())
    try:
        return original(*arguments)
    finally:
        _container.reset(token)


def run_inside(
    original: Callable[..., Any],
    states: Request,
    start_at: str,
    value: Any,
    execution: Request,
    context: Request,
) -> Any:
    """After the first failure, no other branch or iteration starts. Executions of a Map Run do:
    that tolerates failures."""
    container = _container.get()
    if container is None or history.is_new_child(execution):
        return original(states, start_at, value, execution, context)
    if container.error is not None:
        raise container.error
    try:
        return original(states, start_at, value, execution, context)
    except STATES["_ExecutionError"] as error:
        container.error = error
        raise
