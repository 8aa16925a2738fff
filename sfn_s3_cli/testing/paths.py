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
_Scopes: TypeAlias = "tuple[Scope, ...]"


def read(events: Events) -> History:
    """Reads the steps of an execution."""
    return read_history(
        HistoryEvent(number, previous, kind, datetime.fromisoformat(moment), details)
        for number, previous, kind, moment, details in events["events"]
    )


def list_path(
    steps: Sequence[Step], children: Mapping[str, Sequence[History]] = MappingProxyType({})
) -> Path:
    """Lists the states; `children` are the executions of each Map Run, by its ARN."""
    tree = _Tree(steps)

    def list_states(scopes: _Scopes) -> Iterator[str | Path]:
        for number, step in tree.inside.get(scopes, ()):
            yield step.name
            for inner in tree.list_inner(scopes, number):
                yield [*list_states(inner)]
            for child in children.get(step.map_run_arn or "", ()):
                yield list_path(child.steps, children)

    return [*list_states(())]


def list_in_order(steps: Sequence[Step]) -> list[Step]:
    """The steps as they come when branches and iterations run one after the other."""
    tree = _Tree(steps)

    def list_steps(scopes: _Scopes) -> Iterator[Step]:
        for number, step in tree.inside.get(scopes, ()):
            yield step
            for inner in tree.list_inner(scopes, number):
                yield from list_steps(inner)

    return [*list_steps(())]


class _Tree:
    """The steps of each branch and each iteration, with their numbers."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.inside: dict[_Scopes, list[tuple[int, Step]]] = {}
        for number, step in enumerate(steps):
            self.inside.setdefault(step.scopes, []).append((number, step))

    def list_inner(self, scopes: _Scopes, number: int) -> Iterator[_Scopes]:
        """The branches or iterations of a step, in order."""
        for each in sorted(self.inside):
            if each[:-1] == scopes and each[-1:] and each[-1].step == number:
                yield each


def count_attempts(histories: Iterable[History]) -> Counter[str]:
    """How many times each Task, Map and Parallel was tried."""
    attempts: Counter[str] = Counter()
    for history in histories:
        for step in history.steps:
            attempts[step.name] += step.attempts
    return attempts
