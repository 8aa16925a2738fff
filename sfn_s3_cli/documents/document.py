"""A parsed file: plain values, and the line and column at which each of them stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

from sfn_s3_cli.errors import INVALID_CONFIG, ConfigError, Problem, Severity

ValuePath: TypeAlias = tuple[str | int, ...]

MOST_FAULTS = 100
"""So many are told at most: the first of the file."""


class Mark(NamedTuple):
    """A place in a file, counted from 1."""

    line: int
    column: int


class Complaint(NamedTuple):
    """What is wrong, and the remedy if there is one."""

    message: str
    remedy: str = ""


class Fault(NamedTuple):
    """A complaint about the value at `path`, to be shown at `mark`."""

    path: ValuePath
    mark: Mark
    complaint: Complaint
    is_nameless: bool = False
    """Whether the key has no name yet, so that it could be any."""


class Document(NamedTuple):
    """What a file says, where each value and each key begins, and what the syntax forbids."""

    file: str
    value: Any
    values: dict[ValuePath, Mark]
    keys: dict[ValuePath, Mark]
    faults: list[Fault]

    def mark(self, path: ValuePath) -> Mark:
        """Where the value at the path begins, or else the nearest value around it."""
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, Mark(1, 1))

    def error(self, faults: Iterable[Fault]) -> ConfigError:
        """The faults as one error, in file order."""
        first = sorted(faults, key=lambda fault: fault.mark)[:MOST_FAULTS]
        return ConfigError(self.problems(first))

    def problems(self, faults: Iterable[Fault]) -> list[Problem]:
        return [problem(self.file, fault.mark, fault.complaint) for fault in faults]


class Placed(Protocol):
    """Anything that is told of the value at a path."""

    @property
    def path(self) -> ValuePath: ...


P = TypeVar("P", bound=Placed)


def uncovered(told: Iterable[P], known: Iterable[Fault]) -> list[P]:
    """What is told but not about a value, or inside one, that is known to be faulty."""
    paths = {fault.path for fault in known}
    return [
        each
        for each in told
        if not any(each.path[:length] in paths for length in range(len(each.path) + 1))
    ]


def problem(file: str, mark: Mark, complaint: Complaint) -> Problem:
    return Problem(INVALID_CONFIG, Severity.ERROR, *complaint, file, *mark)


def mark_at(text: str, position: int) -> Mark:
    """The line and column of a position in a text."""
    before = text[:position]
    return Mark(before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)
