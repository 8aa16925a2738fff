"""Step Functions: parameters with which a task cannot call its service."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from sfn_s3_cli.local.internals import STATES
from sfn_s3_cli.local.repairs import running, sdk_parameters

_FAULTS = (
    (r'Missing required parameter in \S+: "(.+)"', "The field '{}' is required but was missing"),
    (
        r'Unknown parameter in \S+: "(.+)", must',
        "The field '{}' is not supported by Step Functions",
    ),
    (
        r"Invalid \w+ for parameter (\S+), value",
        "The value of the field '{}' has an invalid format",
    ),
)
"""What botocore reports, and what Step Functions says."""


def install() -> None:
    """Fails a task whose parameters do not fit its call, before its service sees them."""
    STATES.repair("_invoke_resource", invoke)
    STATES.repair("_invoke_with_callback", invoke)


def invoke(original: Callable[..., Any], resource: str, arguments: Any, *more: Any) -> Any:
    """Without `Parameters` the call gets the state's input. Lambda functions and activities take
    any input."""
    if not resource.startswith("arn:aws:states:::"):
        return original(resource, arguments, *more)
    if not isinstance(arguments, dict):
        raise refuse_parameters(arguments, "The parameters of a call must be a JSON object")
    if faults := list_faults(sdk_parameters.report_faults(resource, arguments)):
        raise refuse_parameters(arguments, *faults)
    return original(resource, arguments, *more)


def list_faults(report: str) -> list[str]:
    """Puts botocore's report on parameters into the words of AWS.

    >>> list_faults('Parameter validation failed:\\nMissing required parameter in input: "Key"')
    ["The field 'Key' is required but was missing"]
    """
    lines = report.splitlines()
    return [
        text.format(found[1][:1].upper() + found[1][1:] if "Unknown" not in pattern else found[1])
        for pattern, text in _FAULTS
        for line in lines
        if (found := re.match(pattern, line))
    ]


def refuse_parameters(parameters: Any, *faults: str) -> Exception:
    """The error of a task whose parameters do not fit its call, in the words of AWS."""
    text = json.dumps(parameters, separators=(",", ":"), default=bytes.decode)
    return running.make_runtime_error(
        f"The Parameters '{text}' could not be used to start the Task: [{', '.join(faults)}]"
    )
