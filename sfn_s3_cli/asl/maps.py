"""What goes together in a Map state: its mode, what it reads and what it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.findings import Finding
from sfn_s3_cli.asl.place import lacks, not_express
from sfn_s3_cli.asl.states import JSONATA
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.place import Place

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


def map_(place: Place) -> Iterator[Finding]:
    """Fields by the mode of a Map."""
    is_distributed = False
    for key in ("ItemProcessor", "Iterator"):
        match place.value.get(key):
            case {"ProcessorConfig": {"Mode": "DISTRIBUTED"}}:
                is_distributed = True
                if place.state and place.state.container.is_express:
                    message = f"{place.subject} is DISTRIBUTED, but runs in an EXPRESS workflow"
                    yield not_express((*place.path, key, "ProcessorConfig", "Mode"), message)
    if not is_distributed:
        for key in (key for key in place.value if key in _DISTRIBUTED):
            message = f"{key} has no effect on {place.subject}, which is not DISTRIBUTED"
            remedy = "remove it, or set `Mode: DISTRIBUTED` and an `ExecutionType`"
            where = (*place.path, key)
            yield Finding("DISTRIBUTED_ONLY", where, message, remedy, Severity.WARNING, at_key=True)


def mode(place: Place) -> Iterator[Finding]:
    match place.value:
        case {"Mode": "INLINE", "ExecutionType": _}:
            message = f"{place.subject} has an ExecutionType, but is INLINE"
            where = (*place.path, "ExecutionType")
            yield Finding("UNSUPPORTED_FIELD", where, message, "remove it", at_key=True)
        case {"Mode": "DISTRIBUTED"} if "ExecutionType" not in place.value:
            remedy = "add `ExecutionType: STANDARD`, or `EXPRESS`"
            yield lacks("ExecutionType", place, remedy)


def reader(place: Place) -> Iterator[Finding]:
    match place.value:
        case {"InputType": "CSV"} if not {"CSVHeaderLocation", "ManifestType"} & {*place.value}:
            yield lacks("CSVHeaderLocation", place, "add `CSVHeaderLocation: FIRST_ROW`")
        case {"InputType": "JSON", "CSVHeaderLocation": _}:
            message = f"{place.subject} has a CSVHeaderLocation, but reads JSON"
            where = (*place.path, "CSVHeaderLocation")
            yield Finding("UNSUPPORTED_FIELD", where, message, "remove it", at_key=True)
        case {"CSVHeaderLocation": "GIVEN"} if "CSVHeaders" not in place.value:
            yield lacks("CSVHeaders", place, "add `CSVHeaders`, the list of the columns' names")


def writer(place: Place) -> Iterator[Finding]:
    given = {"Resource", "WriterConfig", "Parameters", "Arguments"} & place.value.keys()
    destination = "Arguments" if place.language == JSONATA else "Parameters"
    if not given:
        remedy = f"add `Resource` and `{destination}`, or `WriterConfig`"
        yield lacks("Resource or WriterConfig", place, remedy)
    elif given <= {"Resource", "WriterConfig"} and "Resource" in given:
        yield lacks(destination, place, f"add `{destination}` with the `Bucket`")
    elif "Resource" not in given and given != {"WriterConfig"}:
        yield lacks("Resource", place, "add `Resource: arn:aws:states:::s3:putObject`")
