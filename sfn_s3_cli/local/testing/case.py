"""The case that a thread runs: what it gives to the execution, and what the execution did."""

from __future__ import annotations

from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import ModuleType
from typing import cast

from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.local.internals import STATES
from sfn_s3_cli.local.testing.wire import Call, Failure, Mocks, Taken


class UsedUpError(Exception):
    """A list of mocks has no answer for this call."""


@dataclass
class Case:
    """A case, or the workflow inside it that a mock runs."""

    mocks: Mocks
    answers: Mocks
    has_objects: bool = False
    end_at: str | None = None
    variables: JsonObject = field(default_factory=dict)
    item: JsonObject | None = None
    calls: list[Call] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    failure: Failure | None = None
    modules: dict[str, ModuleType] = field(default_factory=dict)
    """The files with mocks in Python, loaded once for each case."""
    _used: Counter[tuple[int, str]] = field(default_factory=Counter)

    def take(self, mocks: Mocks, state: str) -> JsonObject | None:
        """The next answer for a state; None if it has no mock, UsedUpError after the last."""
        mock = mocks.get(state)
        if not isinstance(mock, list):
            return mock
        number = self._used[id(mocks), state]
        self._used[id(mocks), state] += 1
        if number >= len(mock):
            raise UsedUpError
        return mock[number]

    def stop(self, code: str, **facts: object) -> Exception:
        """The error that ends the execution, because the case has no answer. The first one counts:
        States.Runtime can be neither retried nor caught."""
        self.failure = self.failure or cast("Failure", {"code": code, **facts})
        error: Exception = STATES["_ExecutionError"]("States.Runtime", code)
        return error


current: ContextVar[Case | None] = ContextVar("case", default=None)
