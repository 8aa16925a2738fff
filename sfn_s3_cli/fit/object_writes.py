"""Which objects a state writes or deletes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language.resource import read_call
from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.fit.text_values import UNKNOWN, Text, TextResolver, join
from sfn_s3_cli.fit.writing_calls import RESULT_WRITER, WRITING_CALLS, WritingCall
from sfn_s3_cli.json_types import JsonObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.documents.places import ValuePath

_ADDRESS = re.compile(r"s3://(?P<bucket>[^/]+)(?:/(?P<key>.*))?", re.DOTALL)


class ObjectWrite(NamedTuple):
    """A call in a definition that writes or deletes objects."""

    call: WritingCall
    parameters: JsonObject
    path: ValuePath
    """The path of the parameters in the definition."""


class ObjectAddress(NamedTuple):
    """What is known about the bucket and the key of an object."""

    bucket: Text
    key: Text


def find_writes(state: State) -> Iterator[ObjectWrite]:
    """Find what the state itself writes: by the call of a Task, or as the results of a Map."""
    name = "Arguments" if state.language == JSONATA else "Parameters"
    match state.value:
        case {"Type": "Task", "Resource": str(resource)}:
            called = read_call(resource)
            call = WRITING_CALLS.get(called.key) if called else None
            parameters, path = state.value.get(name), [name]
        case {"ResultWriter": dict(writer)} if state.is_distributed:
            call, parameters, path = RESULT_WRITER, writer.get(name), ["ResultWriter", name]
        case _:
            return
    # With `IfNoneMatch` a second write to the same key fails, see
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    if call and isinstance(parameters, dict) and "IfNoneMatch" not in parameters:
        yield ObjectWrite(call, parameters, (*state.path, *path))


def resolve_address(write: ObjectWrite, resolver: TextResolver) -> ObjectAddress | None:
    """Resolve where the call writes; None if nothing says in which bucket."""
    call = write.call
    bucket = resolver.resolve_member(*_find_parameter(write, call.bucket))
    if bucket is None:
        return None
    appended = (UNKNOWN,) if (call.key or call.bucket).endswith("*") else ()
    if call.key:
        key = resolver.resolve_member(*_find_parameter(write, call.key))
        if key is None:
            return ObjectAddress(bucket, (UNKNOWN,))
        slash = ("/",) if call.key.endswith("/*") and not _is_folder(key) else ()
        return ObjectAddress(bucket, join((*key, *slash, *appended)))
    match bucket:
        case [str(start), *rest] if address := _ADDRESS.fullmatch(start):
            if address["key"] is not None or not rest:
                key = join((address["key"] or "", *rest, *appended))
                return ObjectAddress((address["bucket"],), key)
    return None


def locate_key(write: ObjectWrite) -> ValuePath:
    """Locate the key in the definition, or else the bucket."""
    for parameter in filter(None, (write.call.key, write.call.bucket)):
        owner, name = _find_parameter(write, parameter)
        for key in (name, f"{name}.$"):
            if key in owner:
                return (*write.path, *parameter.split(".")[:-1], key)
    return write.path


def _is_folder(key: Text) -> bool:
    return not key or str(key[-1]).endswith("/")


def _find_parameter(write: ObjectWrite, parameter: str) -> tuple[JsonObject, str]:
    """Find the mapping that can have the parameter, and its name there, in upper or lower case."""
    owner = write.parameters
    *outer, name = parameter.rstrip("/*").split(".")
    for each in outer:
        inside = owner.get(_find_spelling(owner, each))
        owner = inside if isinstance(inside, dict) else {}
    return owner, _find_spelling(owner, name)


def _find_spelling(parameters: JsonObject, name: str) -> str:
    names = (str(key).removesuffix(".$") for key in parameters)
    return next((each for each in names if each.lower() == name.lower()), name)
