"""Step Functions: comparisons of Choice rules that the emulator lacks or makes too loosely."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sfn_s3_cli.local.internals import STATES, Request

_COMPARISON = re.compile(
    r"(String|Numeric|Boolean|Timestamp)"
    r"(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)(Path)?"
)
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "GreaterThan": operator.gt,
    "LessThanEquals": operator.le,
    "GreaterThanEquals": operator.ge,
}
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
"""RFC 3339 with a capital T and a capital Z."""


def install() -> None:
    """Compares values of one type only, as the Amazon States Language says ("Choice State"), and
    reads times strictly."""
    STATES.repair("_parse_ts", parse_time)
    STATES.repair("_evaluate_rule", evaluate)


def evaluate(original: Callable[..., bool], rule: Request, data: Any, context: Any = None) -> bool:
    if "Variable" not in rule:
        return original(rule, data, context)
    value = STATES["_resolve_path_or_ctx"](rule["Variable"], data, context)
    for name, wanted in rule.items():
        if comparison := _COMPARISON.fullmatch(name):
            kind, test, is_path = comparison.groups()
            if is_path:
                wanted = STATES["_resolve_path_or_ctx"](wanted, data, context)  # noqa: PLW2901
            one, other = _read(kind, value), _read(kind, wanted)
            return one is not None and other is not None and _TESTS[test](one, other)
        match name:
            case "IsNumeric":
                return (_read("Numeric", value) is not None) == bool(wanted)
            case "IsTimestamp":
                return (_read("Timestamp", value) is not None) == bool(wanted)
            case "StringMatches":
                return isinstance(value, str) and bool(
                    re.fullmatch(_translate(wanted), value, re.DOTALL)
                )
    return original(rule, data, context)


def _read(kind: str, value: Any) -> str | float | bool | datetime | None:
    """The value if it is of this type."""
    match kind, value:
        case ("Boolean", bool()) | ("String", str()):
            found: str | bool = value
            return found
        case "Numeric", int() | float() if not isinstance(value, bool):
            number: float = value
            return number
        case "Timestamp", _:
            return read_time(value)
    return None


def parse_time(_original: Callable[..., Any], value: Any) -> datetime | None:
    return read_time(value)


def read_time(value: Any) -> datetime | None:
    """A time as the Amazon States Language writes it ("Timestamps"); None for other values."""
    if not isinstance(value, str) or not _TIMESTAMP.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:  # such as 30 February
        return None


def _translate(pattern: str) -> str:
    r"""A `*` matches any text, `\*` itself, and `\\` a backslash."""
    parts = re.findall(r"\\[*\\]|\*|[^*\\]+|\\", pattern)
    return "".join(
        ".*" if each == "*" else re.escape(each.removeprefix("\\") or "\\") for each in parts
    )
