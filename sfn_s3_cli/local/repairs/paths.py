"""Step Functions: a path to a field that does not exist fails the execution."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

from sfn_s3_cli.asl.language.paths import ExpressionError, parse
from sfn_s3_cli.local.internals import STATES, Request
from sfn_s3_cli.local.repairs import choices, json_path, running

_SELECTORS = ("ItemSelector", "Parameters")
_WAITS = ("SecondsPath", "TimestampPath")

# What AWS says about a missing path, where that depends on the field.
_message: ContextVar[Callable[[str, str, Any], str] | None] = ContextVar("message", default=None)


class _NotFoundError(Exception):
    """Jayway's message about a path that leads nowhere."""


def install() -> None:
    """Makes paths strict, and States.Runtime impossible to retry or catch."""
    STATES.repair("_resolve_path", resolve)
    STATES.repair("_evaluate_rule", evaluate_rule)
    STATES.repair("_resolve_params_obj", fill_template)
    STATES.repair("_apply_parameters", apply_parameters)
    STATES.repair("_apply_result_selector", select_result)
    STATES.repair("_apply_result_path_raw", place_result)
    STATES.repair("_execute_wait", wait)
    STATES.repair("_run_map_items", run_map)
    STATES.repair("_error_matches", matches)


def resolve(_original: Callable[..., Any], path: str, data: Any) -> Any:
    """States.Runtime if the path leads nowhere (Step Functions Guide, "Error names")."""
    if path == "$$":
        return running.list_fields(running.find_context() or {})
    if not path.startswith("$") or path == "$":
        return data
    try:
        return _find(*_find_variable(path, data))
    except _NotFoundError as error:
        message = _message.get() or _describe_invalid
        if data is running.find_context():
            path = f"${path}"
        raise running.make_runtime_error(message(path, str(error), data)) from None


def _find_variable(path: str, data: Any) -> tuple[str, Any]:
    """A path into the variables if it begins with one, such as `$name.field`."""
    context = running.find_context()
    if context is None or not re.match(r"\$[A-Za-z_]", path):
        return path, data
    return f"$.{path[1:]}", context["variables"]


def _find(path: str, data: Any) -> Any:
    tokens = STATES["_parse_jsonpath_tokens"](path)
    if tokens is None:
        return _find_others(path, data)
    found, is_definite, seen = [data], True, "$"
    for kind, name in tokens:
        is_definite = is_definite and kind != "wildcard"
        seen += "[*]" if kind == "wildcard" else f"[{name!r}]"
        found = [each for value in found for each in _step(kind, name, value)]
        if is_definite and not found:
            missing = "No results for" if seen.count("[") == len(tokens) else "Missing property in"
            raise _NotFoundError(f"{missing} path: {seen}".replace("in path:", "in path"))
    return found[0] if is_definite else found


def _find_others(path: str, data: Any) -> Any:
    """A path that can lead to many values gives a list of them."""
    try:
        found = json_path.find(path, data)
        is_single = parse(path).is_single
    except (json_path.UnsupportedPathError, ExpressionError):
        raise running.make_gap_error(
            f"the embedded cloud does not support the path '{path}'"
        ) from None
    if not is_single:
        return found
    if not found:
        raise _NotFoundError(f"No results for path: {path}")
    return found[0]


def _step(kind: str, name: Any, value: Any) -> Iterable[Any]:
    match kind, value:
        case "field", dict():
            return [value[name]] if name in value else []
        case "index", list():
            return [value[name]] if name < len(value) else []
        case "wildcard", list():
            return value
        case "wildcard", dict():
            return [*value.values()]
    return []


def _describe_invalid(path: str, missing: str, _data: Any) -> str:
    return f"Invalid path '{path}' : {missing}"


def evaluate_rule(
    original: Callable[..., bool], rule: Request, data: Any, context: Any = None
) -> bool:
    """Only IsPresent accepts a Variable that does not exist (Guide, "Choice state")."""

    def describe(path: str, _missing: str, _data: Any) -> str:
        return (
            f"Invalid path '{path}': The choice state's condition path references an invalid value."
        )

    if "Variable" in rule and "IsPresent" in rule:
        return bool(_exists(rule["Variable"], data, context) == rule["IsPresent"])
    token = _message.set(describe)
    try:
        if "Variable" in rule:  # read it also where the comparison does not
            STATES["_resolve_path_or_ctx"](rule["Variable"], data, context)
        return original(rule, data, context)
    finally:
        _message.reset(token)


def _exists(path: str, data: Any, context: Any) -> bool:
    value, inner = (context or {}, path[1:]) if path.startswith("$$") else (data, path)
    try:
        if inner != "$":
            _find(*_find_variable(inner, value))
    except _NotFoundError:
        return False
    return True


