"""Workflows that a task starts, and that the mock of the task gives as a definition."""

from __future__ import annotations

import json
from typing import Any

from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.local.internals import STATES
from sfn_s3_cli.local.testing import machines
from sfn_s3_cli.local.testing.case import Case, current
from sfn_s3_cli.local.testing.wire import Mocks

_NAME_PART = 6
"""Of the ARN of a state machine; a version or an alias follows it."""


def run(case: Case, definition: JsonObject, mocks: Mocks, call: JsonObject) -> Any:
    """Runs the definition as the workflow that `states:startExecution` names, with mocks of its
    own."""
    resource, arguments = call["resource"], call["arguments"]
    wanted = str(arguments.get("StateMachineArn", ""))
    parts = wanted.split(":")
    name = parts[_NAME_PART] if len(parts) > _NAME_PART else "nested"
    arn = machines.create(name, definition)
    inner = Case(mocks, {}, has_objects=case.has_objects, modules=case.modules)
    token = current.set(inner)
    try:
        result = STATES[_find_function(resource)](resource, {**arguments, "StateMachineArn": arn})
    except STATES["_ExecutionError"] as error:
        cause = error.cause.replace(json.dumps(arn), json.dumps(wanted))
        raise STATES["_ExecutionError"](error.error, cause) from None
    finally:
        current.reset(token)
        if inner.failure:
            inside = [call["state"], *inner.failure.get("inside", ())]
            case.failure = case.failure or {**inner.failure, "inside": inside}
    if case.failure:
        raise case.stop(case.failure["code"])
    return {**result, "StateMachineArn": wanted} if "StateMachineArn" in result else result


def _find_function(resource: str) -> str:
    is_awaited = ".sync" in resource
    return f"_invoke_nested_start_execution{'_sync' if is_awaited else ''}"
