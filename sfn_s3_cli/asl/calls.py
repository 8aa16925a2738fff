"""Which calls to services a state makes, and what is wrong with those that are unknown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl import sdk
from sfn_s3_cli.asl.arguments import Arguments
from sfn_s3_cli.asl.integrations import CREDENTIALS, DISTRIBUTED_MAP, FUNCTION, READERS, TABLE
from sfn_s3_cli.asl.spelling import check_optimised, check_sdk
from sfn_s3_cli.asl.states import JSONATA, JSONPATH, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.findings import Finding
    from sfn_s3_cli.asl.grants import Integration
    from sfn_s3_cli.asl.statements import Given

_MANIFESTS = {"s3:getObject": "s3:getObject MANIFEST"}
_ARN = re.compile(r"arn:aws[a-z-]*:(?P<service>[a-z0-9-]+):[^:]*:[^:]*:(?P<rest>.+)", re.DOTALL)


class Call(NamedTuple):
    """A call that a state makes."""

    state: State
    integration: Integration
    arguments: Arguments
    sync: bool = False


def calls(state: State, allowed: Given) -> Iterator[Call | Finding]:
    """The calls of a state, and a finding for each whose permissions nobody knows."""
    if state.type == "Task":
        yield from _task(state, allowed)
    if state.type != "Map":
        return
    if state.is_distributed:
        label = {"Label": state.value.get("Label")}
        yield Call(state, DISTRIBUTED_MAP, Arguments(label, JSONATA))
    for key in ("ItemReader", "ResultWriter"):
        yield from _items(state, key)


def _task(state: State, allowed: Given) -> Iterator[Call | Finding]:
    match state.value:
        case {"Credentials": credentials}:
            yield Call(state, CREDENTIALS, Arguments(credentials, state.language))
        case {"Resource": str(resource)}:
            yield from _resource(state, resource, allowed)


def _resource(state: State, resource: str, allowed: Given) -> Iterator[Call | Finding]:
    """What a Task's Resource stands for: a function, an activity or a call to a service."""
    arn = _ARN.fullmatch(resource)
    rest = arn["rest"] if arn else ""
    match [arn and arn["service"], *rest.split(":")]:
        case ["lambda", "function", _, *_]:
            yield Call(state, FUNCTION, Arguments({"FunctionName": resource}, JSONPATH))
            return
        case ["states", "activity", _]:
            return
        case ["states", "aws-sdk", service, call]:
            operation, _, pattern = call.partition(".")
            row, check = sdk.integration(service, operation), check_sdk
        case ["states", service, call, *version]:
            operation, _, pattern = ":".join([call, *version]).partition(".")
            row, check = TABLE.get(f"{service}:{operation}"), check_optimised
        case _:
            return  # no call at all
    if wrong := check(state, service, operation, allowed):
        yield wrong
    elif row:
        arguments = Arguments.of(state.value, state.language)
        yield Call(state, row, arguments, sync=pattern.startswith("sync"))


def _items(state: State, key: str) -> Iterator[Call]:
    """What a distributed Map reads its items from, or writes its results to.

    There are three such resources; any other is a fault that the linter tells.
    """
    owner = state.value.get(key)
    resource = owner.get("Resource") if isinstance(owner, dict) else None
    if not isinstance(owner, dict) or not isinstance(resource, str):
        return
    arn = _ARN.fullmatch(resource)
    name = arn["rest"] if arn and arn["service"] == "states" else ""
    match owner:
        case {"ReaderConfig": {"InputType": "MANIFEST"} | {"ManifestType": _}}:
            name = _MANIFESTS.get(name, name)
    if row := READERS.get(name):
        yield Call(state, row, Arguments.of(owner, state.language))
