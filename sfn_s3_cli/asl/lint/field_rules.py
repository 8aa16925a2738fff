"""What a table of fields cannot say: which fields and values of an object go together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from sfn_s3_cli.asl.language.fields import FIELDS, OPERATORS
from sfn_s3_cli.asl.language.resource import has_partition
from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.asl.language.values import inside
from sfn_s3_cli.asl.lint import maps
from sfn_s3_cli.asl.lint.expressions import looks_dynamic
from sfn_s3_cli.asl.lint.subjects import lacks, listed, not_express
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sfn_s3_cli.asl.lint.subjects import Place

Rule: TypeAlias = "Callable[[Place], Iterator[Finding]]"

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

_EXPRESS_LACKS = {
    re.compile(r"\.sync(:2)?$"): "waits for a job to end",
    re.compile(r"\.waitForTaskToken$"): "waits for a task token",
    re.compile(r":activity:"): "is an activity",
}
_WITHOUT_VARIABLE = {"And", "Or", "Not", "Condition"}


def _heartbeat(place: Place) -> Iterator[Finding]:
    match place.value:
        case {"HeartbeatSeconds": int(beat), "TimeoutSeconds": int(timeout)} if beat >= timeout:
            message = f"the heartbeat of {place.subject} is not shorter than its timeout"
            remedy = f"make it less than {timeout}"
            yield Finding("INVALID_VALUE", (*place.path, "HeartbeatSeconds"), message, remedy)


def _credentials(place: Place) -> Iterator[Finding]:
    match place.value:
        case {"Credentials": dict(given)}:
            where = (*place.path, "Credentials")
            if not given.keys() & {"RoleArn", "RoleArn.$"}:
                message = f"the Credentials of {place.subject} name no role"
                yield Finding("MISSING_FIELD", where, message, "add `RoleArn`", at_key=True)
            if ":activity:" in str(place.value.get("Resource")):
                message = f"{place.subject} is an activity, which takes no Credentials"
                yield Finding("UNSUPPORTED_FIELD", where, message, "remove them", at_key=True)


def _partition(place: Place) -> Iterator[Finding]:
    match place.value.get("Resource"):
        case str(resource) if resource.startswith("arn:") and not has_partition(resource):
            partition = resource.split(":")[1]
            message = f"the Resource of {place.subject} is in {describe(partition)}, no partition"
            where, severity = (*place.path, "Resource"), Severity.WARNING
            yield Finding("INVALID_RESOURCE", where, message, "write `arn:aws:`", severity)


def _no_express(place: Place) -> Iterator[Finding]:
    """Task states in an EXPRESS workflow, or in the children of a Map that are EXPRESS."""
    match place.state, place.value.get("Resource"):
        case state, str(resource) if state and state.container.is_express:
            for pattern, what in _EXPRESS_LACKS.items():
                if pattern.search(resource):
                    yield not_express(place, (*place.path, "Resource"), what)


def _comparison(place: Place) -> Iterator[Finding]:
    """A choice rule has one comparison with its Variable, and none without."""
    operators = [name for name in place.value if name in OPERATORS]
    strangers = place.value.keys() - FIELDS[place.owner].keys()
    if "Variable" in place.value and not (operators or strangers or place.language == JSONATA):
        remedy = "add one, such as `StringEquals` or `IsPresent`"
        yield lacks("comparison with its Variable", place, remedy)
    elif "Variable" not in place.value and operators and place.value.keys() & _WITHOUT_VARIABLE:
        message = f"{describe(operators[0])} of {place.subject} has no Variable to compare"
        where = (*place.path, operators[0])
        yield Finding("UNSUPPORTED_FIELD", where, message, "remove it", at_key=True)
    elif len(operators) > 1 and place.language != JSONATA:
        message = f"{place.subject} has {listed(operators, 'and')} at once"
        remedy = "keep one of them, or join two rules with `And`"
        where = (*place.path, operators[-1])
        yield Finding("EXCLUSIVE_FIELDS", where, message, remedy, at_key=True)


def _static_result(place: Place) -> Iterator[Finding]:
    for where, item in inside(place.value.get("Result"), (*place.path, "Result")):
        is_dynamic = str(where[-1]).endswith(".$")
        is_path = isinstance(item, str) and looks_dynamic(item, where[len(place.path) :])
        if is_dynamic or is_path:
            what = where[-1] if is_dynamic else item
            message = f"{describe(what)} in the Result of {place.subject} is not evaluated"
            remedy = "write `Parameters` in place of `Result`"
            severity = Severity.WARNING
            yield Finding("PASS_RESULT_IS_STATIC", where, message, remedy, severity, at_key=True)


def _catch_all(place: Place) -> Iterator[Finding]:
    """`States.ALL` must stand alone, and in the last entry of Retry and of Catch."""
    for key in ("Retry", "Catch"):
        match place.value.get(key):
            case list(entries):
                for number, entry in enumerate(entries):
                    names = _names(entry)
                    if "States.ALL" in names and (names[1:] or number < len(entries) - 1):
                        where = (*place.path, key, number, "ErrorEquals", names.index("States.ALL"))
                        message = f"`States.ALL` in {key} of {place.subject} is not alone and last"
                        remedy = "give it an entry of its own, after the others"
                        yield Finding("STATES_ALL_NOT_LAST", where, message, remedy)


def _error_names(place: Place) -> Iterator[Finding]:
    for number, name in enumerate(_names(place.value)):
        if isinstance(name, str) and _is_misspelt(name):
            where = (*place.path, "ErrorEquals", number)
            message = f"{describe(name)} in {place.subject} is no error of Step Functions"
            guess = suggest(name.partition(".")[2], _NAMES).replace("'", "'States.", 1)
            remedy = guess or "name one of your own, without `States.`"
            yield Finding("UNKNOWN_ERROR_NAME", where, message, remedy, Severity.WARNING)


def _coined(place: Place) -> Iterator[Finding]:
    match place.value:
        case {"Error": str(name)} if _is_misspelt(name):
            message = f"{describe(name)} is no error of Step Functions, which owns `States.`"
            remedy = "name it without `States.`, here and where it is caught"
            where, severity = (*place.path, "Error"), Severity.WARNING
            yield Finding("UNKNOWN_ERROR_NAME", where, message, remedy, severity)


def _names(entry: Any) -> list[Any]:
    match entry:
        case {"ErrorEquals": list(names)}:
            return names
    return []


def _is_misspelt(name: str) -> bool:
    """Whether it was to be an error of Step Functions, and is none."""
    if name.startswith("States."):
        return name not in _ERRORS and not _STATUS.fullmatch(name)
    return name.startswith("State.") and name.removeprefix("State.") in _NAMES


RULES: Mapping[str, tuple[Rule, ...]] = {
    "Pass": (_static_result,),
    "Task": (_heartbeat, _credentials, _partition, _no_express, _catch_all),
    "Fail": (_coined,),
    "Parallel": (_catch_all,),
    "Map": (maps.map_, _catch_all),
    "Retrier": (_error_names,),
    "Catcher": (_error_names,),
    "ChoiceRule": (_comparison,),
    "NestedRule": (_comparison,),
    "ProcessorConfig": (maps.mode,),
    "ItemReader": (maps.source,),
    "ReaderConfig": (maps.reader,),
    "ResultWriter": (maps.writer,),
}
"""The rules of each object of the table."""
