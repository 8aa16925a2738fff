"""Checks which fields and values of an object go together: rules beyond the table of fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from sfn_s3_cli.asl.language.fields import FIELDS_OF, OPERATORS
from sfn_s3_cli.asl.language.resource import has_partition
from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.asl.language.values import walk_values
from sfn_s3_cli.asl.lint import error_names, maps
from sfn_s3_cli.asl.lint.jsonpath import looks_dynamic
from sfn_s3_cli.asl.lint.subjects import join_words, report_express, report_missing
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sfn_s3_cli.asl.lint.subjects import Subject

FieldRule: TypeAlias = "Callable[[Subject], Iterator[Finding]]"

_NOT_IN_EXPRESS = {
    re.compile(r"\.sync(:2)?$"): "waits for a job to end",
    re.compile(r"\.waitForTaskToken$"): "waits for a task token",
    re.compile(r":activity:"): "is an activity",
}
_WITHOUT_VARIABLE = {"And", "Or", "Not", "Condition"}


def _check_heartbeat(subject: Subject) -> Iterator[Finding]:
    match subject.value:
        case {"HeartbeatSeconds": int(beat), "TimeoutSeconds": int(timeout)} if beat >= timeout:
            message = f"the heartbeat of {subject.name} is not shorter than its timeout"
            remedy = f"make it less than {timeout}"
            yield Finding("INVALID_VALUE", (*subject.path, "HeartbeatSeconds"), message, remedy)


def _check_credentials(subject: Subject) -> Iterator[Finding]:
    match subject.value:
        case {"Credentials": dict(credentials)}:
            path = (*subject.path, "Credentials")
            if not credentials.keys() & {"RoleArn", "RoleArn.$"}:
                message = f"the Credentials of {subject.name} do not name a role"
                yield Finding("MISSING_FIELD", path, message, "add `RoleArn`", at_key=True)
            if ":activity:" in str(subject.value.get("Resource")):
                message = f"{subject.name} is an activity, which cannot have Credentials"
                yield Finding("UNSUPPORTED_FIELD", path, message, "remove them", at_key=True)


def _check_partition(subject: Subject) -> Iterator[Finding]:
    match subject.value.get("Resource"):
        case str(resource) if resource.startswith("arn:") and not has_partition(resource):
            partition = describe(resource.split(":")[1])
            message = f"the Resource of {subject.name} has the partition {partition}, which"
            message += " does not exist"
            path, severity = (*subject.path, "Resource"), Severity.WARNING
            yield Finding("INVALID_RESOURCE", path, message, "write `arn:aws:`", severity)


def _check_express(subject: Subject) -> Iterator[Finding]:
    """Checks Tasks of an EXPRESS workflow, or of the EXPRESS child executions of a Map."""
    match subject.state, subject.value.get("Resource"):
        case state, str(resource) if state and state.container.is_express:
            for pattern, what in _NOT_IN_EXPRESS.items():
                if pattern.search(resource):
                    yield report_express(subject, (*subject.path, "Resource"), what)


def _check_comparison(subject: Subject) -> Iterator[Finding]:
    """Checks that a choice rule has one comparison with its Variable, and none without one."""
    operators = [name for name in subject.value if name in OPERATORS]
    unknown = subject.value.keys() - FIELDS_OF[subject.object].keys()
    if "Variable" in subject.value and not (operators or unknown or subject.language == JSONATA):
        remedy = "add one, such as `StringEquals` or `IsPresent`"
        yield report_missing("comparison with its Variable", subject, remedy)
    elif "Variable" not in subject.value and operators and subject.value.keys() & _WITHOUT_VARIABLE:
        message = f"{describe(operators[0])} of {subject.name} has no Variable to compare"
        path = (*subject.path, operators[0])
        yield Finding("UNSUPPORTED_FIELD", path, message, "remove it", at_key=True)
    elif len(operators) > 1 and subject.language != JSONATA:
        message = (
            f"{subject.name} has {join_words(operators, 'and')}, but can have only one of them"
        )
        remedy = "keep one of them, or join two rules with `And`"
        path = (*subject.path, operators[-1])
        yield Finding("EXCLUSIVE_FIELDS", path, message, remedy, at_key=True)


def _check_result(subject: Subject) -> Iterator[Finding]:
    """Warns about a Result that looks evaluated."""
    for path, item in walk_values(subject.value.get("Result"), (*subject.path, "Result")):
        is_dynamic = str(path[-1]).endswith(".$")
        is_path = isinstance(item, str) and looks_dynamic(item, path[len(subject.path) :])
        if is_dynamic or is_path:
            what = path[-1] if is_dynamic else item
            message = f"{describe(what)} in the Result of {subject.name} is not evaluated"
            remedy = "use `Parameters` instead of `Result`"
            severity = Severity.WARNING
            yield Finding("PASS_RESULT_IS_STATIC", path, message, remedy, severity, at_key=True)


RULES: Mapping[str, tuple[FieldRule, ...]] = {
    "Pass": (_check_result,),
    "Task": (
        _check_heartbeat,
        _check_credentials,
        _check_partition,
        _check_express,
        error_names.check_catch_all,
    ),
    "Fail": (error_names.check_fail,),
    "Parallel": (error_names.check_catch_all,),
    "Map": (maps.check_mode, error_names.check_catch_all),
    "Retrier": (error_names.check_names,),
    "Catcher": (error_names.check_names,),
    "ChoiceRule": (_check_comparison,),
    "NestedRule": (_check_comparison,),
    "ProcessorConfig": (maps.check_processor_config,),
    "ItemReader": (maps.check_item_reader,),
    "ReaderConfig": (maps.check_reader_config,),
    "ResultWriter": (maps.check_result_writer,),
}
"""The rules of each object of the table of fields."""
