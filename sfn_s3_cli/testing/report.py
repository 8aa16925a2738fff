"""The result of `sfnctl test`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.errors import Problem, Severity
from sfn_s3_cli.testing.words import explain_difference, explain_failure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_s3_cli.local.testing.wire import Call, Failure, Taken
    from sfn_s3_cli.testing.coverage import Coverage
    from sfn_s3_cli.testing.paths import Path


class Verdict(StrEnum):
    """How a case ended."""

    PASSED = "passed"
    FAILED = "failed"
    """The execution did something else than expected."""
    ERROR = "error"
    """The case could not be run to its end."""


class Absent(Enum):
    """Stands for a value where there is none."""

    ABSENT = "nothing"


ABSENT = Absent.ABSENT


class Difference(NamedTuple):
    """Something that is not as expected. `note` says more, if that helps."""

    where: str
    expected: object
    found: object
    note: str = ""


@dataclass(frozen=True)
class CaseResult:
    """A case, and what came of it."""

    name: str
    file: str
    line: int
    column: int
    verdict: Verdict
    seconds: float
    differences: tuple[Difference, ...] = ()
    failure: Failure | None = None
    """Why the case could not be run to its end."""
    status: str | None = None
    error: str | None = None
    cause: str | None = None
    output: object = None
    path: Path = field(default_factory=list)
    calls: Sequence[Call] = ()
    taken: Sequence[Taken] = ()

    @property
    def location(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def explanation(self) -> str:
        """Why it did not pass, in one line."""
        if self.failure is not None:
            return explain_failure(self.failure)[0]
        return "; ".join(explain_difference(*each) for each in self.differences)

    @property
    def problem(self) -> Problem:
        """The case as a problem of its file."""
        remedy = explain_failure(self.failure)[1] if self.failure is not None else ""
        code = "TEST_ERROR" if self.failure is not None else "TEST_FAILED"
        text = f"{self.name}: {self.explanation}"
        return Problem(code, Severity.ERROR, text, remedy, self.file, self.line, self.column)


@dataclass(frozen=True)
class TestReport:
    """All cases, in the order of the files."""

    __test__ = False

    results: tuple[CaseResult, ...]
    seconds: float
    coverage: Coverage | None = None
    """What the cases reached, if that was asked for."""
    is_listed: bool = False
    """Whether the cases were shown as they came."""

    @property
    def counts(self) -> Counter[Verdict]:
        return Counter(each.verdict for each in self.results)

    @property
    def has_passed(self) -> bool:
        return all(each.verdict is Verdict.PASSED for each in self.results)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The cases that did not pass."""
        return tuple(each.problem for each in self.results if each.verdict is not Verdict.PASSED)
