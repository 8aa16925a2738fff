"""The fault layer: carries rules out on each attempt that botocore makes in this process.

The program has no hook for it. A child process of the tests loads it as it starts (`child/`); a
test that makes calls itself uses `recorded`.
"""

from __future__ import annotations

import copy
import io
import json
import os
import random
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import botocore.client
import botocore.endpoint
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from faults.record import Record
from faults.rules import Attempt, Rule, from_json

from sfn_s3_cli.clock import SystemClock

Result: TypeAlias = tuple[Any, Exception | None]
"""As `Endpoint._do_get_response` gives it: the response and what it says, or an exception."""


@dataclass
class Armed:
    """A rule and what it has seen so far."""

    rule: Rule
    seen: int = 0
    fired: int = 0
    began: float | None = None
    chance: random.Random = field(default_factory=random.Random)
    answers: dict[str, Result] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance.seed(self.rule.seed)

    def strikes(self, attempt: Attempt, now: float) -> bool:
        """Whether it befalls this attempt, which it counts."""
        rule = self.rule
        if not rule.befalls(attempt) or (rule.since and self.began is None):
            return False
        if rule.do == "stale" and attempt.question not in self.answers:
            return False
        self.seen += 1
        if self.seen < rule.first or (rule.times is not None and self.fired >= rule.times):
            return False
        self.began = now if self.began is None else self.began
        if rule.within is not None and now - self.began > rule.within:
            return False
        self.fired += 1
        return True

    def notice(self, attempt: Attempt, result: Result, now: float) -> None:
        """Learns from what AWS itself has answered."""
        if self.began is None and attempt.operation == self.rule.since and _outcome(result) == "ok":
            self.began = now
        if self.rule.do == "stale" and self.rule.befalls(attempt):
            self.answers.setdefault(attempt.question, _copied(result))


class Injector:
    """The rules at work, for all threads of the process."""

    def __init__(self, rules: tuple[Rule, ...], log: Path | None) -> None:
        self._armed = [Armed(rule) for rule in rules]
        self._log = log
        self._lock = threading.Lock()
        self._thread = threading.local()
        self._pace = next((rule.pace for rule in rules if rule.do == "fast"), 1)
        for number, rule in enumerate(rules):
            if rule.do == "fast":
                self._note(fired=number)

    def call(self, original: Callable[..., Any], client: Any, name: str, params: Any) -> Any:
        """In place of `BaseClient._make_api_call`: keeps what is asked for the attempts."""
        self._thread.params = params
        return original(client, name, params)

    def attempt(
        self, original: Callable[..., Result], endpoint: Any, request: Any, model: Any, context: Any
    ) -> Result:
        """In place of `Endpoint._do_get_response`."""
        if getattr(self._thread, "is_free", False):
            return original(endpoint, request, model, context)
        service = model.service_model.service_name
        params = getattr(self._thread, "params", {})
        attempt = Attempt(service, model.name, params, request.url)
        with self._lock:
            due = [
                (number, armed)
                for number, armed in enumerate(self._armed)
                if armed.strikes(attempt, self._now())
            ]
        result = self._acted(attempt, due, after=False)
        sent = result is None
        if result is None:
            result = original(endpoint, request, model, context)
            with self._lock:
                for armed in self._armed:
                    armed.notice(attempt, result, self._now())
        self._note(
            service=service,
            operation=model.name,
            params=params,
            outcome=_outcome(result),
            sent=sent,
        )
        return self._acted(attempt, due, after=True) or result

    def sleep(self, by: str, seconds: float) -> None:
        """In place of the program's and botocore's own sleeping between two tries."""
        self._note(waited=seconds, by=by)
        time.sleep(seconds / self._pace)

    def _acted(
        self, attempt: Attempt, due: list[tuple[int, Armed]], *, after: bool
    ) -> Result | None:
        """What the rules answer in place of AWS, if one does."""
        result = None
        for number, armed in due:
            if armed.rule.after == after:
                self._note(fired=number, operation=attempt.operation)
                result = self._act(armed, attempt) or result
        return result

    def _act(self, armed: Armed, attempt: Attempt) -> Result | None:
        rule = armed.rule
        match rule.do:
            case "signal":  # to the main thread, which Python lets honour it
                main = threading.main_thread().ident or 0
                signal.pthread_kill(main, signal.Signals[rule.signal])
            case "reset":
                return None, ConnectionClosedError(endpoint_url=attempt.url)
            case "timeout":
                return None, ReadTimeoutError(endpoint_url=attempt.url)
            case "error":
                return _answer(attempt, rule.status, {"Error": _error(rule, attempt)})
            case "answer":
                return _answer(attempt, 200, dict(rule.document))
            case "stale":
                return _copied(armed.answers[attempt.question])
            case "sleep":
                length = rule.seconds
                time.sleep(length if rule.seed is None else armed.chance.uniform(0, length))
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


