"""Checks JSONata in a state: its delimiters, its syntax and what it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_s3_cli.asl.language.jsonata import CLOSE, OPEN, is_expression, read
from sfn_s3_cli.asl.language.values import walk_values
from sfn_s3_cli.asl.lint import context_object, jsonata_remedies
from sfn_s3_cli.asl.lint.jsonpath import looks_dynamic
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.documents.places import ValuePath

_RESULT_FIELDS = ("Output", "Assign")
_WITH_RESULT = ("Task", "Map", "Parallel")
_STATES_FIELDS = ("input", "result", "errorOutput", "context")


def check_value(value: Any, path: ValuePath, state: State) -> Iterator[Finding]:
    """Checks a value whose strings, at any depth, may be JSONata in `{% %}`."""
    for inner, item in walk_values(value, path):
        key = inner[-1] if len(inner) > len(path) else ""
        if isinstance(key, str) and key.endswith(".$"):
            message = (
                f"{describe(key)} in the state {describe(state.name)} is not evaluated in JSONata"
            )
            remedy = f"rename the key to {describe(key[:-2])} and write `{{% ... %}}`"
            yield Finding("NO_JSONATA", inner, message, remedy, Severity.WARNING, at_key=True)
        elif isinstance(item, str) and is_expression(item):
            yield from _check_expression(item, inner, state)
        elif isinstance(item, str):
            yield from _check_text(item, inner, path, state)


def _check_text(text: str, path: ValuePath, field: ValuePath, state: State) -> Iterator[Finding]:
    """Finds text that looks like an expression but is not evaluated.

    AWS refuses text that begins with `{%` and does not end with `%}`.
    """
    bare = text.strip()
    subject = f"{describe(text)} in the state {describe(state.name)}"
    remedy = jsonata_remedies.suggest_delimiters(text)
    has_delimiters = bare.startswith(OPEN) or (bare.endswith(CLOSE) and OPEN in bare)
    if text.startswith(OPEN):
        message = f"{subject} begins with `{{%`, but does not end with `%}}`"
        yield Finding("NO_JSONATA", path, message, remedy or "end it with `%}`")
    elif has_delimiters or jsonata_remedies.has_expression_inside(text):
        rule = "JSONata must begin with `{%` and end with `%}`"
        message = f"{subject} is not evaluated: {rule}"
        remedy = remedy or "join text and values inside it, as in `{% 'a' & $states.input.b %}`"
        yield Finding("NO_JSONATA", path, message, remedy, Severity.WARNING)
    elif bare.startswith("$states.") or looks_dynamic(text, path[len(field) :]):
        message = f"{subject} is not evaluated"
        remedy = remedy or "write JSONata, such as `{% $states.input.name %}`"
        yield Finding("NO_JSONATA", path, message, remedy, Severity.WARNING)


def _check_expression(text: str, path: ValuePath, state: State) -> Iterator[Finding]:
    subject = f"{describe(text)} in the state {describe(state.name)}"
    code = "UNSUPPORTED_JSONATA_EXPRESSION"
    reading = read(text)
    if reading.error:
        message = f"{subject} is not valid JSONata: {reading.error}"
        remedy = jsonata_remedies.suggest_operators(text) or "correct the expression"
        yield Finding("INVALID_JSONATA_EXPRESSION", path, message, remedy)
    for name in reading.names:
        message = f"{subject} reads `{name}`, but there is no document at the top level"
        yield Finding(code, path, message, jsonata_remedies.suggest_name(name, text))
    if "eval" in reading.variables:
        message = f"{subject} calls `$eval`, which fails at run time"
        yield Finding(code, path, message, "use `$parse` for JSON", Severity.WARNING)
    for field, *names in reading.fields:
        if field == "context":
            yield from context_object.check(names, path, state)
        else:
            yield from _check_states_field(field, subject, path, state)


def _check_states_field(
    field: str, subject: str, path: ValuePath, state: State
) -> Iterator[Finding]:
    """Checks a field of `$states`: whether it exists, and in this place.

    https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
    """
    message = f"{subject} reads `$states.{field}`, which does not exist"
    severity = Severity.WARNING
    match field, path[len(state.path) :]:
        case "input", _:
            return
        case "errorOutput", ("Catch", int(), "Output" | "Assign", *_):
            return
        case "errorOutput", _:
            message += " here"
            remedy, severity = "read it in the Output or Assign of a catcher", Severity.ERROR
        case "result", (str(key), *_) if key in _RESULT_FIELDS and state.type in _WITH_RESULT:
            return
        case "result", _:
            message += " here"
            severity = Severity.ERROR if state.type in _WITH_RESULT else Severity.WARNING
            remedy = "read it in the Output or Assign of a Task, Map or Parallel state"
        case _:
            guess = suggest(field, _STATES_FIELDS)
            remedy = guess or f"read one of {', '.join(_STATES_FIELDS)}"
    yield Finding("UNSUPPORTED_JSONATA_EXPRESSION", path, message, remedy, severity)
