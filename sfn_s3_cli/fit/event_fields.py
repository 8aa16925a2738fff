"""Whether the definition reads what the trigger delivers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import found, meant
from sfn_s3_cli.errors import Severity
from sfn_s3_cli.events.shapes import Delivered, delivered
from sfn_s3_cli.fit.reads import Read, reads
from sfn_s3_cli.fit.references import JSONATA_CONTEXT, JSONPATH_CONTEXT, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sfn_s3_cli.config.schema import Trigger
    from sfn_s3_cli.fit.data_flow import Visit
    from sfn_s3_cli.fit.references import Names

_MOST_NAMED = 12
"""So many fields are named at most."""
_KINDS = {("detail-type",), ("source",), ("via",)}
"""The fields by which a definition can tell kinds of events apart."""


def findings(trigger: Trigger, visits: Iterable[Visit]) -> Iterator[Finding]:
    """The fields that the definition reads and that what the trigger delivers does not have."""
    event = delivered(trigger)
    all_reads = [read for visit in visits for read in reads(visit)]
    tested = _tested(all_reads)
    knows_kinds = any(read.field in _KINDS and "Choices" in read.path for read in all_reads)
    for read in all_reads:
        missing = _missing(read, event)
        is_of_another_kind = knows_kinds and not (read.is_needed and read.visit.is_sure)
        if missing is not None and not is_of_another_kind and not tested(read.reference.names):
            yield _finding(read, trigger, event, missing)


def _tested(all_reads: list[Read]) -> Callable[[Names], bool]:
    """Whether the definition asks somewhere if there is such a field, or one around or in it."""
    tests = {read.reference.names for read in all_reads if read.is_tested}
    around = {names[:length] for names in tests for length in range(1, len(names) + 1)}

    def is_tested(names: Names) -> bool:
        return names in around or any(names[:length] in tests for length in range(1, len(names)))

    return is_tested


def _missing(read: Read, event: Delivered) -> int | None:
    """How much of the field there is; None when nothing is missing, or what another read is."""
    missing = None if read.field is None else event.missing(read.field)
    is_of_base = missing is not None and missing < len(read.base)
    return None if is_of_base else missing


def _finding(read: Read, trigger: Trigger, event: Delivered, missing: int) -> Finding:
    state, field = read.visit.state, read.field or ()
    lacking = field[: missing + 1]
    is_certain = event.lacks(lacking)
    has_no = "has no" if is_certain else "is not known to have"
    instead = _elsewhere(read, trigger, event)
    # A plain name such as `$.key` may be what executions get that are started in other ways.
    is_of_an_event = bool(instead) and (len(field) > 1 or trigger.input == "object")
    is_fatal = (
        is_of_an_event
        and is_certain
        and read.is_needed
        and read.visit.is_sure
        and "Catch" not in state.value
    )
    return Finding(
        "EVENT_FIELD",
        read.path,
        f"state {found(state.name)} reads `{read.reference.text}`,"
        f" but {event.words} {has_no} `{'.'.join(lacking)}`",
        instead or _among(read, event.names(field[:missing]), missing),
        Severity.ERROR if is_fatal else Severity.WARNING,
    )


def _elsewhere(read: Read, trigger: Trigger, event: Delivered) -> str:
    """The remedy for a field that another form of the event has; empty when none has it."""
    field = read.field or ()
    same = [_spelled(read, names) for names in event.same(field)]
    if same:
        other = delivered(trigger.model_copy(update={"input": "object"}))
        is_of_document = event.form != "document" and other.missing(field) is None
        instead = ", or set `trigger.input: object`" if is_of_document else ""
        return f"read {' and '.join(same)}{instead}"
    for change in ({"input": "event"}, {"via": "s3"}):
        other = delivered(trigger.model_copy(update=change))
        if other.missing(field) is None:
            return f"set `trigger.{': '.join(*change.items())}`, whose input has it"
    return ""


def _among(read: Read, siblings: list[str], missing: int) -> str:
    """The remedy when nothing is known to be the same: one of the fields that there are."""
    around = _spelled(read, (read.field or ())[:missing])
    if not siblings:
        return f"read {around} itself, it is a plain value"
    if len(siblings) > _MOST_NAMED:
        return meant((read.field or ())[missing], siblings) or f"read a field of {around}"
    return f"read one of {', '.join(f'`{name}`' for name in siblings)} of {around}"


def _spelled(read: Read, field: Names) -> str:
    """A field of what started the execution as this reference would be written."""
    root = read.reference.root
    if field[: len(read.base)] == read.base:
        return f"`{spelled(root, field[len(read.base) :])}`"
    is_jsonata = read.visit.state.language == JSONATA
    return f"`{spelled(JSONATA_CONTEXT if is_jsonata else JSONPATH_CONTEXT, field)}`"
