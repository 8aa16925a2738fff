"""The path of an execution: its states in order, with a list for each iteration and branch."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from sfn_s3_cli.executions.history import read_history
from sfn_s3_cli.executions.steps import HistoryEvent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sfn_s3_cli.executions.steps import History, Scope, Step
    from sfn_s3_cli.local.testing.wire import History as Events

Path: TypeAlias = "list[str | Path]"
"""`[Read, Fan out, [Write], [Write], Done]`."""


def read(events: Events) -> History:
    """Reads the steps of an execution."""
    return read_history(
        HistoryEvent(number, previous, kind, datetime.fromisoformat(moment), details)
        for number, previous, kind, moment, details in events["events"]
    )


def list_path(
    steps: Iterable[Step], children: Mapping[str, Sequence[History]] = MappingProxyType({})
) -> Path:
    """Lists the states; `children` are the executions of each Map Run, by its ARN."""
    inside: dict[tuple[Scope, ...], list[tuple[int, Step]]] = {}
    for number, step in enumerate(steps):
        inside.setdefault(step.scopes, []).append((number, step))

    def list_states(scopes: tuple[Scope, ...]) -> Iterator[str | Path]:
        for number, step in inside.get(scopes, ()):
            yield step.name
            for scope in sorted(inside):
                if scope[:-1] == scopes and scope[-1:] and scope[-1].step == number:
                    yield [*list_states(scope)]
            for child in children.get(step.map_run_arn or "", ()):
                yield list_path(child.steps, children)

    return [*list_states(())]


def count_attempts(histories: Iterable[History]) -> Counter[str]:
    """How many times each Task, Map and Parallel was tried."""
    attempts: Counter[str] = Counter()
    for history in histories:
        for step in history.steps:
            attempts[step.name] += step.attempts
    return attempts
