"""Checks which fields of a Map go together: its mode, what it reads and what it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.fields import FIELDS_OF
from sfn_s3_cli.asl.language.resource import read_call
from sfn_s3_cli.asl.language.states import JSONATA, has_distributed_mode
from sfn_s3_cli.asl.lint.subjects import join_codes, join_words, report_express, report_missing
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.lint.subjects import Subject

_DISTRIBUTED = (
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
)

_REQUIRED = {
    ("ItemReader", "s3:getObject"): ("Bucket", "Key"),
    ("ItemReader", "s3:listObjectsV2"): ("Bucket",),
    ("ResultWriter", "s3:putObject"): ("Bucket",),
}


def check_mode(subject: Subject) -> Iterator[Finding]:
    """Checks fields of DISTRIBUTED Maps, and that no EXPRESS execution has such a Map."""
    distributed = [
        key for key in ("ItemProcessor", "Iterator") if has_distributed_mode(subject.value.get(key))
    ]
    for key in distributed:
        if subject.state and subject.state.container.is_express:
            path = (*subject.path, key, "ProcessorConfig", "Mode")
            yield report_express(subject, path, "is DISTRIBUTED")
    for key in () if distributed else (key for key in subject.value if key in _DISTRIBUTED):
        message = f"{key} has no effect on {subject.name}, which is not DISTRIBUTED"
        remedy = "remove it, or set `Mode: DISTRIBUTED` and an `ExecutionType`"
        path = (*subject.path, key)
        yield Finding("DISTRIBUTED_ONLY", path, message, remedy, Severity.WARNING, at_key=True)


def check_processor_config(subject: Subject) -> Iterator[Finding]:
    match subject.value:
        case {"Mode": "INLINE", "ExecutionType": _}:
            message = f"{subject.name} has an ExecutionType, but is INLINE"
            path = (*subject.path, "ExecutionType")
            yield Finding("UNSUPPORTED_FIELD", path, message, "remove it", at_key=True)
        case {"Mode": "DISTRIBUTED"} if "ExecutionType" not in subject.value:
            remedy = "add `ExecutionType: STANDARD`, or `EXPRESS`"
            yield report_missing("ExecutionType", subject, remedy)


def check_item_reader(subject: Subject) -> Iterator[Finding]:
    yield from _check_s3_location(subject)
    required = _list_required(subject)
    has_misspelt = bool(subject.value.keys() - FIELDS_OF["ItemReader"].keys())
    if required and not has_misspelt and not subject.value.keys() & {"Parameters", "Arguments"}:
        field = _name_arguments(subject)
        yield report_missing(field, subject, f"add `{field}` with {join_codes(required, 'and')}")


def check_reader_config(subject: Subject) -> Iterator[Finding]:
    match subject.value:
        case {"InputType": "CSV"} if not {"CSVHeaderLocation", "ManifestType"} & {*subject.value}:
            remedy = "add `CSVHeaderLocation: FIRST_ROW`"
            yield report_missing("CSVHeaderLocation", subject, remedy)
        case {"InputType": "JSON", "CSVHeaderLocation": _}:
            message = f"{subject.name} has a CSVHeaderLocation, but reads JSON"
            path = (*subject.path, "CSVHeaderLocation")
            yield Finding("UNSUPPORTED_FIELD", path, message, "remove it", at_key=True)
        case {"CSVHeaderLocation": "GIVEN"} if "CSVHeaders" not in subject.value:
            remedy = "add `CSVHeaders`, the list of the columns' names"
            yield report_missing("CSVHeaders", subject, remedy)


def check_result_writer(subject: Subject) -> Iterator[Finding]:
    present = {"Resource", "WriterConfig", "Parameters", "Arguments"} & subject.value.keys()
    field = _name_arguments(subject)
    yield from _check_s3_location(subject)
    if not present:
        remedy = f"add `Resource` and `{field}`, or `WriterConfig`"
        yield report_missing("Resource or WriterConfig", subject, remedy)
    elif present <= {"Resource", "WriterConfig"} and "Resource" in present:
        yield report_missing(field, subject, f"add `{field}` with the `Bucket`")
    elif "Resource" not in present and present != {"WriterConfig"}:
        remedy = "add `Resource: arn:aws:states:::s3:putObject`"
        yield report_missing("Resource", subject, remedy)


def _check_s3_location(subject: Subject) -> Iterator[Finding]:
    """Checks the bucket and the key of what is read or written."""
    field = _name_arguments(subject)
    match subject.value.get(field):
        case dict(arguments):
            names = {str(key).removesuffix(".$") for key in arguments}
            if missing := [name for name in _list_required(subject) if name not in names]:
                remedy = f"add {join_codes(missing, 'and')} to `{field}`"
                yield report_missing(join_words(missing), subject, remedy)


def _name_arguments(subject: Subject) -> str:
    """Names the field with the arguments, which depends on the query language."""
    return "Arguments" if subject.language == JSONATA else "Parameters"


def _list_required(subject: Subject) -> tuple[str, ...]:
    call = read_call(subject.value.get("Resource"))
    return _REQUIRED.get((subject.object, call.name), ()) if call else ()
