"""What is written inside strings: paths, payload templates and JSONata, each with its findings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.asl.language import intrinsics, paths
from sfn_s3_cli.asl.language import jsonata as query
from sfn_s3_cli.asl.language.paths import Malformed, PathKind
from sfn_s3_cli.asl.language.values import inside
from sfn_s3_cli.asl.lint import context_object, jsonata_remedies
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.documents.document import ValuePath

_EXAMPLES = {
    PathKind.INPUT: "write a path such as `$.detail`, or null",
    PathKind.PATH: "write a path such as `$.detail.object.key`",
    PathKind.REFERENCE: "write a path to one value, such as `$.seconds`",
    PathKind.RESULT: "write a path to one place, such as `$.result`, or null",
    PathKind.TEXT: "write a path such as `$.reason`, or `States.Format('{}', $.reason)`",
}
_MAY_BE_NULL = (PathKind.INPUT, PathKind.RESULT)
_ONE_VALUE = (PathKind.REFERENCE, PathKind.RESULT)

# Text that was probably meant to be evaluated: the path is a plain one, the function exists.
_PLAIN_PATH = re.compile(r"\$\$?(?:\.[A-Za-z_][\w-]*|\[(?:\d+|\*|'\w+')\])+")
_PLAIN_CALL = re.compile(r"(States\.\w+)\(.*\)", re.DOTALL)

_DOT_AT_END = re.compile(r"[\w\])]\.\s*\Z")
_NO_DOT = "remove the dot, or write the name that follows"

_RESULT_FIELDS = ("Output", "Assign")
_WITH_RESULT = ("Task", "Map", "Parallel")
_STATES_FIELDS = ("input", "result", "errorOutput", "context")


def path(value: Any, where: ValuePath, kind: PathKind, owner: State) -> Iterator[Finding]:
    """The value of a field that ends with Path, and of a Choice's Variable."""
    if value is None and kind in _MAY_BE_NULL:
        return
    if kind is PathKind.TEXT and intrinsics.looks_like_call(value):
        yield from _call(value, where, owner)
        return
    subject = f"{describe(value)} in the state {describe(owner.name)}"
    if not isinstance(value, str):
        field = f"{describe(where[-1])} of the state {describe(owner.name)}"
        message = f"{field} is {describe(value)}, no path"
        yield Finding("INVALID_PATH", where, message, _EXAMPLES[kind])
        return
    if _DOT_AT_END.search(value):
        # A sample of AWS has such a path; Jayway's JsonPath would refuse it.
        yield Finding(
            "INVALID_PATH", where, f"{subject} ends with a dot", _NO_DOT, Severity.WARNING
        )
        value = value.strip()[:-1]
    try:
        read = paths.parse(value)
    except Malformed as reason:
        yield Finding("INVALID_PATH", where, f"{subject} is no path: {reason}", _EXAMPLES[kind])
        return
    if read.root == "$$" and kind is not PathKind.RESULT:
        yield from context_object.check(read.names, where, owner)
    if kind in _ONE_VALUE and not read.is_single:
        message = f"{subject} can find several values, where AWS takes a path to one"
        yield Finding("INVALID_PATH", where, message, _EXAMPLES[kind])
    if kind is PathKind.RESULT and read.root != "$":
        message = f"{subject} is no place in the state's input"
        remedy = "begin it with `$.`; `Assign` sets a variable"
        yield Finding("INVALID_PATH", where, message, remedy)
    if kind is PathKind.REFERENCE and read.root == "$$":
        yield _context_where_none_is_taken(subject, where, owner)


def _context_where_none_is_taken(subject: str, where: ValuePath, owner: State) -> Finding:
    """Measured for a Map: https://github.com/floci-io/floci/issues/3733."""
    severity = Severity.ERROR if owner.type == "Map" else Severity.WARNING
    message = f"{subject} reads the context object, which AWS does not offer to this field"
    remedy = "put the value into the state's input first, and read it with `$.`"
    return Finding("INVALID_PATH", where, message, remedy, severity)


