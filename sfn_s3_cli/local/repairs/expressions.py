"""Step Functions: JSONata expressions, what they can read, and how they fail.

AWS names the expression and the field that has it, as measured in
https://github.com/floci-io/floci/issues/2665 and https://github.com/floci-io/floci/issues/2736.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sfn_s3_cli.local.internals import JSONATA, STATES, Request
from sfn_s3_cli.local.repairs import entries, running
from sfn_s3_cli.local.repairs.expression_errors import describe_error

ERROR = "States.QueryEvaluationError"
_MILLISECONDS = 1000
_WITH_RESULT = {"Task", "Parallel", "Map"}
_LIMITS = ("TimeoutSeconds", "HeartbeatSeconds")


@dataclass(frozen=True)
class Scope:
    """What the expressions of a state can read."""

    states: Request
    variables: Request


class _UndefinedError(Exception):
    """An expression found nothing."""


def install() -> None:
    """Evaluates the fields of JSONata states."""
    functions = JSONATA["Functions"]
    functions.Encoder = _make_encoder(functions.Encoder)
    STATES.repair("_apply_jsonata_template", fill_any)
    STATES.repair("_apply_jsonata_arguments", fill_arguments)
    STATES.repair("_apply_jsonata_output", fill_output)
    STATES.repair("_apply_state_assign", assign)
    STATES.repair("_jsonata_state_field", read_field)
    STATES.repair("_execute_task", execute_task)


def _make_encoder(encoder: Any) -> Any:
    """`$string` of an object keeps letters such as `ü`."""

    def begin(self: Any, **options: Any) -> None:
        encoder.__init__(self, **{**options, "ensure_ascii": False})

    return type("Encoder", (encoder,), {"__init__": begin})


def make_scope(value: Any, context: Request | None, **more: Any) -> Scope:
    """`more` are `result` and `errorOutput`; without them an expression finds nothing there
    (Guide, "Passing data between states with variables")."""
    context = context or {}
    states = {"input": value, "context": running.list_fields(context), **more}
    return Scope(states, dict(context.get("variables", {})))


def fill(template: Any, field: str, scope: Scope) -> Any:
    """The value of a field whose texts can be expressions."""
    match template:
        case str() if is_expression(template):
            return _evaluate(template[2:-2].strip(), field, scope)
        case dict():
            return {key: fill(each, f"{field}/{key}", scope) for key, each in template.items()}
        case list():
            return [fill(each, f"{field}[{at}]", scope) for at, each in enumerate(template)]
    return template


def is_expression(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")


def fill_typed(template: Any, field: str, scope: Scope, *types: str) -> Any:
    """The value of a field that must be of one of these types of JSON."""
    value = fill(template, field, scope)
    found = _name_type(value)
    if found not in types:
        expected = " or ".join(f"'{each}'" for each in types)
        raise _make_error(
            template,
            field,
            f" returned an unexpected result type. Expected {expected}, but was '{found}' for"
            f" value: {json.dumps(value, ensure_ascii=False)}",
        )
    return value


def _name_type(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def _evaluate(expression: str, field: str, scope: Scope) -> Any:
    try:
        return _to_json(_run(expression, scope))
    except _UndefinedError:
        raise _make_error(expression, field, " returned nothing (undefined).") from None
    except (ZeroDivisionError, OverflowError):
        # AWS gives a value: https://github.com/floci-io/floci/pull/2783
        raise running.make_gap_error(
            f"the embedded cloud has no infinite numbers, in the JSONata expression '{expression}'"
        ) from None
    except Exception as error:  # noqa: BLE001  (whatever the engine raises)
        tail = f" threw an error during evaluation{describe_error(error)}"
        raise _make_error(expression, field, tail) from None


def _make_error(expression: Any, field: str, tail: str) -> Exception:
    text = str(expression)
    text = text[2:-2].strip() if is_expression(text) else text
    return running.make_error(
        ERROR, f"The JSONata expression '{text}' specified for the field '{field}'{tail}"
    )


def _run(expression: str, scope: Scope) -> Any:
    """Calls the engine, which returns None for null and for nothing."""
    value = _call_engine(expression, scope)
    if value is None and not _call_engine(f"$exists(({expression}))", scope):
        raise _UndefinedError
    return value


def _call_engine(expression: str, scope: Scope) -> Any:
    """Without `$eval` (Guide, "Transforming data with JSONata")."""
    engine = STATES["jsonata"]
    nothing = engine.utils.Utils.NULL_VALUE
    bindings = {
        name: nothing if value is None else value
        for name, value in {**scope.variables, "states": scope.states}.items()
    }
    parsed = engine.Jsonata.jsonata(expression, timeout=_MILLISECONDS)
    STATES["_register_sfn_jsonata_functions"](parsed)
    parsed.assign("eval", None)
    return parsed.evaluate(None, bindings)


def _to_json(value: Any) -> Any:
    """A result as plain JSON. A function, or a regular expression, is none."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case dict():
            return {key: _to_json(each) for key, each in value.items()}
        case list() | tuple() | range():
            return [_to_json(each) for each in value]
    if value is STATES["jsonata"].utils.Utils.NULL_VALUE:
        return None
    raise TypeError("the result is a function, which JSON cannot represent")


