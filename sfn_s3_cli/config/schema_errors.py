"""Translates pydantic's errors into findings, in the words of YAML."""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from sfn_s3_cli.config import alarms, patterns, schema, statement, values
from sfn_s3_cli.documents.findings import Finding, invalid_config
from sfn_s3_cli.documents.places import ValuePath
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.json_types import JsonObject

_MAPPINGS: dict[str, type[BaseModel]] = {
    "bucket": schema.Bucket,
    "trigger": schema.Trigger,
    "retry": schema.Retry,
    "state_machine": schema.StateMachine,
    "role": schema.Role,
    "statements": statement.Statement,
    "logging": schema.Logging,
    "alarms": alarms.Alarms,
    "thresholds": alarms.Thresholds,
}

ONE, MANY = "[one]", "[many]"
"""Tags of a value that is one thing or a list of them."""
_NO_PARTS = {"[key]", ONE, MANY}
"""What pydantic's location has besides the path; the first ends that of an error about a key."""

FindModel = Callable[[ValuePath], type[BaseModel]]
"""The model of the mapping at a path."""


def find_config_model(path: ValuePath) -> type[BaseModel]:
    """The model of a mapping of the config."""
    parents = [part for part in path if isinstance(part, str)]
    return _MAPPINGS[parents[-1]] if parents else schema.Pipeline


_EXPECTED = {
    "string_type": "a string",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "model_type": "a mapping",
    "dict_type": "a mapping",
    "list_type": "a list",
    "tuple_type": "a list",
    "literal_error": "{expected}",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_too_short": "{min_length} or more characters",
    "string_too_long": "at most {max_length} characters",
    "too_short": "{min_length} or more entries",
    "too_long": "at most {max_length} entries",
}


def translate_all(
    errors: list[ErrorDetails], find_model: FindModel = find_config_model
) -> list[Finding]:
    """Translates errors. A list is not too short because of its invalid entries."""
    inside = {error["loc"][:-1] for error in errors}
    return [
        translate(error, find_model)
        for error in errors
        if error["type"] != "too_short" or error["loc"] not in inside
    ]


def translate(error: ErrorDetails, find_model: FindModel = find_config_model) -> Finding:
    """Translates one error: about the key if it is wrong or a member is missing."""
    path: ValuePath = tuple(part for part in error["loc"] if part not in _NO_PARTS)
    at_key = error["type"] in {"missing", "extra_forbidden"} or error["loc"][-1:] == ("[key]",)
    return _explain(error, path, find_model)._replace(path=path, at_key=at_key)


def _explain(error: ErrorDetails, path: ValuePath, find_model: FindModel) -> Finding:
    context: JsonObject = error.get("ctx", {})
    match error["type"]:
        case values.VALUE_ERROR:
            return invalid_config(context["message"], context["remedy"])
        case "missing":
            return invalid_config(f"the key {path[-1]!r} is missing", "add it")
        case "extra_forbidden":
            return _explain_unknown_key(path, list_keys(find_model(path[:-1])))
        case "string_pattern_mismatch":
            expected = patterns.WORDS[context["pattern"]]
        case type_ if type_ in _EXPECTED:
            expected = _EXPECTED[type_].format(**context)
        case _:
            return invalid_config(error["msg"])
    has_length = "actual_length" in context  # though pydantic leaves it empty for a mapping
    found = len(error["input"]) if has_length else describe(error["input"])
    return invalid_config(
        f"expected {expected}, found {found}", _remedy(error, path, expected, find_model)
    )


def list_keys(model: type[BaseModel]) -> list[str]:
    """The keys that a mapping can have."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _explain_unknown_key(path: ValuePath, allowed: list[str]) -> Finding:
    key = str(path[-1])
    remedy = suggest(key, allowed) or f"use one of {', '.join(allowed)}"
    return invalid_config(f"unknown key {describe(key)}", remedy)


def _remedy(error: ErrorDetails, path: ValuePath, expected: str, find_model: FindModel) -> str:
    match error["type"], error["input"]:
        case _, None:
            return "give it a value, or remove the key"
        case "model_type", value:
            return _suggest_keys(path, value, find_model(path))
        case "dict_type", _:
            return "write keys and values"
        case "string_type", bool() | int() | float():
            return "quote it"
        case "bool_type" | "int_type", str(text) if re.fullmatch("true|false|[0-9]+", text):
            return "remove the quotes"
        case "literal_error", str(text):
            return suggest(text, re.findall("'([^']*)'", expected))
    return ""


def _suggest_keys(path: ValuePath, found: object, model: type[BaseModel]) -> str:
    """The keys of a mapping; only the one that is required in the place of a string."""
    key = next(part for part in reversed(path) if isinstance(part, str))
    required = [
        field.alias or name for name, field in model.model_fields.items() if field.is_required()
    ]
    if isinstance(found, str) and key == path[-1] and len(required) == 1:
        return f"write `{key}: {{{required[0]}: ...}}`"
    return f"use the keys {', '.join(list_keys(model))}"
