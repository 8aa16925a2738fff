"""Checks what a state reads from the context object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.resource import read_call
from sfn_s3_cli.asl.lint.subjects import join_codes, name_state
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.shape import find_missing, list_fields
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.documents.places import ValuePath
    from sfn_s3_cli.documents.shape import FieldPath, Shape

# https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
_FIELDS: Shape = {
    "Execution": {
        "Id": {},
        "Input": None,
        "Name": {},
        "RedriveCount": {},
        "RedriveTime": {},
        "RoleArn": {},
        "StartTime": {},
    },
    "Map": {"Item": {"Index": {}, "Key": {}, "Source": {}, "Value": None}},
    "State": {"EnteredTime": {}, "Name": {}, "RetryCount": {}},
    "StateMachine": {"Id": {}, "Name": {}},
    "Task": {"Token": {}},
}


def check(names: Sequence[str], path: ValuePath, state: State) -> Iterator[Finding]:
    """Warns about fields that the state, or the context object, is not known to have."""
    match names:
        case ["Task", *_] if not _waits_for_token(state):
            message = f"{name_state(state)} reads a task token, but does not wait for one"
            remedy = "end its Resource with `.waitForTaskToken`"
            yield Finding("CONTEXT_FIELD", path, message, remedy, Severity.WARNING)
        case ["Map", *_] if not _is_in_map(state):
            message = f"{name_state(state)} reads a Map item, but is not inside a Map"
            remedy = "read the state's input instead"
            yield Finding("CONTEXT_FIELD", path, message, remedy, Severity.WARNING)
        case _:
            yield from _check_names(tuple(names), path, state)


def _waits_for_token(state: State) -> bool:
    call = read_call(state.value.get("Resource"))
    return bool(call and call.suffix == "waitForTaskToken")


def _is_in_map(state: State | None) -> bool:
    while state and state.type != "Map":
        state = state.container.parent
    return state is not None


def _check_names(names: FieldPath, path: ValuePath, state: State) -> Iterator[Finding]:
    missing = find_missing(_FIELDS, names)
    if missing is None:
        return
    field = ".".join(names[: missing + 1])
    message = f"the state {describe(state.name)} reads `{field}`, which the context object"
    message += " does not have"
    remedy = _suggest(names[missing], list_fields(_FIELDS, names[:missing]))
    yield Finding("CONTEXT_FIELD", path, message, remedy, Severity.WARNING)


def _suggest(name: str, siblings: Sequence[str]) -> str:
    if not siblings:
        return "read the value itself; it has no fields"
    return suggest(name, siblings) or f"read {join_codes(siblings)}"
