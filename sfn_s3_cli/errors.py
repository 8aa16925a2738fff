"""What can go wrong, as a tree, and the exit code of each branch.

SfnctlError                 1  failed
├── UsageError              2  usage or invalid config; nothing was changed
│   └── ConfigError         2  ... with every problem of the file at once
├── AwsError                1  AWS refused or could not be reached
├── Refused                 1  the plan would touch what is not ours; nothing was changed
├── PartlyDone              4  some changes were made, some were not; run again to finish
├── Interrupted       130, 143  a signal came before the first change, or between two
├── ExecutionFailed         5  an execution that was shown did not succeed
└── NothingArrived          6  nothing arrived within the time that was given
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class ExitCode(IntEnum):
    """Every exit code of sfnctl, with the words that `--help` and the README use."""

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
    ExitCode.USAGE: "usage or invalid config; nothing was changed",
    ExitCode.DIFFERENCES: "differences exist (plan --exit-code, status --exit-code)",
    ExitCode.PARTLY_DONE: "partly done; run again to finish",
    ExitCode.EXECUTION_FAILED: "an execution ended FAILED, TIMED_OUT or ABORTED",
    ExitCode.NOTHING_ARRIVED: "nothing arrived within --timeout, or less than --count",
    ExitCode.INTERRUPTED: "interrupted by Ctrl-C",
    ExitCode.TERMINATED: "ended by SIGTERM",
}


class SfnctlError(Exception):
    """Something the user can understand and act on: one sentence, and a remedy."""

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(SfnctlError):
    """The command line cannot be carried out as it was written."""

    exit_code = ExitCode.USAGE


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """It is wrong: AWS would refuse it, or it could not work."""
    WARNING = "warning"
    """AWS takes it, but it is likely not what was meant."""


INVALID_CONFIG = "INVALID_CONFIG"
"""The code of a problem that keeps a file from being read as what it should be."""


class Problem(NamedTuple):
    """One thing wrong in a file."""

    code: str
    severity: Severity
    message: str
    remedy: str
    """What to do about it; may be empty."""
    file: str
    line: int | None = None
    """Counted from 1, as the column is; both are None for a problem of the whole file."""
    column: int | None = None

    @property
    def location(self) -> str:
        """`file:line:column`, or the file alone."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


def unreadable(file: str, message: str, remedy: str = "") -> Problem:
    """The problem of a file that cannot be read as what it should be."""
    return Problem(INVALID_CONFIG, Severity.ERROR, message, remedy, file)


class ConfigError(UsageError):
    """A file does not say what it must; carries every problem that was found, in file order.

    Warnings may be among them; they are shown, but not counted.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        errors = [each for each in problems if each.severity is Severity.ERROR]
        count = "one problem" if len(errors) == 1 else f"{len(errors)} problems"
        super().__init__(f"{count} in the configuration")
        self.problems = tuple(problems)


class AwsError(SfnctlError):
    """AWS refused a call, or could not be reached."""


class Refused(SfnctlError):  # noqa: N818  (a refusal is an outcome, not a malfunction)
    """The plan would change what is not ours."""


class PartlyDone(SfnctlError):  # noqa: N818
    """Some changes were made and others were not."""

    exit_code = ExitCode.PARTLY_DONE


class Signalled(BaseException):
    """SIGINT or SIGTERM arrived. Unlike KeyboardInterrupt, nobody but us knows and catches it."""

    def __init__(self, exit_code: ExitCode) -> None:
        self.exit_code = exit_code


class Interrupted(SfnctlError):  # noqa: N818
    """A signal ended the command before the first change, or between two."""

    def __init__(self, signal: Signalled, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.exit_code = signal.exit_code


class ExecutionFailed(SfnctlError):  # noqa: N818
    """An execution that was shown ended FAILED, TIMED_OUT or ABORTED."""

    exit_code = ExitCode.EXECUTION_FAILED


class NothingArrived(SfnctlError):  # noqa: N818
    """Nothing arrived within the time that was given."""

    exit_code = ExitCode.NOTHING_ARRIVED
