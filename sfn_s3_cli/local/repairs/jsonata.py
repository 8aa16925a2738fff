"""Step Functions: the fields of JSONata states that the emulator does not evaluate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sfn_s3_cli.local.internals import STATES, Request


def install() -> None:
    """Evaluates the Output of Succeed, and Arguments, Output and Assign of Parallel."""
    STATES.repair("_apply_output_path", apply_output)
    STATES.repair("_run_parallel_branches", run_branches)


def is_jsonata(state: Request, context: Any) -> bool:
    return bool(STATES["_state_query_language"](state, context) == "JSONata")


def apply_output(
    original: Callable[..., Any], state: Request, value: Any, context: Any = None
) -> Any:
    """A Succeed can have an Output (Guide, "Succeed workflow state")."""
    if state.get("Type") == "Succeed" and is_jsonata(state, context):
        return STATES["_apply_jsonata_output"](state, value, context, default=value)
    return original(state, value, context)


def run_branches(
    original: Callable[..., Any], state: Request, value: Any, execution: Request, context: Request
) -> Any:
    """The Arguments are the input of the branches, and the result is their outputs (Guide,
    "Parallel workflow state")."""
    if not is_jsonata(state, context):
        return original(state, value, execution, context)
    arguments = STATES["_apply_jsonata_arguments"](state, value, context)
    results, following = original(state, arguments, execution, context)
    return finish(state, value, context, results), following


def finish(state: Request, value: Any, context: Request, results: Any) -> Any:
    """The output of a Parallel or Map, which also sets its variables."""
    output = STATES["_apply_jsonata_output"](state, value, context, result=results, default=results)
    STATES["_apply_state_assign"](state, value, context, result=results)
    return output
