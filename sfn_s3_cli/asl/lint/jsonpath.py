"""Checks JSONPath in a state: paths, payload templates and the intrinsic functions in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.asl.language import intrinsics, paths
from sfn_s3_cli.asl.language.paths import ExpressionError, PathType
from sfn_s3_cli.asl.language.values import walk_values
from sfn_s3_cli.asl.lint import context_object
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.paths import Path
    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.documents.places import ValuePath

_EXAMPLES = {
    PathType.INPUT: "write a path such as `$.detail`, or null",
    PathType.PATH: "write a path such as `$.detail.object.key`",
    PathType.REFERENCE: "write a path to one value, such as `$.seconds`",
    PathType.RESULT: "write a path to one place, such as `$.result`, or null",
    PathType.TEXT: "write a path such as `$.reason`, or `States.Format('{}', $.reason)`",
}
_MAY_BE_NULL = (PathType.INPUT, PathType.RESULT)
_ONE_VALUE = (PathType.REFERENCE, PathType.RESULT)

# Only plain paths and functions that exist: other text may be literal on purpose.
_PLAIN_PATH = re.compile(r"\$\$?(?:\.[A-Za-z_][\w-]*|\[(?:\d+|\*|'\w+')\])+")
_PLAIN_CALL = re.compile(r"(States\.\w+)\(.*\)", re.DOTALL)

_DOT_AT_END = re.compile(r"[\w\])]\.\s*\Z")


def check_path(value: Any, path: ValuePath, type_: PathType, state: State) -> Iterator[Finding]:
    """Checks the value of a field that ends with Path, or of a Choice's Variable."""
    if value is None and type_ in _MAY_BE_NULL:
        return
    if type_ is PathType.TEXT and intrinsics.looks_like_call(value):
        yield from _check_call(value, path, state)
        return
    if not isinstance(value, str):
        subject = f"{describe(path[-1])} of the state {describe(state.name)}"
        message = f"{subject} is {describe(value)}, not a path"
        yield Finding("INVALID_PATH", path, message, _EXAMPLES[type_])
        return
    subject = f"{describe(value)} in the state {describe(state.name)}"
    if _DOT_AT_END.search(value):
        # A sample of AWS has such a path; Jayway's JsonPath would refuse it.
        message, remedy = f"{subject} ends with a dot", "remove the dot, or add a name after it"
        yield Finding("INVALID_PATH", path, message, remedy, Severity.WARNING)
        value = value.strip()[:-1]
    try:
        parsed = paths.parse(value)
    except ExpressionError as reason:
        message = f"{subject} is not a valid path: {reason}"
        yield Finding("INVALID_PATH", path, message, _EXAMPLES[type_])
        return
    yield from _check_root(parsed, subject, path, type_, state)


def _check_root(
    parsed: Path, subject: str, path: ValuePath, type_: PathType, state: State
) -> Iterator[Finding]:
    """Checks what a valid path reads, and whether this field accepts it."""
    if parsed.root == "$$" and type_ is not PathType.RESULT:
        yield from context_object.check(parsed.names, path, state)
    if type_ in _ONE_VALUE and not parsed.is_single:
        message = f"{subject} can find several values, but AWS accepts only a path to one"
        yield Finding("INVALID_PATH", path, message, _EXAMPLES[type_])
    if type_ is PathType.RESULT and parsed.root != "$":
        message = f"{subject} does not point into the state's input"
        remedy = "begin it with `$.`; to set a variable, use `Assign`"
        yield Finding("INVALID_PATH", path, message, remedy)
    if type_ is PathType.REFERENCE and parsed.root == "$$":
        # Measured for a Map: https://github.com/floci-io/floci/issues/3733
        severity = Severity.ERROR if state.type == "Map" else Severity.WARNING
        message = f"{subject} reads the context object, which this field cannot read"
        remedy = "put the value into the state's input first, and read it with `$.`"
        yield Finding("INVALID_PATH", path, message, remedy, severity)


def check_template(value: Any, path: ValuePath, state: State) -> Iterator[Finding]:
    """Checks a payload template, in which keys that end with `.$` hold a path or a function."""
    for inner, item in walk_values(value, path):
        key = inner[-1] if inner else ""
        if isinstance(key, str) and key.endswith(".$") and len(inner) > len(path):
            yield from _check_dynamic(item, inner, state)
        elif isinstance(item, str) and looks_dynamic(item, inner[len(path) :]):
            yield _report_no_dollar(item, inner, path, state)


def _check_dynamic(value: Any, path: ValuePath, state: State) -> Iterator[Finding]:
    if isinstance(value, str) and value.strip().startswith("$"):
        yield from check_path(value, path, PathType.PATH, state)
    elif intrinsics.looks_like_call(value):
        yield from _check_call(value, path, state)
    else:
        name = str(path[-1]).removesuffix(".$")
        subject = f"{describe(path[-1])} in the state {describe(state.name)}"
        message = f"{subject} holds {describe(value)}, which is neither a path nor a function"
        yield Finding(
            "NO_PATH", path, message, f"rename the key to {describe(name)}, or write a path"
        )


def _check_call(value: str, path: ValuePath, state: State) -> Iterator[Finding]:
    subject = f"{describe(value)} in the state {describe(state.name)}"
    try:
        call = intrinsics.parse(value)
    except ExpressionError as reason:
        message = f"{subject} is not a valid function call: {reason}"
        remedy = f"write it like `{intrinsics.suggest_call(value)}`"
        yield Finding("INVALID_INTRINSIC", path, message, remedy)
        return
    for each in call.paths:
        if each.root == "$$":
            yield from context_object.check(each.names, path, state)
    for doubt in call.doubts:
        remedy = "escape `'`, `{`, `}` and `\\` with a backslash, and nothing else"
        message = f"{subject} {doubt}"
        yield Finding("INVALID_INTRINSIC", path, message, remedy, Severity.WARNING)


def looks_dynamic(text: str, path: ValuePath) -> bool:
    """Whether the author probably expects the text to be evaluated.

    Some services take paths of their own, in fields such as JsonPath and InputPathsMap.
    """
    if any("path" in str(key).lower() for key in path):
        return False
    call = _PLAIN_CALL.fullmatch(text)
    return bool(_PLAIN_PATH.fullmatch(text) or (call and call[1] in intrinsics.FUNCTIONS))


def _report_no_dollar(text: str, path: ValuePath, field: ValuePath, state: State) -> Finding:
    message = f"{describe(text)} in the state {describe(state.name)} is not evaluated"
    key = path[-1]
    if not any(isinstance(each, str) for each in path[len(field) :]):
        remedy = "to evaluate it, write a mapping with a key that ends with `.$`"
    elif isinstance(key, str):
        remedy = f"to evaluate it, rename the key to {describe(f'{key}.$')}"
    else:
        remedy = "end the list's key with `.$` and write the list as `States.Array(...)`"
    return Finding("NO_DOLLAR", path, message, remedy, Severity.WARNING)


def check_literal(text: str, path: ValuePath, state: State, instead: str) -> Iterator[Finding]:
    """Checks the text of a field that is not evaluated, where the field `instead` takes a path."""
    if looks_dynamic(text, ()):
        message = f"{describe(text)} in the state {describe(state.name)} is not evaluated"
        yield Finding("NO_DOLLAR", path, message, f"use `{instead}`", Severity.WARNING)
