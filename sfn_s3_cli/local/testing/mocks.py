"""Answers the calls of tasks with the mocks of the case, and notes what was called."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.local.internals import STATES, Request
from sfn_s3_cli.local.repairs import running
from sfn_s3_cli.local.testing import nested, python_mocks
from sfn_s3_cli.local.testing.case import Case, UsedUpError, current
from sfn_s3_cli.local.testing.wire import Mocks

_CALLBACK = ".waitForTaskToken"
_S3 = "arn:aws:states:::aws-sdk:s3:"


def install() -> None:
    """Stands between the states and the services. Install it before the repairs: they check the
    arguments of a call, and write its events."""
    STATES.repair("_invoke_resource", invoke)
    STATES.repair("_invoke_with_callback", invoke)
    STATES.repair("_read_map_items", read_items)


def invoke(original: Callable[..., Any], resource: str, arguments: Any, *more: Any) -> Any:
    """Answers a call. One that waits for its task token needs an answer to that."""
    case, state = current.get(), _find_state()
    if case is None:
        return original(resource, arguments, *more)
    call = _note(case, state, resource, arguments)
    mock = _take(case, case.mocks, call)
    if _CALLBACK in resource:
        answer = _take(case, case.answers, call)
        if mock is None and answer is None:
            raise case.stop("NO_ANSWER", **call)
        result = _play(case, mock, call) if mock is not None else None
        return result if answer is None else _play(case, answer, call)
    if mock is not None:
        return _play(case, mock, call)
    if case.has_objects and resource.startswith(_S3):
        return original(resource, arguments, *more)
    raise case.stop("NO_MOCK", **call)


def read_items(original: Callable[..., Any], reader: Request, effective: Any, context: Any) -> Any:
    """Answers the ItemReader of a Map, whose mock returns the items."""
    case, state = current.get(), context["State"]["Name"]
    if case is None:
        return original(reader, effective, context)
    template = reader.get("Parameters") or reader.get("Arguments") or {}
    arguments = STATES["_resolve_params_obj"](template, effective, context)
    call = _note(case, state, reader.get("Resource", ""), arguments)
    mock = _take(case, case.mocks, call)
    if mock is None:
        if case.has_objects:
            return original(reader, effective, context)
        raise case.stop("NO_ITEMS", **call)
    items = _play(case, mock, call)
    if not isinstance(items, list):
        raise case.stop("NO_LIST", **call)
    return items


def dispatch(original: Callable[..., Any], *call: Any) -> Any:
    """Writes the results of a Map only if the case has S3."""
    case = current.get()
    return {} if case is not None and not case.has_objects else original(*call)


def install_last() -> None:
    """Wraps the repairs too: what reaches S3 past the mocks is what a Map writes."""
    STATES.repair("_dispatch_aws_sdk_rest_xml", dispatch)


def _note(case: Case, state: str, resource: str, arguments: Any) -> JsonObject:
    """Notes a call, as it is now."""
    case.calls.append({"state": state, "resource": resource, "arguments": copy.deepcopy(arguments)})
    return {**case.calls[-1]}


def _find_state() -> str:
    context = running.find_context()
    return str(context["State"]["Name"]) if context else ""


def _take(case: Case, mocks: Mocks, call: JsonObject) -> JsonObject | None:
    try:
        return case.take(mocks, call["state"])
    except UsedUpError:
        code = "ANSWERS_USED_UP" if mocks is case.answers else "MOCKS_USED_UP"
        count = len(mocks[call["state"]])
        raise case.stop(code, count=count, **call) from None


def _play(case: Case, mock: JsonObject, call: JsonObject) -> Any:
    """What a mock answers."""
    match mock:
        case {"throw": {"error": str(error), **rest}}:
            raise STATES["_ExecutionError"](error, rest.get("cause") or "")
        case {"python": dict(function)}:
            try:
                return python_mocks.call(
                    case, function, call["resource"], copy.deepcopy(call.get("arguments"))
                )
            except python_mocks.BadMockError as error:
                raise case.stop("BAD_PYTHON", message=str(error), **call) from None
        case {"definition": dict(definition)}:
            return nested.run(case, definition, mock.get("mocks", {}), call)
    return copy.deepcopy(mock["return"])
