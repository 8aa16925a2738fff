"""Step Functions: `Assign` in JSONPath states.

What `$` means in it is not documented; it is what localstack's tests against AWS have seen:
https://github.com/localstack/localstack/tree/main/tests/aws/services/stepfunctions/v2/assign
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sfn_s3_cli.local.internals import STATES, Request
from sfn_s3_cli.local.repairs import next_state, running
from sfn_s3_cli.local.repairs.jsonata import is_jsonata


def install() -> None:
    """Sets the variables of states, of the rules of a Choice, and of Catchers."""
    STATES.repair("_apply_result_selector", select_result)
    STATES.repair("_execute_wait", wait)
    STATES.repair("_execute_choice", choose)
    STATES.repair("_apply_catcher", catch)


def assign(fields: Request, value: Any, context: Request | None) -> None:
    """Evaluates all of `Assign` with the variables as they were, then sets them."""
    if context is not None and "Assign" in fields:
        variables = STATES["_resolve_params_obj"](fields["Assign"], value, context)
        context["variables"].update(variables)


def select_result(original: Callable[..., Any], state: Request, result: Any) -> Any:
    """In a Task, Map, Parallel or Pass, `$` is the result before ResultSelector."""
    context = running.find_context()
    if not is_jsonata(state, context):
        assign(state, result, context)
    return original(state, result)


def wait(original: Callable[..., Any], state: Request, value: Any, context: Any = None) -> Any:
    """In a Wait, `$` is its input after InputPath."""
    ended = original(state, value, context)
    if not is_jsonata(state, context):
        assign(state, STATES["_apply_input_path"](state, value, context), context)
    return ended


def choose(
    original: Callable[..., tuple[Any, str]], state: Request, value: Any, context: Any = None
) -> tuple[Any, str]:
    """In a Choice, `$` is its input after InputPath; a rule that matches has an Assign of its own,
    and that of the state belongs to its Default."""
    if is_jsonata(state, context):
        return original(state, value, context)
    output, chosen = original(next_state.mark(state), value, context)
    following, rule = next_state.read(chosen)
    if rule is not None:
        fields = state if rule == next_state.DEFAULT else state["Choices"][rule]
        assign(fields, STATES["_apply_input_path"](state, value, context), context)
    return output, following


def catch(
    original: Callable[..., Any],
    catcher: Request,
    value: Any,
    context: Request,
    language: str,
    error: Any,
) -> Any:
    """In a Catcher, `$` is the error."""
    output = original(catcher, value, context, language, error)
    if language != "JSONata":
        assign(catcher, error, context)
    return output