def template(value: Any, where: ValuePath, owner: State) -> Iterator[Finding]:
    """A payload template, where keys that end with `.$` hold a path or an intrinsic function."""
    for place, item in inside(value, where):
        key = place[-1] if place else ""
        if isinstance(key, str) and key.endswith(".$") and len(place) > len(where):
            yield from _dynamic(item, place, owner)
        elif isinstance(item, str) and looks_dynamic(item, place[len(where) :]):
            yield _no_dollar(item, place, where, owner)


def _dynamic(value: Any, where: ValuePath, owner: State) -> Iterator[Finding]:
    if isinstance(value, str) and value.strip().startswith("$"):
        yield from path(value, where, PathKind.PATH, owner)
    elif intrinsics.looks_like_call(value):
        yield from _call(value, where, owner)
    else:
        name = str(where[-1]).removesuffix(".$")
        message = (
            f"{describe(where[-1])} in the state {describe(owner.name)} holds {describe(value)},"
            " which is neither a path nor a function"
        )
        yield Finding("NO_PATH", where, message, f"name the key {describe(name)}, or write a path")


def _call(value: str, where: ValuePath, owner: State) -> Iterator[Finding]:
    subject = f"{describe(value)} in the state {describe(owner.name)}"
    try:
        call = intrinsics.parse(value)
    except Malformed as reason:
        message = f"{subject} is no call that fits: {reason}"
        remedy = f"write it like `{intrinsics.example(value)}`"
        yield Finding("INVALID_INTRINSIC", where, message, remedy)
        return
    for each in call.paths:
        if each.root == "$$":
            yield from context_object.check(each.names, where, owner)
    for doubt in call.doubts:
        remedy = "escape `'`, `{`, `}` and `\\` with a backslash, and nothing else"
        message = f"{subject} {doubt}"
        yield Finding("INVALID_INTRINSIC", where, message, remedy, Severity.WARNING)


def looks_dynamic(text: str, place: ValuePath) -> bool:
    """Whether it was probably meant to be evaluated.

    Some services take paths of their own, in fields such as JsonPath and InputPathsMap.
    """
    if any("path" in str(key).lower() for key in place):
        return False
    call = _PLAIN_CALL.fullmatch(text)
    return bool(_PLAIN_PATH.fullmatch(text) or (call and call[1] in intrinsics.FUNCTIONS))


def _no_dollar(text: str, place: ValuePath, field: ValuePath, owner: State) -> Finding:
    message = f"{describe(text)} in the state {describe(owner.name)} is sent as it is"
    key = place[-1]
    if not any(isinstance(each, str) for each in place[len(field) :]):
        remedy = "write a mapping with a key that ends with `.$` to evaluate it"
    elif isinstance(key, str):
        remedy = f"name the key {describe(f'{key}.$')} to evaluate it"
    else:
        remedy = "end the list's key with `.$` and write the list as `States.Array(...)`"
    return Finding("NO_DOLLAR", place, message, remedy, Severity.WARNING)


def literal(text: str, where: ValuePath, owner: State, instead: str) -> Iterator[Finding]:
    """Text of a field beside which there is another one that takes a path."""
    if looks_dynamic(text, ()):
        message = f"{describe(text)} in the state {describe(owner.name)} is taken as it is"
        yield Finding("NO_DOLLAR", where, message, f"use `{instead}`", Severity.WARNING)


def jsonata(value: Any, where: ValuePath, owner: State) -> Iterator[Finding]:
    """A value whose strings, at any depth, may be JSONata between `{%` and `%}`."""
    for place, item in inside(value, where):
        key = place[-1] if len(place) > len(where) else ""
        if isinstance(key, str) and key.endswith(".$"):
            message = (
                f"{describe(key)} in the state {describe(owner.name)} keeps its `.$` in JSONata"
            )
            remedy = f"name the key {describe(key[:-2])} and write `{{% ... %}}`"
            yield Finding("NO_JSONATA", place, message, remedy, Severity.WARNING, at_key=True)
        elif isinstance(item, str) and query.is_expression(item):
            yield from _expression(item, place, owner)
        elif isinstance(item, str):
            yield from _nearly(item, place, where, owner)


