"""The fault layer: applies rules to each attempt that botocore makes in this process.

The program has no hook for it. A child process of the tests loads it as it starts (`child/`); a
test that makes calls itself uses `recorded`.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore.client
import botocore.endpoint
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from faults.active_rule import (
    ActiveRule,
    Result,
    copy_result,
    make_answer,
    make_error,
    name_outcome,
)
from faults.record import Record
from faults.rules import Attempt, Rule, from_json

from sfn_s3_cli.clock import SystemClock


class Injector:
    """Applies the rules, for all threads of the process."""

    def __init__(self, rules: tuple[Rule, ...], log: Path | None) -> None:
        self._active = [ActiveRule(rule) for rule in rules]
        self._log = log
        self._lock = threading.Lock()
        self._thread = threading.local()
        self._pace = next((rule.pace for rule in rules if rule.do == "fast"), 1)
        for number, rule in enumerate(rules):
            if rule.do == "fast":
                self._note(fired=number)

    def call(self, original: Callable[..., Any], client: Any, name: str, params: Any) -> Any:
        """Replaces `BaseClient._make_api_call`: keeps the parameters for the attempts."""
        self._thread.params = params
        return original(client, name, params)

    def attempt(
        self, original: Callable[..., Result], endpoint: Any, request: Any, model: Any, context: Any
    ) -> Result:
        """Replaces `Endpoint._do_get_response`."""
        if getattr(self._thread, "is_free", False):
            return original(endpoint, request, model, context)
        service = model.service_model.service_name
        params = getattr(self._thread, "params", {})
        attempt = Attempt(service, model.name, params, request.url)
        with self._lock:
            due = [
                (number, active)
                for number, active in enumerate(self._active)
                if active.applies_to(attempt, self._now())
            ]
        result = self._apply(attempt, due, after=False)
        sent = result is None
        if result is None:
            result = original(endpoint, request, model, context)
            with self._lock:
                for active in self._active:
                    active.learn(attempt, result, self._now())
        self._note(
            service=service,
            operation=model.name,
            params=params,
            outcome=name_outcome(result),
            sent=sent,
        )
        return self._apply(attempt, due, after=True) or result

    def sleep(self, by: str, seconds: float) -> None:
        """Replaces the sleep of the program and of botocore between two tries."""
        self._note(waited=seconds, by=by)
        time.sleep(seconds / self._pace)
        self._thread.skipped = self._skipped + seconds - seconds / self._pace

    def now(self) -> datetime:
        """Replaces the program's clock: for each thread it counts what was slept too quickly."""
        return datetime.now(UTC) + timedelta(seconds=self._skipped)

    @property
    def _skipped(self) -> float:
        return float(getattr(self._thread, "skipped", 0.0))

    def _apply(
        self, attempt: Attempt, due: list[tuple[int, ActiveRule]], *, after: bool
    ) -> Result | None:
        """Applies the rules that are due; gives the answer that replaces AWS's, if there is one."""
        result = None
        for number, active in due:
            if active.rule.after == after:
                self._note(fired=number, operation=attempt.operation)
                result = self._act(active, attempt) or result
        return result

    def _act(self, active: ActiveRule, attempt: Attempt) -> Result | None:
        rule = active.rule
        match rule.do:
            case "signal":  # only the main thread handles signals
                main = threading.main_thread().ident or 0
                signal.pthread_kill(main, signal.Signals[rule.signal])
            case "reset":
                return None, ConnectionClosedError(endpoint_url=attempt.url)
            case "timeout":
                return None, ReadTimeoutError(endpoint_url=attempt.url)
            case "error":
                return make_answer(attempt, rule.status, {"Error": make_error(rule, attempt)})
            case "answer":
                return make_answer(attempt, 200, dict(rule.document))
            case "stale":
                return copy_result(active.answers[attempt.question])
            case "sleep":
                time.sleep(active.pause())
            case "run":
                self._run(rule.python)
            case unknown:
                raise ValueError(unknown)
        return None

    def _run(self, python: str) -> None:
        params, self._thread.is_free = getattr(self._thread, "params", {}), True
        try:
            exec(python, {})
        finally:
            self._thread.params, self._thread.is_free = params, False

    def _now(self) -> float:
        return time.monotonic() * self._pace

    def _note(self, **facts: Any) -> None:
        if self._log:
            line = json.dumps(facts, default=str) + "\n"
            with self._log.open("ab", buffering=0) as file:  # one write: threads do not mix
                file.write(line.encode())


@contextmanager
def apply_rules(*rules: Rule, log: Path | None = None) -> Iterator[None]:
    """Applies the rules to every call of this process inside the `with`."""
    injector = Injector(rules, log)
    replaced = (
        (botocore.client.BaseClient, "_make_api_call", injector.call),
        (botocore.endpoint.Endpoint, "_do_get_response", injector.attempt),
    )
    with ExitStack() as stack:
        for owner, name, method in replaced:
            _replace(stack, owner, name, _method(method, getattr(owner, name)))
        _replace(stack, SystemClock, "sleep", lambda _, seconds: injector.sleep("clock", seconds))
        _replace(stack, SystemClock, "now", lambda _: injector.now())
        pauses = SimpleNamespace(sleep=lambda seconds: injector.sleep("botocore", seconds))
        _replace(stack, botocore.endpoint, "time", pauses)
        yield


def _method(method: Callable[..., Any], original: Any) -> Callable[..., Any]:
    return lambda self, *arguments: method(original, self, *arguments)


def _replace(stack: ExitStack, owner: Any, name: str, value: Any) -> None:
    stack.callback(setattr, owner, name, getattr(owner, name))
    setattr(owner, name, value)


@contextmanager
def record_calls(*rules: Rule, log: Path) -> Iterator[Record]:
    """Applies the rules and records the calls; each rule must fire."""
    record = Record(log, (*rules,))
    with apply_rules(*rules, log=log):
        yield record
    record.assert_all_fired()


def install() -> None:
    """Applies the rules that the environment of a child process names, for as long as it runs.

    It does not affect what the child starts.
    """
    rules, log = os.environ.pop("FAULTS", "[]"), os.environ.pop("CALLS", "")
    _for_good.enter_context(apply_rules(*from_json(rules), log=Path(log) if log else None))


_for_good = ExitStack()
