"""Which calls to services a state makes, and what is wrong with those that are unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sfn_s3_cli.asl.language.computed_text import nothing
from sfn_s3_cli.asl.language.resource import is_function, read
from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH, State
from sfn_s3_cli.asl.permissions import sdk
from sfn_s3_cli.asl.permissions.arguments import Arguments
from sfn_s3_cli.asl.permissions.integrations import (
    CREDENTIALS,
    DISTRIBUTED_MAP,
    FUNCTION,
    READERS,
    TABLE,
)
from sfn_s3_cli.asl.permissions.unknown_calls import check
from sfn_s3_cli.documents.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sfn_s3_cli.asl.language.computed_text import Known
    from sfn_s3_cli.asl.permissions.grants import Integration
    from sfn_s3_cli.asl.permissions.statements import Given

_MANIFESTS = {"s3:getObject": "s3:getObject MANIFEST"}


class Call(NamedTuple):
    """A call that a state makes."""

    state: State
    integration: Integration
    arguments: Arguments
    sync: bool = False


Reveal: TypeAlias = "Callable[[State], Sequence[Known]]"
"""What expressions of a state give, in each of the cases that can be."""


def reveals_nothing(_state: State) -> Sequence[Known]:
    return (nothing,)


def calls(
    state: State, allowed: Given | None, reveal: Reveal = reveals_nothing
) -> Iterator[Call | Finding]:
    """The calls of a state, and a finding for each whose permissions nobody knows."""
    if state.type == "Task":
        yield from _task(state, allowed, reveal)
    if state.is_distributed:
        label = {"Label": state.value.get("Label")}
        yield Call(state, DISTRIBUTED_MAP, Arguments(label, JSONATA))
        for key in ("ItemReader", "ResultWriter"):
            yield from _items(state, key, reveal)


def _task(state: State, allowed: Given | None, reveal: Reveal) -> Iterator[Call | Finding]:
    """With `Credentials` the permissions are those of another role."""
    resource = state.value.get("Resource")
    if "Credentials" not in state.value:
        yield from _resource(state, resource, allowed, reveal)
        return
    others = _resource(state, resource, None, reveal)
    yield from (each for each in others if isinstance(each, Finding))
    credentials = state.value["Credentials"]
    yield Call(state, CREDENTIALS, Arguments(credentials, state.language, reveal(state)))


def _resource(
    state: State, resource: object, allowed: Given | None, reveal: Reveal
) -> Iterator[Call | Finding]:
    """What a Task's Resource stands for: a function, an activity or a call to a service."""
    if is_function(resource):
        yield Call(state, FUNCTION, Arguments({"FunctionName": resource}, JSONPATH))
    if called := read(resource):
        if wrong := check(state, called, allowed):
            yield wrong
        if row := sdk.integration(called) if called.is_sdk else TABLE.get(called.name):
            arguments = Arguments.of(state.value, state.language, reveal(state))
            yield Call(state, row, arguments, sync=called.how.startswith("sync"))


def _items(state: State, key: str, reveal: Reveal) -> Iterator[Call]:
    """What a distributed Map reads its items from, or writes its results to.

    There are three such resources; any other is a fault that the linter tells.
    """
    match state.value.get(key):
        case dict(owner) if called := read(owner.get("Resource")):
            name = called.name
            match owner:
                case {"ReaderConfig": {"InputType": "MANIFEST"} | {"ManifestType": _}}:
                    name = _MANIFESTS.get(name, name)
            if row := READERS.get(name):
                yield Call(state, row, Arguments.of(owner, state.language, reveal(state)))
