"""Which calls to services a state makes, and what is wrong with those that are unknown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl import sdk
from sfn_s3_cli.asl.arguments import Arguments
from sfn_s3_cli.asl.findings import Finding
from sfn_s3_cli.asl.integrations import CREDENTIALS, DISTRIBUTED_MAP, FUNCTION, READERS, TABLE
from sfn_s3_cli.asl.states import JSONATA, JSONPATH, State
from sfn_s3_cli.config.words import found, meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.grants import Integration
    from sfn_s3_cli.asl.statements import Given

_ARN = re.compile(r"arn:aws[a-z-]*:(?P<service>[a-z0-9-]+):[^:]*:[^:]*:(?P<rest>.+)", re.DOTALL)


class Call(NamedTuple):
    """A call that a state makes."""

    state: State
    integration: Integration
    arguments: Arguments
    sync: bool = False


def calls(state: State, machine: str, allowed: Given) -> Iterator[Call | Finding]:
    """The calls of a state, and a finding for each whose permissions nobody knows."""
    if state.type == "Task":
        yield from _task(state, allowed)
    if state.type != "Map":
        return
    if state.is_distributed:
        names = {"MACHINE": machine, "Label": state.value.get("Label")}
        yield Call(state, DISTRIBUTED_MAP, Arguments(names, JSONATA))
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
            row = sdk.integration(service, operation)
        case ["states", service, call, *version]:
            operation, _, pattern = ":".join([call, *version]).partition(".")
            row = TABLE.get(f"{service}:{operation}")
        case _:
            return  # no call at all
    if row:
        arguments = Arguments.of(state.value, state.language)
        yield Call(state, row, arguments, sync=pattern.startswith("sync"))
    elif not _vouched(rest, service, operation, allowed):
        yield _unknown(state, rest, service, operation)


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
        case {"ReaderConfig": {"InputType": "MANIFEST"}} if name == "s3:getObject":
            name += " MANIFEST"
    if row := READERS.get(name):
        yield Call(state, row, Arguments.of(owner, state.language))


def _vouched(rest: str, service: str, operation: str, allowed: Given) -> bool:
    """Whether the user's statements stand for a call that is unknown."""
    known = sdk.service(service) if rest.startswith("aws-sdk:") else None
    prefix = known.prefix if known else service
    if allowed.names(f"{prefix}:{operation}") or allowed.names(f"{service}:{operation}"):
        return True
    misspelt = known and operation.lower() not in known.operations
    return not misspelt and (allowed.knows(prefix) or allowed.knows(service))


def _unknown(state: State, rest: str, service: str, operation: str) -> Finding:
    path = (*state.path, "Resource")
    by_sdk = rest.startswith("aws-sdk:")
    known = sdk.service(service) if by_sdk else None
    action = f"{known.prefix if known else service}:{operation[:1].upper()}{operation[1:]}"
    statement = "{Effect: Allow, Action: " + repr(action) + ", Resource: '*'}"
    remedy = f"name what it may do under `role.statements`, such as `{statement}`"
    if known and operation.lower() not in known.operations:
        message = (
            f"state {found(state.name)} calls {found(operation)}, which {service} does not have"
        )
        hint = meant(operation, known.names)
        return Finding("INVALID_RESOURCE", path, message, f"{hint} If it is new, {remedy}".lstrip())
    if by_sdk:
        hint = meant(f"aws-sdk:{service}", [f"aws-sdk:{each}" for each in sdk.services()])
    elif service in sdk.services() and sdk.integration(service, operation):
        hint = f"did you mean 'aws-sdk:{service}:{operation}'?"
    else:
        hint = meant(f"{service}:{operation}", TABLE)
    message = (
        f"state {found(state.name)} uses {found(rest)}, whose permissions sfnctl does not know"
    )
    if not known and hint:
        remedy = f"{hint} If not, {remedy}"
    return Finding("UNKNOWN_INTEGRATION", path, message, remedy)
