"""Translates pydantic's errors into findings, in the words of YAML."""

from __future__ import annotations

import re

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

_KEY = "[key]"  # ends pydantic's location of an error about a key
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


def translate_all(errors: list[ErrorDetails]) -> list[Finding]:
    """Translates errors. A list is not too short because of its invalid entries."""
    inside = {error["loc"][:-1] for error in errors}
    return [
        translate(error)
        for error in errors
        if error["type"] != "too_short" or error["loc"] not in inside
    ]


def translate(error: ErrorDetails) -> Finding:
    """Translates one error: about the key if it is wrong or a member is missing."""
    path: ValuePath = tuple(part for part in error["loc"] if part != _KEY)
    at_key = error["type"] in {"missing", "extra_forbidden"} or path != error["loc"]
    return _explain(error, path)._replace(path=path, at_key=at_key)


def _explain(error: ErrorDetails, path: ValuePath) -> Finding:
    context: JsonObject = error.get("ctx", {})
    match error["type"]:
        case values.VALUE_ERROR:
            return invalid_config(context["message"], context["remedy"])
        case "missing":
            return invalid_config(f"the key {path[-1]!r} is missing", "add it")
        case "extra_forbidden":
            return _explain_unknown_key(path)
        case "string_pattern_mismatch":
            expected = patterns.WORDS[context["pattern"]]
        case type_ if type_ in _EXPECTED:
            expected = _EXPECTED[type_].format(**context)
        case _:
            return invalid_config(error["msg"])
    has_length = "actual_length" in context  # though pydantic leaves it empty for a mapping
    found = len(error["input"]) if has_length else describe(error["input"])
    return invalid_config(f"expected {expected}, found {found}", _remedy(error, path, expected))


def _explain_unknown_key(path: ValuePath) -> Finding:
    parents = [part for part in path[:-1] if isinstance(part, str)]
    model = _MAPPINGS[parents[-1]] if parents else schema.Pipeline
    key, allowed = str(path[-1]), list(model.model_fields)
    remedy = suggest(key, allowed) or f"use one of {', '.join(allowed)}"
    return invalid_config(f"unknown key {describe(key)}", remedy)


def _remedy(error: ErrorDetails, path: ValuePath, expected: str) -> str:
    match error["type"], error["input"]:
        case _, None:
            return "give it a value, or remove the key"
        case "model_type", value:
            return _suggest_keys(path, value)
        case "dict_type", _:
            return "write keys and values"
        case "string_type", bool() | int() | float():
            return "quote it"
        case "bool_type" | "int_type", str(text) if re.fullmatch("true|false|[0-9]+", text):
            return "remove the quotes"
        case "literal_error", str(text):
            return suggest(text, re.findall("'([^']*)'", expected))
    return ""


def _suggest_keys(path: ValuePath, found: object) -> str:
    """The keys of a mapping; only the one that is required in the place of a string."""
    key = next(part for part in reversed(path) if isinstance(part, str))
    fields = _MAPPINGS[key].model_fields
    required = [name for name, field in fields.items() if field.is_required()]
    if isinstance(found, str) and key == path[-1] and len(required) == 1:
        return f"write `{key}: {{{required[0]}: ...}}`"
    return f"use the keys {', '.join(fields)}"
