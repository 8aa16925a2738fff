"""What pydantic found wrong, in the words of somebody who writes YAML."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from sfn_s3_cli.config import patterns, schema, statement
from sfn_s3_cli.documents.document import Complaint, Document, Fault, ValuePath
from sfn_s3_cli.documents.wording import found, meant

_MAPPINGS: dict[str, type[BaseModel]] = {
    "bucket": schema.Bucket,
    "trigger": schema.Trigger,
    "retry": schema.Retry,
    "state_machine": schema.StateMachine,
    "role": schema.Role,
    "statements": statement.Statement,
    "logging": schema.Logging,
}

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


def faults(errors: list[ErrorDetails], document: Document) -> list[Fault]:
    """The errors as faults. A list does not lack the entries that are faulty themselves."""
    inside = {error["loc"][:-1] for error in errors}
    return [
        fault(error, document)
        for error in errors
        if error["type"] != "too_short" or error["loc"] not in inside
    ]


def fault(error: ErrorDetails, document: Document) -> Fault:
    """The error as a fault: at the key if that is wrong or lacks a member, else at the value."""
    path: ValuePath = tuple(part for part in error["loc"] if part != "[key]")
    match error["type"]:
        case "missing":
            at_key = path[:-1]
        case _ if error["type"] == "extra_forbidden" or path != error["loc"]:
            at_key = path
        case _:
            at_key = ()
    return Fault(path, document.keys.get(at_key) or document.mark(path), _complaint(error, path))


def _complaint(error: ErrorDetails, path: ValuePath) -> Complaint:
    context: dict[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "worded":
            return Complaint(context["message"], context["remedy"])
        case "missing":
            return Complaint(f"the key {path[-1]!r} is missing", "add it")
        case "extra_forbidden":
            return _unknown_key(path)
        case "string_pattern_mismatch":
            expected = patterns.WORDS[context["pattern"]]
        case kind if kind in _EXPECTED:
            expected = _EXPECTED[kind].format(**context)
        case _:
            return Complaint(error["msg"])
    counted = "actual_length" in context  # though pydantic leaves it empty for a mapping
    here = len(error["input"]) if counted else found(error["input"])
    return Complaint(f"expected {expected}, found {here}", _remedy(error, expected))


def _unknown_key(path: ValuePath) -> Complaint:
    parents = [part for part in path[:-1] if isinstance(part, str)]
    model = _MAPPINGS[parents[-1]] if parents else schema.Pipeline
    key, allowed = str(path[-1]), list(model.model_fields)
    hint = meant(key, allowed) or f"possible are {', '.join(allowed)}"
    return Complaint(f"unknown key {found(key)}", hint)


def _remedy(error: ErrorDetails, expected: str) -> str:
    match error["type"], error["input"]:
        case _, None:
            return "give it a value, or leave the key out"
        case "string_type", bool() | int() | float():
            return "quote it"
        case "bool_type" | "int_type", str(text) if re.fullmatch("true|false|[0-9]+", text):
            return "leave the quotes out"
        case "literal_error", str(text):
            return meant(text, re.findall("'([^']*)'", expected))
    return ""