def fill_template(
    original: Callable[..., Any], template: Any, data: Any, context: Any = None
) -> Any:
    """Names the field whose path leads nowhere, and fills lists inside lists too."""
    if isinstance(template, list):
        return [fill_template(original, each, data, context) for each in template]
    if not isinstance(template, dict):
        return template
    result: dict[str, Any] = {}
    for key, value in template.items():
        if isinstance(value, dict | list):
            result[key] = fill_template(original, value, data, context)
            continue
        token = _message.set(_describe_field(key))
        try:
            result |= original({key: value}, data, context)
        finally:
            _message.reset(token)
    return result


def _describe_field(key: str) -> Callable[[str, str, Any], str]:
    def describe(path: str, _missing: str, data: Any) -> str:
        context = running.find_context()
        read = running.list_fields(context) if context is not None and data is context else data
        text = json.dumps(read, separators=(",", ":"), ensure_ascii=False)
        return (
            f"The JSONPath '{path}' specified for the field '{key}' could not be found in the"
            f" input '{text}'"
        )

    return describe


def select_result(_original: Callable[..., Any], state: Request, result: Any) -> Any:
    """A ResultSelector also reads the context object (Guide, "ResultSelector"). An empty one makes
    an empty object."""
    if "ResultSelector" not in state:
        return result
    return STATES["_resolve_params_obj"](state["ResultSelector"], result, running.find_context())


def apply_parameters(
    _original: Callable[..., Any], state: Request, data: Any, context: Any = None
) -> Any:
    """Empty Parameters make an empty object."""
    if "Parameters" not in state:
        return data
    return STATES["_resolve_params_obj"](state["Parameters"], data, context)


def place_result(
    _original: Callable[..., Any], result_path: str | None, value: Any, result: Any
) -> Any:
    """Replaces or creates the fields on the way; an item of an array must exist (Guide,
    "ResultPath"; https://github.com/floci-io/floci/issues/3479)."""
    if result_path is None:
        return value
    steps = STATES["_parse_jsonpath_tokens"](result_path) or []
    try:
        return _place(result, steps, value)
    except _NoPlaceError:
        error: Exception = STATES["_ExecutionError"](
            "States.ResultPathMatchFailure",
            f'Unable to apply step "{result_path}" to input {json.dumps(value)}',
        )
        raise error from None


class _NoPlaceError(Exception):
    """A value on the way has no fields, or no such item."""


def _place(result: Any, steps: list[tuple[str, Any]], value: Any) -> Any:
    """The value with the result at the end of the steps."""
    match steps, value:
        case [], _:
            return result
        case [("field", name), *rest], dict():
            inner = value.get(name)
            is_new = inner is None and rest and rest[0][0] == "field"
            return {**value, name: _place(result, rest, {} if is_new else inner)}
        case [("index", at), *rest], list() if at < len(value):
            return [*value[:at], _place(result, rest, value[at]), *value[at + 1 :]]
    raise _NoPlaceError


def wait(original: Callable[..., Any], state: Request, value: Any, context: Any = None) -> Any:
    """A Wait needs a number of seconds or a time (Guide, "Wait state")."""
    effective = STATES["_apply_input_path"](state, value, context)
    for name in _WAITS:
        path = state.get(name)
        if path is None:
            continue
        token = _message.set(_describe_wait(name))
        try:
            found = STATES["_resolve_path_or_ctx"](path, effective, context)
        finally:
            _message.reset(token)
        _check_wait(name, path, found)
    return original(state, value, context)


def _describe_wait(name: str) -> Callable[[str, str, Any], str]:
    return lambda path, _missing, _data: (
        f"The {name} parameter does not reference an input value: {path}"
    )


def _check_wait(name: str, path: str, found: Any) -> None:
    is_number = isinstance(found, int) and not isinstance(found, bool) and found >= 0
    is_time = choices.read_time(found) is not None
    if not (is_number if name == "SecondsPath" else is_time):
        raise running.make_runtime_error(
            f"The {name} parameter references an invalid value: {path} == {json.dumps(found)}"
        )


class _Template(dict[str, Any]):
    """A template that counts as one also if it is empty."""

    def __bool__(self) -> bool:
        return True


def run_map(
    original: Callable[..., Any], state: Request, value: Any, execution: Request, context: Any
) -> Any:
    """ItemsPath must lead to an array (Guide, "ItemsPath"). An empty ItemSelector makes empty
    objects."""
    state = {**state, **{name: _Template(state[name]) for name in _SELECTORS if name in state}}
    is_jsonpath = STATES["_state_query_language"](state, context) != "JSONata"
    if is_jsonpath and "ItemReader" not in state:
        effective = STATES["_apply_input_path"](state, value, context)
        path = state.get("ItemsPath", "$")
        if not isinstance(STATES["_resolve_path_or_ctx"](path, effective, context), list):
            raise running.make_runtime_error(f'Reference path "{path}" must point to array.')
    return original(state, value, execution, context)


def matches(original: Callable[..., bool], names: list[str], error: str) -> bool:
    """States.Runtime always ends the execution: States.ALL does not match it, nor does
    States.TaskFailed (Guide, "Error names")."""
    return error != "States.Runtime" and original(names, error)