def _error(rule: Rule, attempt: Attempt) -> dict[str, str]:
    role = re.search(r"arn:[\w-]+:iam::[^\"]+", attempt.question)
    message = rule.message.replace("{role}", role[0] if role else "")
    return {"Code": rule.code, "Message": message}


def _answer(attempt: Attempt, status: int, document: dict[str, Any]) -> Result:
    metadata = {"RequestId": "00000000-0000-0000-0000-000000000000", "HTTPStatusCode": status}
    response: Any = AWSResponse(attempt.url, status, HTTPHeaders(), io.BytesIO())
    response._content = b""
    return (response, {**document, "ResponseMetadata": metadata | {"HTTPHeaders": {}}}), None


def _copied(result: Result) -> Result:
    """Whoever gets an answer may change the document in it."""
    answer, exception = result
    return (answer and (answer[0], copy.deepcopy(answer[1]))), exception


def _outcome(result: Result) -> str:
    """`ok`, the code of AWS's error, or the name of the exception."""
    answer, exception = result
    if exception is not None:
        return type(exception).__name__
    response, parsed = answer
    if response.status_code < 300:
        return "ok"
    return str(parsed.get("Error", {}).get("Code", response.status_code))


@contextmanager
def installed(*rules: Rule, log: Path | None = None) -> Iterator[None]:
    """The rules hold for every call of this process in here."""
    injector = Injector(rules, log)
    replaced = (
        (botocore.client.BaseClient, "_make_api_call", injector.call),
        (botocore.endpoint.Endpoint, "_do_get_response", injector.attempt),
    )
    with ExitStack() as stack:
        for owner, name, method in replaced:
            _replace(stack, owner, name, _method(method, getattr(owner, name)))
        _replace(stack, SystemClock, "sleep", lambda _, seconds: injector.sleep("clock", seconds))
        pauses = SimpleNamespace(sleep=lambda seconds: injector.sleep("botocore", seconds))
        _replace(stack, botocore.endpoint, "time", pauses)
        yield


def _method(method: Callable[..., Any], original: Any) -> Callable[..., Any]:
    return lambda self, *arguments: method(original, self, *arguments)


def _replace(stack: ExitStack, owner: Any, name: str, value: Any) -> None:
    stack.callback(setattr, owner, name, getattr(owner, name))
    setattr(owner, name, value)


@contextmanager
def recorded(*rules: Rule, log: Path) -> Iterator[Record]:
    """The same; each rule must fire."""
    record = Record(log, len(rules))
    with installed(*rules, log=log):
        yield record
    record.assert_all_fired()


def install() -> None:
    """In a child, for good: the rules and the log that its environment names.

    Whatever the child starts itself is left alone.
    """
    rules, log = os.environ.pop("FAULTS", "[]"), os.environ.pop("CALLS", "")
    _for_good.enter_context(installed(*from_json(rules), log=Path(log) if log else None))


_for_good = ExitStack()
