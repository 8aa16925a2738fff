"""Lambda: an exception of a function has the name of its class.

https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from sfn_s3_cli.local.internals import LAMBDA, STATES, Request

_UNNAMED = "Runtime.HandlerError"


def install() -> None:
    """Repairs the functions that workflows call, when the first one is called."""
    STATES.repair("_call_lambda", call)


def call(original: Callable[..., Any], *arguments: Any) -> Any:
    _repair_functions()
    return original(*arguments)


@cache
def _repair_functions() -> None:
    """Loading the emulator's Lambda takes time, and few workflows need it."""
    LAMBDA.repair("_execute_function_warm", execute)


def execute(original: Callable[..., Request], *arguments: Any) -> Request:
    """The emulator calls each exception `Runtime.HandlerError`; its traceback is in the log."""
    result = original(*arguments)
    body = result.get("body")
    if result.get("error") and isinstance(body, dict) and body.get("errorType") == _UNNAMED:
        name = find_class(result.get("log", ""), body["errorMessage"])
        result["body"] = {**body, "errorType": name or _UNNAMED}
    return result


def find_class(log: str, message: str) -> str:
    """The class that the last traceback of a log ends with; empty if there is none.

    >>> find_class("Traceback (most recent call last):\\nhandler.NotText: no text", "no text")
    'NotText'
    """
    first = message.partition("\n")[0]
    ending = re.escape(f": {first}") if first else ""
    lines = re.findall(rf"^([A-Za-z_][\w.]*){ending}$", log, re.MULTILINE)
    return lines[-1].rpartition(".")[2] if lines else ""
