"""Step Functions: data must not be larger than 256 KiB (Guide, "Quotas").

The Guide says that States.ALL does not match States.DataLimitExceeded. On AWS it does if the
result of a task is too large: https://github.com/localstack/localstack (test_states_errors).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sfn_s3_cli.local.internals import STATES, Request
from sfn_s3_cli.local.repairs import running

NAME = "States.DataLimitExceeded"
MOST_BYTES = 256 * 1024


class _OfState(str):
    """The name of the error when not the result of a task is too large."""

    __slots__ = ()


def install() -> None:
    """Checks what tasks get and return, and what states give to the next one."""
    STATES.repair("_error_matches", matches)
    STATES.repair("_invoke_resource", invoke)
    STATES.repair("_invoke_with_callback", invoke)
    for kind in ("pass", "task", "choice", "wait", "parallel", "map"):
        STATES.repair(f"_execute_{kind}", execute)


def is_too_large(value: Any) -> bool:
    """Whether the value is larger, as JSON in UTF-8."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)
    return len(text.encode(errors="surrogatepass")) > MOST_BYTES


def matches(original: Callable[..., bool], names: list[str], error: str) -> bool:
    if error != NAME:
        return original(names, error)
    return NAME in names or (not isinstance(error, _OfState) and "States.ALL" in names)


def invoke(original: Callable[..., Any], resource: str, arguments: Any, *more: Any) -> Any:
    if is_too_large(arguments):
        context = running.find_context() or {"State": {"Name": ""}}
        raise STATES["_ExecutionError"](
            _OfState(NAME),
            f"The state/task '{context['State']['Name']}' has an input with a size exceeding the"
            " maximum number of bytes service limit.",
        )
    result = original(resource, arguments, *more)
    if is_too_large(result):
        raise _make_error(NAME, _name_service(resource))
    return result


def _name_service(resource: str) -> str:
    """As AWS names it: `lambda`, `aws-sdk:s3`, or the whole ARN of a function or an activity."""
    integration = resource.removeprefix("arn:aws:states:::")
    return resource if integration == resource else integration.rpartition(":")[0]


def execute(original: Callable[..., Any], state: Request, value: Any, *more: Any) -> Any:
    name = more[-1]["State"]["Name"]
    output, following = original(state, value, *more)
    if is_too_large(output):
        raise _make_error(_OfState(NAME), name)
    return output, following


def _make_error(error: str, name: str) -> Exception:
    cause = (
        f"The state/task '{name}' returned a result with a size exceeding the maximum number of"
        " bytes service limit."
    )
    made: Exception = STATES["_ExecutionError"](error, cause)
    return made
