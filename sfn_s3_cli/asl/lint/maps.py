"""What goes together in a Map state: its mode, what it reads and what it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.fields import FIELDS
from sfn_s3_cli.asl.language.resource import read
from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.asl.lint.subjects import lacks, listed, not_express
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.lint.subjects import Place

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

_NEEDED = {
    ("ItemReader", "s3:getObject"): ("Bucket", "Key"),
    ("ItemReader", "s3:listObjectsV2"): ("Bucket",),
    ("ResultWriter", "s3:putObject"): ("Bucket",),
}


def map_(place: Place) -> Iterator[Finding]:
    """Fields by the mode of a Map."""
    for key in _distributed(place):
        if place.state and place.state.container.is_express:
            where = (*place.path, key, "ProcessorConfig", "Mode")
            yield not_express(place, where, "is DISTRIBUTED")
    idle = () if any(_distributed(place)) else (key for key in place.value if key in _DISTRIBUTED)
    for key in idle:
        message = f"{key} has no effect on {place.subject}, which is not DISTRIBUTED"
        remedy = "remove it, or set `Mode: DISTRIBUTED` and an `ExecutionType`"
        where = (*place.path, key)
        yield Finding("DISTRIBUTED_ONLY", where, message, remedy, Severity.WARNING, at_key=True)


def _distributed(place: Place) -> Iterator[str]:
    """The processors that make a Map a distributed one."""
    for key in ("ItemProcessor", "Iterator"):
        match place.value.get(key):
            case {"ProcessorConfig": {"Mode": "DISTRIBUTED"}}:
                yield key


def mode(place: Place) -> Iterator[Finding]:
    match place.value:
        case {"Mode": "INLINE", "ExecutionType": _}:
            message = f"{place.subject} has an ExecutionType, but is INLINE"
            where = (*place.path, "ExecutionType")
            yield Finding("UNSUPPORTED_FIELD", where, message, "remove it", at_key=True)
        case {"Mode": "DISTRIBUTED"} if "ExecutionType" not in place.value:
            remedy = "add `ExecutionType: STANDARD`, or `EXPRESS`"
            yield lacks("ExecutionType", place, remedy)


def source(place: Place) -> Iterator[Finding]:
    """What an ItemReader reads: of one object, both its bucket and its key."""
    yield from _place(place)
    spelled = place.value.keys() <= FIELDS["ItemReader"].keys()
    if _needed(place) and spelled and not place.value.keys() & {"Parameters", "Arguments"}:
        field = _field(place)
        remedy = f"add `{field}` with {listed([f'`{each}`' for each in _needed(place)], 'and')}"
        yield lacks(field, place, remedy)


def _place(place: Place) -> Iterator[Finding]:
    """The bucket, and the key, of what is read or written."""
    field = _field(place)
    match place.value.get(field):
        case dict(given):
            names = {str(key).removesuffix(".$") for key in given}
            if missing := [name for name in _needed(place) if name not in names]:
                remedy = f"add {listed([f'`{each}`' for each in missing], 'and')} to `{field}`"
                yield lacks(listed(missing, "or"), place, remedy)


def _field(place: Place) -> str:
    return "Arguments" if place.language == JSONATA else "Parameters"


def _needed(place: Place) -> tuple[str, ...]:
    called = read(place.value.get("Resource"))
    return _NEEDED.get((place.owner, called.name), ()) if called else ()


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
    destination = _field(place)
    yield from _place(place)
    if not given:
        remedy = f"add `Resource` and `{destination}`, or `WriterConfig`"
        yield lacks("Resource or WriterConfig", place, remedy)
    elif given <= {"Resource", "WriterConfig"} and "Resource" in given:
        yield lacks(destination, place, f"add `{destination}` with the `Bucket`")
    elif "Resource" not in given and given != {"WriterConfig"}:
        yield lacks("Resource", place, "add `Resource: arn:aws:states:::s3:putObject`")
