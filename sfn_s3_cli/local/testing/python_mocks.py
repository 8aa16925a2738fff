"""Mocks that are functions in a Python file."""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextvars import copy_context
from functools import partial
from itertools import count
from pathlib import Path
from types import ModuleType

from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.local.internals import STATES
from sfn_s3_cli.local.testing.case import Case
from sfn_s3_cli.local.testing.task_failed import TaskFailed

_MOST_SECONDS = 60
_numbers = count()


class BadMockError(Exception):
    """The file or the function cannot be used."""


def call(case: Case, mock: JsonObject, resource: str, arguments: object) -> object:
    """Calls the function with the arguments of the call. An exception fails the task, as
    TaskFailed says or with the name of its class as the error."""
    name = f"{mock['function']} in {mock['file']}"
    try:
        result = _run(name, lambda: _find(case, Path(mock["file"]), mock["function"])(arguments))
    except BadMockError:
        raise
    except TaskFailed as failed:
        raise STATES["_ExecutionError"](failed.error, failed.cause) from None
    except Exception as error:  # noqa: BLE001  (the code of the user)
        kind = type(error).__name__
        raise STATES["_ExecutionError"](kind, _write_cause(resource, kind, error)) from None
    except BaseException as error:  # noqa: BLE001  (it must not end the interpreter)
        raise BadMockError(f"{name} raised {_describe(error)}") from None
    try:
        converted: object = json.loads(json.dumps(result, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise BadMockError(f"{mock['function']} did not return JSON: {error}") from None
    return converted


def _run(name: str, function: Callable[[], object]) -> object:
    """Runs code of the user in a thread that is left alone if it does not end in time."""
    future: Future[object] = Future()
    run = partial(copy_context().run, _settle, future, function)
    threading.Thread(target=run, daemon=True).start()
    wait([future], _MOST_SECONDS)
    if not future.done():
        raise BadMockError(f"{name} did not return within {_MOST_SECONDS} s")
    return future.result()


def _settle(future: Future[object], function: Callable[[], object]) -> None:
    try:
        future.set_result(function())
    except BaseException as error:  # noqa: BLE001  (who waits for the result gets it)
        future.set_exception(error)


def _describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


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
    """Loads the file anew, so that no case sees what another one left in it. While it is used, it
    is among the loaded modules, where dataclasses look for it."""
    folder = str(path.parent)
    if folder not in sys.path:
        sys.path.append(folder)
    spec = importlib.util.spec_from_file_location(f"{path.stem}_{next(_numbers)}", path)
    if spec is None or spec.loader is None:
        raise BadMockError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as error:  # noqa: BLE001  (the code of the user)
        del sys.modules[module.__name__]
        raise BadMockError(f"{path} cannot be loaded: {_describe(error)}") from None
    return module


def unload(case: Case) -> None:
    """Forgets the files that a case has loaded."""
    for each in case.modules.values():
        sys.modules.pop(each.__name__, None)
