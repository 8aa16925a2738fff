"""What a service's model says of a request and botocore does not check: patterns, limits, enums.

What it does check has been checked before: types, names, unions, required members, most minima.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import regex

# Characters outside the Basic Multilingual Plane, as the models try to spell them.
_ASTRAL = ("\\u10000-\\u10FFFF", "\\uD800\\uDC00-\\uDBFF\\uDFFF")

# S3 Control's model does not allow the ARN of a bucket, which has no region; its guide does.
_TOO_NARROW = frozenset({r"arn:[^:]+:s3(express)?:[^:].*"})

_LIMITED = {"string": "length", "blob": "length", "list": "size", "map": "size"}


def find_problems(operation: Any, params: Any) -> Iterator[str]:
    """All that the input's shape does not allow, each with its place."""
    if operation.input_shape:
        yield from _find_problems(operation.input_shape, params, "")


def _find_problems(shape: Any, value: Any, place: str) -> Iterator[str]:
    yield from (f"{place or 'input'}: {problem}" for problem in _problems(shape, value))
    match shape.type_name:
        case "structure":
            for name, member in value.items():
                yield from _find_problems(
                    shape.members[name], member, f"{place}.{name}".lstrip(".")
                )
        case "list":
            for index, member in enumerate(value):
                yield from _find_problems(shape.member, member, f"{place}[{index}]")
        case "map":
            for key, member in value.items():
                yield from _find_problems(shape.key, key, f"{place} key")
                yield from _find_problems(shape.value, member, f"{place}.{key}")


def _problems(shape: Any, value: Any) -> Iterator[str]:
    """What is wrong with the value itself."""
    metadata = _metadata(shape)
    if "enum" in metadata and value not in metadata["enum"]:
        yield f"{value!r} is not of its enum"
    if _has_pattern(metadata) and not compile_pattern(metadata["pattern"]).fullmatch(value):
        yield f"{value!r} does not match {metadata['pattern']}"
    measure = _LIMITED.get(shape.type_name, "value")
    if measure != "value" and not hasattr(value, "__len__"):
        return  # a file
    size = value if measure == "value" else len(value) if {"min", "max"} & set(metadata) else 0
    if "min" in metadata and size < metadata["min"]:
        yield f"{measure} {size} is below {metadata['min']}"
    if "max" in metadata and size > metadata["max"]:
        yield f"{measure} {size} is above {metadata['max']}"


def _has_pattern(metadata: dict[str, Any]) -> bool:
    return "pattern" in metadata and metadata["pattern"] not in _TOO_NARROW


@functools.cache
def _metadata(shape: Any) -> dict[str, Any]:
    return dict(shape.metadata)


@functools.cache
def compile_pattern(pattern: str) -> regex.Pattern[str]:
    """A pattern as Java reads it: `\\w` is ASCII, and `\\p` is not."""
    for spelt in _ASTRAL:
        pattern = pattern.replace(spelt, "\\U00010000-\\U0010FFFF")
    return regex.compile(pattern, regex.UNICODE if "\\p" in pattern else regex.ASCII)
