"""The context object: which fields it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sfn_s3_cli.asl.language.resource import read
from sfn_s3_cli.asl.lint.subjects import called, listed
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.documents.document import ValuePath

Shape: TypeAlias = "Mapping[str, Shape] | None"
"""The fields of a value; None where there may be any."""

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


def check(names: Sequence[str], where: ValuePath, owner: State) -> Iterator[Finding]:
    """What is read of it where it has no such thing, or where it is not known to have it."""
    match names:
        case ["Task", *_] if not _waits(owner):
            message = f"there is no token for {called(owner)}, which does not wait for one"
            remedy = "end its Resource with `.waitForTaskToken`"
            yield Finding("CONTEXT_FIELD", where, message, remedy, Severity.WARNING)
        case ["Map", *_] if not _is_in_map(owner):
            message = f"there is no item for {called(owner)}, which is in no Map"
            remedy = "read the state's input instead"
            yield Finding("CONTEXT_FIELD", where, message, remedy, Severity.WARNING)
        case _:
            yield from _unknown(names, where, owner)


def _waits(state: State) -> bool:
    named = read(state.value.get("Resource"))
    return bool(named and named.how == "waitForTaskToken")


def _is_in_map(state: State | None) -> bool:
    while state and state.type != "Map":
        state = state.container.parent
    return state is not None


def _unknown(names: Sequence[str], where: ValuePath, owner: State) -> Iterator[Finding]:
    """AWS adds fields at times."""
    shape = _FIELDS
    for number, name in enumerate(names):
        if shape is None:
            return
        if name not in shape:
            path = ".".join(names[: number + 1])
            message = (
                f"the context object, which the state {describe(owner.name)} reads, has no `{path}`"
            )
            yield Finding("CONTEXT_FIELD", where, message, _remedy(name, shape), Severity.WARNING)
            return
        shape = shape[name]


def _remedy(name: str, shape: Mapping[str, Shape]) -> str:
    if not shape:
        return "read the value itself, it is a plain one"
    return suggest(name, shape) or f"read {listed([f'`{each}`' for each in shape])}"
