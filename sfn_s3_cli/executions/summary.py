"""Counts executions by status, failed state and error."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.executions.model import Execution, LeftOut

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_s3_cli.executions.model import WatchEvent

MAX_OPEN = 10_000
MAX_GROUPS = 1_000


class GroupKey(NamedTuple):
    """What the executions of a group have in common."""

    status: str
    failed_state: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Group:
    """How many executions, and the one that came into its status last, without its input."""

    count: int
    latest: Execution


@dataclass
class Summary:
    """Counts each execution once, in its latest status.

    Executions that run or have failed may change their status later: the last MAX_OPEN of them are
    remembered. After MAX_GROUPS groups, new errors count without their names.
    """

    _groups: dict[GroupKey, Group] = field(default_factory=dict)
    _open: dict[str, GroupKey] = field(default_factory=dict)

    @property
    def groups(self) -> list[tuple[GroupKey, Group]]:
        """The groups with the most executions first."""
        order = sorted(self._groups.items(), key=lambda each: tuple(map(str, each[0])))
        return sorted(order, key=lambda each: each[1].count, reverse=True)

    @property
    def executions(self) -> int:
        return sum(group.count for group in self._groups.values())

    def add_all(self, events: Iterable[WatchEvent]) -> None:
        for event in events:
            if isinstance(event, Execution):
                self.add(event)
            elif isinstance(event, LeftOut):
                self._remove(event.arn)

    def add(self, execution: Execution) -> None:
        self._remove(execution.arn)
        key = GroupKey(execution.status, execution.failed_state, execution.error)
        if key not in self._groups and len(self._groups) >= MAX_GROUPS:
            key = GroupKey(execution.status)
        group = self._groups.get(key)
        latest = replace(execution, input=execution.input and "")
        if group and group.latest.status_since > execution.status_since:
            latest = group.latest
        self._groups[key] = Group((group.count if group else 0) + 1, latest)
        if not execution.has_succeeded:
            self._open[execution.arn] = key
        if len(self._open) > MAX_OPEN:
            del self._open[next(iter(self._open))]

    def _remove(self, arn: str) -> None:
        """Take an execution out of the group of its status before, if it is known."""
        key = self._open.pop(arn, None)
        if key is None:
            return
        group = self._groups[key]
        if group.count == 1:
            del self._groups[key]
        else:
            self._groups[key] = replace(group, count=group.count - 1)
