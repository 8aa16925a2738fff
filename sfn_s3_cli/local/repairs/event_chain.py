"""Step Functions: each event of a history names the one that led to it."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from sfn_s3_cli.local.internals import STATES, Action, Answer, Request, respond

_ENDS = ("ExecutionAborted", "ExecutionTimedOut")
# The next event names the one before these (observed).
_SIDE_EVENTS = (
    *("MapIterationAborted", "MapIterationFailed", "MapIterationSucceeded"),
    *("MapStateSucceeded", "ParallelStateSucceeded"),
)
_PAYLOADS = ("input", "output")


@dataclass
class Chain:
    """The last event of a branch, an iteration, or of the execution outside them."""

    last: int


_chain: ContextVar[Chain | None] = ContextVar("chain", default=None)
_adding: threading.Lock = threading.Lock()


def install() -> None:
    """Numbers the events of all branches in one order, and completes their details."""
    STATES.repair("_add_event", add_event)
    STATES.repair("_get_execution_history", get_history)


def begin(last: int) -> None:
    """Lets the events of this thread follow the event with this id; 0 at the start."""
    _chain.set(Chain(last))


@contextmanager
def branch(first: int | None) -> Iterator[None]:
    """A branch follows the event `first`, or the last one around it; what is around goes on after
    its end."""
    around = _chain.get()
    own = Chain(first if first is not None else around.last if around else 0)
    token = _chain.set(own)
    try:
        yield
    finally:
        _chain.reset(token)
        if around:
            around.last = own.last


def add_event(
    original: Callable[..., Request], execution: Request, kind: str, details: Any = None
) -> Request:
    """Step Functions API, HistoryEvent."""
    chain = _chain.get()
    with _adding:
        event = original(execution, kind, _complete(details))
    if chain is None:
        event["previousEventId"] = 0 if kind in _ENDS else event["id"] - 1
        return event
    event["previousEventId"] = chain.last
    if kind not in _SIDE_EVENTS:
        chain.last = event["id"]
    return event


def _complete(details: Any) -> Any:
    """Says of each input and output that it is complete."""
    for found in (details or {}).values():
        for name in _PAYLOADS:
            if name in found:
                found[f"{name}Details"] = {"truncated": False}
    return details


def get_history(original: Action, data: Request) -> Answer:
    """The first event has details too; without data, nothing says how complete they are (Step
    Functions API, GetExecutionHistory)."""
    answered = original(data)
    if answered[0] != HTTPStatus.OK:
        return answered
    body = json.loads(answered[2])
    has_data = data.get("includeExecutionData", True)
    return respond({**body, "events": [_show(each, has_data=has_data) for each in body["events"]]})


def _show(event: Request, *, has_data: bool) -> Request:
    shown = copy.deepcopy(event)
    shown.setdefault("previousEventId", 0)
    for key, details in shown.items():
        if key.endswith("EventDetails"):
            if shown["id"] == 1:
                _complete({key: details})
            if not has_data:
                for name in _PAYLOADS:
                    details.pop(f"{name}Details", None)
    return shown
