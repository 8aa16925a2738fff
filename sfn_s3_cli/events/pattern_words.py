"""Event patterns in words: a line for each field that they test.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.pattern import list_alternatives, read_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.json_types import JsonObject


def describe_pattern(pattern: JsonObject) -> list[str]:
    """Describe what each field of an event must be.

    >>> describe_pattern({"source": ["aws.s3"], "detail": {"object": {"key": [{"prefix": "in/"}]}}})
    ['source: "aws.s3"', 'detail.object.key: prefix "in/"']
    """
    return [*_describe(pattern, "")]


def describe_pattern_part(path: str, part: object) -> list[str]:
    """Describe what is at a path of a pattern, which a difference has found; empty for no pattern.

    >>> describe_pattern_part("detail.object.key[1]", {"prefix": "in/"})
    ['detail.object.key: prefix "in/"']
    """
    pattern = part
    for step in reversed(path.split(".") if path else []):
        name, bracket, _ = step.partition("[")
        pattern = {name: [pattern] if bracket else pattern}
    return describe_pattern(pattern) if isinstance(pattern, dict) else []


def summarize(pattern: JsonObject) -> str:
    """Name the bucket and the keys that a pattern of sfnctl watches; empty for another pattern."""
    watched = read_pattern(pattern)
    if not watched:
        return ""
    path = SOURCES[watched.via].FIELDS["key"].split(".")
    tests = (_find(each, path) for each in list_alternatives(pattern))
    keys = dict.fromkeys(_describe_test(each) for test in tests if test for each in test)
    return f"s3://{watched.bucket}, " + (f"key {', '.join(keys)}" if keys else "every key")


def _find(value: object, path: list[str]) -> list[object]:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def _describe(pattern: JsonObject, path: str) -> Iterator[str]:
    for name, value in pattern.items():
        inner = f"{path}.{name}" if path else name
        match name, value:
            case "$or", [dict(), *_] if all(isinstance(each, dict) for each in value):
                yield f"{path}: one of these" if path else "one of these"
                for alternative in value:
                    first, *rest = [*_describe(alternative, "")] or ["anything"]
                    yield f"- {first}"
                    yield from (f"  {each}" for each in rest)
            case _, dict():
                yield from _describe(value, inner)
            case _, list():
                yield f"{inner}: {', '.join(map(_describe_test, value))}"
            case _:
                yield f"{inner}: {_write(value)}"


def _describe_test(test: object) -> str:
    match test:
        case {"exists": bool(exists)}:
            return "present" if exists else "absent"
        case {"numeric": [*comparisons]}:
            return " ".join(each if isinstance(each, str) else _write(each) for each in comparisons)
        case {"anything-but": dict(inner)}:
            return f"anything but {_describe_test(inner)}"
        case {"anything-but": value}:
            return f"anything but {_write(value)}"
        case dict():
            return " ".join(f"{operator} {_write(value)}" for operator, value in test.items())
    return _write(test)


def _write(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
