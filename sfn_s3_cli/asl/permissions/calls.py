"""The calls to services that a state makes, and what is wrong with the unknown ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sfn_s3_cli.asl.language.computed_text import resolve_nothing
from sfn_s3_cli.asl.language.resource import is_function, read_call
from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH, State
from sfn_s3_cli.asl.permissions.arguments import Arguments, read_arguments
from sfn_s3_cli.asl.permissions.integrations import (
    CREDENTIALS,
    DISTRIBUTED_MAP,
    FUNCTION,
    MANIFEST_READER,
    MAP_INTEGRATIONS,
)
from sfn_s3_cli.asl.permissions.sdk_calls import find_integration, find_optimised_integration
from sfn_s3_cli.asl.permissions.unknown_calls import check_call
from sfn_s3_cli.documents.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sfn_s3_cli.asl.language.computed_text import Resolve
    from sfn_s3_cli.asl.permissions.grants import Integration
    from sfn_s3_cli.asl.permissions.user_statements import UserStatements


class StateCall(NamedTuple):
    """A call that a state makes."""

    state: State
    integration: Integration
    arguments: Arguments
    is_sync: bool = False


StateCases: TypeAlias = "Callable[[State], Sequence[Resolve]]"
"""What is known of the values that a state computes, in each case that can occur."""


def predict_nothing(_state: State) -> Sequence[Resolve]:
    """The one case in which every computed value is unknown."""
    return (resolve_nothing,)


def find_calls(
    state: State,
    user_statements: UserStatements | None,
    cases: StateCases = predict_nothing,
) -> Iterator[StateCall | Finding]:
    """Finds the calls of a state, and a finding for each call whose permissions are unknown."""
    if state.type == "Task":
        yield from _read_task(state, user_statements, cases)
    if state.is_distributed:
        label = {"Label": state.value.get("Label")}
        yield StateCall(state, DISTRIBUTED_MAP, Arguments(label, JSONATA))
        for key in ("ItemReader", "ResultWriter"):
            yield from _read_map_field(state, key, cases)


def _read_task(
    state: State, user_statements: UserStatements | None, cases: StateCases
) -> Iterator[StateCall | Finding]:
    """With `Credentials` another role needs the permissions of the call."""
    if "Credentials" not in state.value:
        yield from _read_resource(state, user_statements, cases)
        return
    of_other_role = _read_resource(state, None, cases)
    yield from (each for each in of_other_role if isinstance(each, Finding))
    credentials = Arguments(state.value["Credentials"], state.language, cases(state))
    yield StateCall(state, CREDENTIALS, credentials)


def _read_resource(
    state: State, user_statements: UserStatements | None, cases: StateCases
) -> Iterator[StateCall | Finding]:
    """The call of a Task's Resource: of a function or a service, but not of an activity."""
    resource = state.value.get("Resource")
    if is_function(resource):
        yield StateCall(state, FUNCTION, Arguments({"FunctionName": resource}, JSONPATH))
    if call := read_call(resource):
        if finding := check_call(state, call, user_statements):
            yield finding
        if row := find_integration(call) if call.is_sdk else find_optimised_integration(call.name):
            arguments = read_arguments(state.value, state.language, cases(state))
            yield StateCall(state, row, arguments, is_sync=call.suffix.startswith("sync"))


def _read_map_field(state: State, key: str, cases: StateCases) -> Iterator[StateCall]:
    """The call of an ItemReader or a ResultWriter. The linter reports a wrong Resource."""
    match state.value.get(key):
        case dict(field) if call := read_call(field.get("Resource")):
            row = MAP_INTEGRATIONS.get(call.name)
            match field:
                case {"ReaderConfig": {"InputType": "MANIFEST"} | {"ManifestType": _}}:
                    row = MANIFEST_READER if call.name == MANIFEST_READER.name else row
            if row:
                arguments = read_arguments(field, state.language, cases(state))
                yield StateCall(state, row, arguments)
