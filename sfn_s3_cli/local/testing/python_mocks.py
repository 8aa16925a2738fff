"""Mocks that are functions in a Python file."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.local.internals import STATES
from sfn_s3_cli.local.testing.case import Case
from sfn_s3_cli.local.testing.task_failed import TaskFailed


class BadMockError(Exception):
    """The file or the function cannot be used."""


def call(case: Case, mock: JsonObject, resource: str, arguments: object) -> object:
    """Calls the function with the arguments of the call. An exception fails the task, as
    TaskFailed says or with the name of its class as the error."""
    function = _find(case, Path(mock["file"]), mock["function"])
    try:
        result = function(arguments)
    except TaskFailed as failed:
        raise STATES["_ExecutionError"](failed.error, failed.cause) from None
    except Exception as error:  # noqa: BLE001  (the code of the user)
        name = type(error).__name__
        raise STATES["_ExecutionError"](name, _write_cause(resource, name, error)) from None
    try:
        converted: object = json.loads(json.dumps(result, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise BadMockError(f"{mock['function']} did not return JSON: {error}") from None
    return converted


def _write_cause(resource: str, name: str, error: Exception) -> str:
    """Lambda writes its errors as JSON
    (https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html)."""
    if ":lambda:" not in resource:
        return str(error)
    return json.dumps({"errorMessage": str(error), "errorType": name, "stackTrace": []})


def _find(case: Case, path: Path, name: str) -> Callable[[object], object]:
    module = case.modules.get(str(path)) or _load(path)
    case.modules[str(path)] = module
    function = getattr(module, name, None)
    if not callable(function):
        raise BadMockError(f"{path} has no function {name!r}")
    found: Callable[[object], object] = function
    return found


def _load(path: Path) -> ModuleType:
    """Loads the file anew, so that no case sees what another one left in it."""
    folder = str(path.parent)
    if folder not in sys.path:
        sys.path.append(folder)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise BadMockError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # noqa: BLE001  (the code of the user)
        raise BadMockError(f"{path} cannot be loaded: {type(error).__name__}: {error}") from None
    return module