def fill_any(
    _original: Callable[..., Any], template: Any, value: Any, context: Any = None, *more: Any
) -> Any:
    """The selector of a Map; the other fields have functions of their own."""
    del more
    return fill(template, "ItemSelector", make_scope(value, context))


def fill_arguments(
    _original: Callable[..., Any], state: Request, value: Any, context: Any = None
) -> Any:
    """The Arguments of a Task or a Parallel, and the limits of this attempt of a Task."""
    scope = make_scope(value, context)
    for name, template in state.get(_LIMIT_KEY, {}).items():
        seconds = fill_typed(template, name, scope, "number")
        if seconds != int(seconds) or seconds <= 0:
            raise _make_error(template, name, f" must be a positive integer, but was {seconds}")
        state[name] = int(seconds)
    if "Arguments" not in state:
        return value
    return fill(state["Arguments"], "Arguments", scope)


_LIMIT_KEY = "sfnctl:limits"


def execute_task(
    original: Callable[..., Any], state: Request, value: Any, execution: Any, context: Any
) -> Any:
    """TimeoutSeconds and HeartbeatSeconds can be expressions (Guide, "Task workflow state")."""
    limits = {name: state[name] for name in _LIMITS if is_expression(state.get(name))}
    own = {**state, _LIMIT_KEY: limits} if limits else state
    return original(own, value, execution, context)


def fill_output(
    _original: Callable[..., Any],
    fields: Request,
    value: Any,
    context: Any = None,
    *,
    default: Any = None,
    **more: Any,
) -> Any:
    """The Output of a state or a Catcher."""
    if "Output" not in fields:
        return default
    return fill(fields["Output"], "Output", make_scope(value, context, **_list_more(fields, more)))


def assign(
    _original: Callable[..., Any], fields: Request, value: Any, context: Any, **more: Any
) -> None:
    """Evaluates all of `Assign` with the variables as they were, then sets them (Guide, "Passing
    data between states with variables")."""
    assign_all(fields, "Assign", value, context, **_list_more(fields, more))


def assign_all(
    fields: Request, field: str, value: Any, context: Request | None, **more: Any
) -> None:
    if context is None or "Assign" not in fields:
        return
    found = fill(fields["Assign"], field, make_scope(value, context, **more))
    context.setdefault("variables", {}).update(found)


def _list_more(fields: Request, more: Request) -> Request:
    """What a state or a Catcher has besides its input. A state that calls nothing has no result."""
    if "error_output" in more:
        return {"errorOutput": more["error_output"]}
    has_result = fields.get("Type") in _WITH_RESULT and "result" in more
    return {"result": more["result"]} if has_result else {}


def read_field(
    _original: Callable[..., Any], state: Request, field: str, expected: str, *more: Any
) -> Any:
    """A field that must be of one type. The Items of a Map are an array or an object (Guide,
    "Items")."""
    value, context = more
    types = ("array", "object") if field == "Items" else (expected,)
    found = fill_typed(state[field], field, make_scope(value, context), *types)
    if isinstance(found, dict) and field == "Items":
        return entries.list_entries(found)
    return found
