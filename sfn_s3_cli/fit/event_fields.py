"""Checks that the definition reads only fields that its input has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import Severity
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.execution_input import ExecutionInput, describe_input
from sfn_s3_cli.fit.field_reads import FieldRead, find_reads
from sfn_s3_cli.fit.references import JSONATA_CONTEXT, JSONPATH_CONTEXT, write_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sfn_s3_cli.config.schema import Trigger
    from sfn_s3_cli.documents.shape import FieldPath
    from sfn_s3_cli.fit.data_flow import ReachedState

_MOST_LISTED = 12
"""The most fields that a remedy lists."""
_EVENT_TYPES = {("detail-type",), ("source",), ("via",)}
"""The fields by which a definition can tell different kinds of input apart."""
_FORM_NAMES = {
    (name,)
    for name in ("detail-type", "eventType", "eventName", "event", "reason", "deletion-type")
}
"""The names of fields by which it can tell the events of one trigger apart."""


def check_event_fields(trigger: Trigger, states: Iterable[ReachedState]) -> Iterator[Finding]:
    """Find the fields that the definition reads and its input does not have."""
    given = describe_input(trigger)
    reads = [read for state in states for read in find_reads(state)]
    is_tested = _collect_tests(reads)
    tells_events_apart = any(
        read.field in _EVENT_TYPES and "Choices" in read.path for read in reads
    )
    tells_forms_apart = any(
        (read.field or ())[-1:] in _FORM_NAMES and "Choices" in read.path for read in reads
    )
    for read in reads:
        missing = _find_missing(read, given)
        if is_tested(read.reference.field):
            continue
        if missing is None:
            if not tells_forms_apart:
                yield from _report_gap(read, given)
        elif not tells_events_apart or (read.is_needed and read.reader.is_certain):
            yield _report(read, trigger, given, missing)


def _collect_tests(reads: list[FieldRead]) -> Callable[[FieldPath], bool]:
    """Collect what the definition tests for existence, to ask if that concerns a field."""
    tests = {read.reference.field for read in reads if read.is_tested}
    around = {field[:length] for field in tests for length in range(1, len(field) + 1)}

    def is_tested(field: FieldPath) -> bool:
        return field in around or any(field[:length] in tests for length in range(1, len(field)))

    return is_tested


def _find_missing(read: FieldRead, given: ExecutionInput) -> int | None:
    """Find the first missing name of the field; None if another read is to blame for it."""
    missing = None if read.field is None else given.find_missing(read.field)
    is_before_start = missing is not None and missing < len(read.start)
    return None if is_before_start else missing


def _report(read: FieldRead, trigger: Trigger, given: ExecutionInput, missing: int) -> Finding:
    state, field = read.reader.state, read.field or ()
    is_certain = given.is_certain_to_lack(field[: missing + 1])
    has_no = "has no" if is_certain else "is not known to have"
    replacement = _suggest_replacement(read, trigger, given)
    # Executions that are started in other ways may have a plain field such as `$.key`.
    is_of_an_event = bool(replacement) and (len(field) > 1 or given.is_normalised)
    always_fails = read.is_needed and read.reader.is_certain and "Catch" not in state.value
    is_error = is_of_an_event and is_certain and always_fails
    return Finding(
        "EVENT_FIELD",
        read.path,
        f"the state {describe(state.name)} reads `{read.reference.text}`,"
        f" but {given.description} {has_no} `{'.'.join(field[: missing + 1])}`",
        replacement or _suggest_sibling(read, given, missing),
        Severity.ERROR if is_error else Severity.WARNING,
    )


def _report_gap(read: FieldRead, given: ExecutionInput) -> Iterator[Finding]:
    """Report a field that the state needs and that only some of the events have."""
    gap = given.find_gap(read.field) if read.field and read.is_needed else None
    if gap:
        name = describe(read.reader.state.name)
        yield Finding(
            "EVENT_FIELD",
            read.path,
            f"the state {name} reads `{read.reference.text}`, but {gap.lacking} may have no"
            f" `{gap.field}`",
            gap.remedy,
            Severity.WARNING,
        )


def _suggest_replacement(read: FieldRead, trigger: Trigger, given: ExecutionInput) -> str:
    """Suggest where to find what the field holds in other inputs; empty if none has it."""
    field = read.field or ()
    equivalents = [_write(read, each) for each in given.find_equivalents(field)]
    if equivalents:
        normalised = describe_input(trigger.model_copy(update={"input": "object"}))
        has_it = not given.is_normalised and normalised.find_missing(field) is None
        alternative = ", or set `trigger.input: object`" if has_it else ""
        return f"read {' and '.join(equivalents)}{alternative}"
    suggested = ({"via": via} for via, source in SOURCES.items() if source.IS_SUGGESTED)
    for change in ({"input": "event"}, *suggested):
        if describe_input(trigger.model_copy(update=change)).find_missing(field) is None:
            return f"set `trigger.{': '.join(*change.items())}`, then the input has it"
    as_event = describe_input(trigger.model_copy(update={"input": "event"}))
    if given.is_normalised and (there := as_event.find_equivalents(field)):
        return f"set `trigger.input: event` and read {' and '.join(_write(read, f) for f in there)}"
    return ""


def _suggest_sibling(read: FieldRead, given: ExecutionInput, missing: int) -> str:
    """Suggest another field of the same object."""
    field = read.field or ()
    parent, siblings = _write(read, field[:missing]), given.list_fields(field[:missing])
    if not siblings:
        return f"read {parent} itself, which is a plain value"
    if len(siblings) > _MOST_LISTED:
        return suggest(field[missing], siblings) or f"read a field of {parent}"
    return f"read one of the fields of {parent}: {', '.join(f'`{name}`' for name in siblings)}"


def _write(read: FieldRead, field: FieldPath) -> str:
    """Write a field of the execution's input in the way of the reference."""
    start = read.start
    if field[: len(start)] == start:
        return f"`{write_reference(read.reference.root, field[len(start) :])}`"
    is_jsonata = read.reader.state.language == JSONATA
    return f"`{write_reference(JSONATA_CONTEXT if is_jsonata else JSONPATH_CONTEXT, field)}`"
