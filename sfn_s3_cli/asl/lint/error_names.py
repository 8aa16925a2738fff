"""Checks the error names of Retry, Catch and Fail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.lint.subjects import Subject
    from sfn_s3_cli.documents.places import ValuePath

# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
_ERRORS = {
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
}
_NAMES = {name.removeprefix("States.") for name in _ERRORS}
_STATUS = re.compile(r"States\.Http\.StatusCode\.\d{3}")


def check_catch_all(subject: Subject) -> Iterator[Finding]:
    """`States.ALL` must be alone, and in the last entry of Retry and of Catch."""
    for key in ("Retry", "Catch"):
        match subject.value.get(key):
            case list(entries):
                for number, entry in enumerate(entries):
                    is_last = number == len(entries) - 1
                    yield from _check_entry(
                        entry, (*subject.path, key, number), subject, is_last=is_last
                    )


def _check_entry(
    entry: object, path: ValuePath, subject: Subject, *, is_last: bool
) -> Iterator[Finding]:
    names = _list_names(entry)
    if "States.ALL" in names and (names[1:] or not is_last):
        field = path[-2]
        message = f"`States.ALL` in {field} of {subject.name} must be alone, in the last entry"
        remedy = "move it to its own entry, after the others"
        place = (*path, "ErrorEquals", names.index("States.ALL"))
        yield Finding("STATES_ALL_NOT_LAST", place, message, remedy)


def check_names(subject: Subject) -> Iterator[Finding]:
    """Checks the names that a retrier or a catcher handles."""
    for number, name in enumerate(_list_names(subject.value)):
        if isinstance(name, str) and _is_misspelt(name):
            path = (*subject.path, "ErrorEquals", number)
            message = f"{describe(name)} in {subject.name} is not an error name of Step Functions"
            remedy = _guess(name) or "choose a name that does not begin with `States.`"
            yield Finding("UNKNOWN_ERROR_NAME", path, message, remedy, Severity.WARNING)


def check_fail(subject: Subject) -> Iterator[Finding]:
    """Checks the name that a Fail state sets."""
    match subject.value:
        case {"Error": str(name)} if _is_misspelt(name):
            message = f"{describe(name)} is not an error name of Step Functions"
            remedy = "`States.` is reserved: remove it here and where the error is caught"
            path, severity = (*subject.path, "Error"), Severity.WARNING
            yield Finding("UNKNOWN_ERROR_NAME", path, message, _guess(name) or remedy, severity)


def _list_names(entry: object) -> list[Any]:
    match entry:
        case {"ErrorEquals": list(names)}:
            return names
    return []


def _is_misspelt(name: str) -> bool:
    """Whether it looks like an error of Step Functions, but is not one."""
    if name.startswith("States."):
        return name not in _ERRORS and not _STATUS.fullmatch(name)
    return name.startswith("State.") and name.removeprefix("State.") in _NAMES


def _guess(name: str) -> str:
    return suggest(name.partition(".")[2], _NAMES).replace("'", "'States.", 1)