def _nearly(text: str, place: ValuePath, where: ValuePath, owner: State) -> Iterator[Finding]:
    """Text that is not evaluated although it looks so.

    What is opened and not closed AWS refuses; with a space before it, it is mere text.
    """
    bare = text.strip()
    subject = f"{describe(text)} in the state {describe(owner.name)}"
    remedy = jsonata_remedies.delimiters(text)
    is_open = bare.startswith(query.OPEN) or (bare.endswith(query.CLOSE) and query.OPEN in bare)
    if text.startswith(query.OPEN):
        message = f"{subject} begins with `{{%`, but does not end with `%}}`"
        yield Finding("NO_JSONATA", place, message, remedy or "end it with `%}`")
    elif is_open or jsonata_remedies.has_expression_inside(text):
        rule = "JSONata begins with `{%` and ends with `%}`, with nothing around it"
        joined = "join text and values inside of it, as in `{% 'a' & $states.input.b %}`"
        message = f"{subject} is sent as it is: {rule}"
        yield Finding("NO_JSONATA", place, message, remedy or joined, Severity.WARNING)
    elif bare.startswith("$states.") or looks_dynamic(text, place[len(where) :]):
        message = f"{subject} is sent as it is"
        remedy = remedy or "write JSONata, such as `{% $states.input.name %}`"
        yield Finding("NO_JSONATA", place, message, remedy, Severity.WARNING)


def _expression(text: str, where: ValuePath, owner: State) -> Iterator[Finding]:
    subject = f"{describe(text)} in the state {describe(owner.name)}"
    reading = query.read(text)
    if reading.fault:
        message = f"{subject} is no JSONata: {reading.fault}"
        remedy = jsonata_remedies.operators(text) or "correct the expression"
        yield Finding("INVALID_JSONATA_EXPRESSION", where, message, remedy)
    for name in reading.names:
        message = f"{subject} reads `{name}`, but there is no document at the top level"
        yield Finding(
            "UNSUPPORTED_JSONATA_EXPRESSION", where, message, jsonata_remedies.name(name, text)
        )
    if "eval" in reading.variables:
        message = f"{subject} calls `$eval`, which fails when it is run"
        remedy, id_ = "use `$parse` for JSON", "UNSUPPORTED_JSONATA_EXPRESSION"
        yield Finding(id_, where, message, remedy, Severity.WARNING)
    for field, *names in reading.fields:
        if field == "context":
            yield from context_object.check(names, where, owner)
        else:
            yield from _states_field(field, subject, where, owner)


def _states_field(field: str, subject: str, where: ValuePath, owner: State) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html."""
    message = f"{subject} reads `$states.{field}`, which does not exist"
    severity = Severity.WARNING
    match field, where[len(owner.path) :]:
        case "input", _:
            return
        case "errorOutput", ("Catch", int(), "Output" | "Assign", *_):
            return
        case "errorOutput", _:
            message += " here"
            remedy, severity = "read it in the Output or Assign of a catcher", Severity.ERROR
        case "result", (str(key), *_) if key in _RESULT_FIELDS and owner.type in _WITH_RESULT:
            return
        case "result", _:
            message += " here"
            severity = Severity.ERROR if owner.type in _WITH_RESULT else Severity.WARNING
            remedy = "read it in the Output or Assign of a Task, Map or Parallel state"
        case _:
            guess = suggest(field, _STATES_FIELDS)
            remedy = guess or f"read one of {', '.join(_STATES_FIELDS)}"
    yield Finding("UNSUPPORTED_JSONATA_EXPRESSION", where, message, remedy, severity)
