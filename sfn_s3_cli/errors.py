"""Everything that can go wrong, as a tree, and the exit code of each branch.

SfnctlError                 1  failed
├── UsageError              2  wrong usage or invalid config; nothing was changed
│   └── ConfigError         2  the same, with every problem of the files
├── AwsError                1  AWS refused a call or could not be reached
├── RefusedError            1  the plan would change what sfnctl does not own; nothing was changed
├── PartlyDone              4  some changes failed; run again to finish
├── Interrupted       130, 143  a signal arrived before the first change, or between two
├── ExecutionFailed         5  an execution that was shown did not succeed
└── NothingArrived          6  nothing arrived within --timeout, or less than was waited for
"""

from __future__ import annotations

from contextlib import contextmanager
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class ExitCode(IntEnum):
    """Every exit code of sfnctl, with the meaning that `--help` and the README print."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    DIFFERENCES = 3
    PARTLY_DONE = 4
    EXECUTION_FAILED = 5
    NOTHING_ARRIVED = 6
    INTERRUPTED = 130
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.DONE: "done, or nothing to do",
    ExitCode.FAILED: "failed",
    ExitCode.USAGE: "wrong usage or invalid config; nothing was changed",
    ExitCode.DIFFERENCES: "differences or dead letters exist (plan and status with --exit-code)",
    ExitCode.PARTLY_DONE: "partly done; run again to finish",
    ExitCode.EXECUTION_FAILED: "an execution ended as FAILED, TIMED_OUT or ABORTED",
    ExitCode.NOTHING_ARRIVED: "nothing arrived within --timeout, or less than was waited for",
    ExitCode.INTERRUPTED: "interrupted by Ctrl-C",
    ExitCode.TERMINATED: "stopped by SIGTERM",
}


class Severity(StrEnum):
    """How bad a problem is."""

    ERROR = "error"
    """AWS would refuse it, or it could not work."""
    WARNING = "warning"
    """AWS accepts it, but it is probably a mistake."""


INVALID_CONFIG = "INVALID_CONFIG"
"""The code of a problem that makes a file unreadable as a config or a definition."""


class Problem(NamedTuple):
    """One thing wrong in a file."""

    code: str
    severity: Severity
    message: str
    remedy: str
    """What to do about it; may be empty."""
    file: str
    line: int | None = None
    """Counts from 1, like the column; both are None if the problem concerns the whole file."""
    column: int | None = None

    @property
    def location(self) -> str:
        """`file:line:column`, or only the file."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


def unreadable(file: str, message: str, remedy: str = "") -> Problem:
    """Make the problem of a file that cannot be read as a config or a definition."""
    return Problem(INVALID_CONFIG, Severity.ERROR, message, remedy, file)


class SfnctlError(Exception):
    """An error that the user can understand and fix: a message and a remedy."""

    exit_code = ExitCode.FAILED
    problems: tuple[Problem, ...] = ()
    """What is wrong in the user's files, if that is the reason."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(SfnctlError):
    """The command line cannot be executed as it is written."""

    exit_code = ExitCode.USAGE


class ConfigError(UsageError):
    """The user's files have errors; carries every problem, in the order of the file.

    Warnings may be among the problems; the message does not count them.
    """

    def __init__(self, problems: Sequence[Problem], where: str = "configuration") -> None:
        errors = [each for each in problems if each.severity is Severity.ERROR]
        count = "one problem" if len(errors) == 1 else f"{len(errors)} problems"
        super().__init__(f"{count} in the {where}")
        self.problems = tuple(problems)


@contextmanager
def problems_in(where: str) -> Iterator[None]:
    """Lets a ConfigError inside say where its problems are, such as "test cases"."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(error.problems, where) from None


class AwsError(SfnctlError):
    """AWS refused a call or could not be reached."""


class RefusedError(SfnctlError):
    """The plan would change what sfnctl does not own."""


class PartlyDone(SfnctlError):  # noqa: N818
    """Some changes were made and others were not."""

    exit_code = ExitCode.PARTLY_DONE


class Signalled(BaseException):
    """SIGINT or SIGTERM arrived. Unlike KeyboardInterrupt, no library catches it."""

    def __init__(self, exit_code: ExitCode) -> None:
        self.exit_code = exit_code


class Interrupted(SfnctlError):  # noqa: N818
    """A signal ended the command before the first change, or between two changes."""

    def __init__(self, signal: Signalled, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.exit_code = signal.exit_code


class ExecutionFailed(SfnctlError):  # noqa: N818
    """An execution that was shown ended as FAILED, TIMED_OUT or ABORTED."""

    exit_code = ExitCode.EXECUTION_FAILED


class NothingArrived(SfnctlError):  # noqa: N818
    """Fewer executions ended than the command was waiting for."""

    exit_code = ExitCode.NOTHING_ARRIVED
