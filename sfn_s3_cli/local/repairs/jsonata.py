"""Step Functions: the fields of JSONata states that the emulator does not evaluate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sfn_s3_cli.local.internals import STATES, Request
from sfn_s3_cli.local.repairs import expressions


def install() -> None:
    """Evaluates the Output of Succeed, Arguments, Output and Assign of Parallel, and Choice."""
    STATES.repair("_execute_choice", choose)
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


def choose(
    original: Callable[..., tuple[Any, str]], state: Request, value: Any, context: Any = None
) -> tuple[Any, str]:
    """The first rule whose Condition is true has Output and Assign; those of the state belong to
    its Default (Guide, "Choice workflow state"). A Condition must be true or false."""
    if not is_jsonata(state, context):
        return original(state, value, context)
    scope = expressions.make_scope(value, context)
    for index, rule in enumerate(state["Choices"]):
        field = f"Choices[{index}]/"
        if expressions.fill_typed(rule["Condition"], f"{field}Condition", scope, "boolean"):
            return _leave(rule, field, value, context), rule["Next"]
    if not state.get("Default"):
        return original({**state, "Choices": []}, value, context)
    return _leave(state, "", value, context), state["Default"]


def _leave(fields: Request, place: str, value: Any, context: Request) -> Any:
    scope = expressions.make_scope(value, context)
    output = (
        expressions.fill(fields["Output"], f"{place}Output", scope) if "Output" in fields else value
    )
    expressions.assign_all(fields, f"{place}Assign", value, context)
    return output


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
