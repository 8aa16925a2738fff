"""Step Functions: intrinsic functions (Guide, "Intrinsic functions").

What the Guide leaves open is in docs/facts.md, as measured on AWS.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import random
import re
import uuid
from collections.abc import Callable
from typing import Any

from sfn_s3_cli.asl.language import intrinsics
from sfn_s3_cli.asl.language.paths import ExpressionError
from sfn_s3_cli.local.internals import STATES
from sfn_s3_cli.local.repairs import running

_MOST_ITEMS = 1000
_MOST_CHARACTERS = 10_000
_LEAST_INTEGER, _MOST_INTEGER = -(2**31), 2**31 - 1
_HASHES = {f"SHA-{size}": f"sha{size}" for size in (1, 256, 384, 512)} | {"MD5": "md5"}
_TEMPLATE = re.compile(r"\\(.)|(\{\})|([{}])|([^\\{}]+|\\)", re.DOTALL)
"""An escaped character, a gap, a brace that should be escaped, or text."""


class _InvalidError(Exception):
    """The arguments do not fit the function."""


def install() -> None:
    """Evaluates the functions as AWS does."""
    STATES.repair("_evaluate_intrinsic", evaluate)


def evaluate(_original: Callable[..., Any], expression: str, data: Any, context: Any) -> Any:
    """The value of a call. Bad arguments are a States.Runtime error, which no Catch matches."""
    try:
        call = intrinsics.parse(expression)
    except ExpressionError as error:
        raise running.make_runtime_error(f"Invalid function '{expression}': {error}") from None
    if call.name == "States.Format":
        arguments = [_read_template(call.arguments[0], data, context)]
        arguments += [_read(each, data, context) for each in call.arguments[1:]]
    else:
        arguments = [_read(each, data, context) for each in call.arguments]
    try:
        return _FUNCTIONS[call.name](*arguments)
    except _InvalidError:
        raise running.make_runtime_error(f"Invalid arguments in {call.name}") from None


def _read_template(source: str, data: Any, context: Any) -> Any:
    """The template of a Format, with its escapes."""
    return source[1:-1] if source.startswith("'") else _read(source, data, context)


def _read(source: str, data: Any, context: Any) -> Any:
    """The value of an argument."""
    if source.startswith("$"):
        return STATES["_resolve_path_or_ctx"](source, data, context)
    if source.startswith("'"):
        return re.sub(r"\\(.)", r"\1", source[1:-1], flags=re.DOTALL)
    if intrinsics.looks_like_call(source):
        return STATES["_evaluate_intrinsic"](source, data, context)
    return json.loads(source)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _require(*conditions: bool) -> None:
    if not all(conditions):
        raise _InvalidError


def _truncate(value: Any) -> int:
    _require(_is_number(value))
    return int(value)


def _round(value: Any) -> int:
    """The nearest whole number of 32 bits; halves go up."""
    _require(_is_number(value))
    rounded: int = math.floor(value + 0.5)
    _require(_LEAST_INTEGER <= rounded <= _MOST_INTEGER)
    return rounded


def _to_text(value: Any) -> str:
    """A value in a text: objects and arrays look as Java shows them.

    >>> _to_text({"a": [True, None, "x"]})
    '{a=[true, null, x]}'
    """
    match value:
        case str():
            return value
        case dict():
            return f"{{{', '.join(f'{key}={_to_text(each)}' for key, each in value.items())}}}"
        case list():
            return f"[{', '.join(map(_to_text, value))}]"
    return json.dumps(value)


def _format(template: Any, *values: Any) -> str:
    _require(isinstance(template, str))
    parts, left = [], list(values)
    for escaped, gap, brace, text in _TEMPLATE.findall(template):
        _require(not brace, bool(left) or not gap)
        parts.append(_to_text(left.pop(0)) if gap else escaped or text)
    _require(not left)
    return "".join(parts)


def _string_to_json(text: Any) -> Any:
    _require(isinstance(text, str))
    if not text:
        return None
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except ValueError:
        raise _InvalidError from None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _json_to_string(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _get_item(items: Any, index: Any) -> Any:
    number = _truncate(index)
    _require(isinstance(items, list))
    if not items and number >= 0:
        return None
    _require(0 <= number < len(items))
    return items[number]


def _get_length(items: Any) -> int:
    _require(isinstance(items, list))
    return len(items)


def _contains(items: Any, wanted: Any) -> bool:
    _require(isinstance(items, list))
    return _to_text(wanted) in map(_to_text, items)


def _make_unique(items: Any) -> list[Any]:
    _require(isinstance(items, list))
    unique: dict[str, Any] = {}
    for each in items:
        unique.setdefault(json.dumps(each, sort_keys=True), each)
    return [*unique.values()]


def _partition(items: Any, size: Any) -> list[Any]:
    step = _truncate(size)
    _require(isinstance(items, list), step > 0)
    return [items[at : at + step] for at in range(0, len(items), step)]


def _make_range(first: Any, last: Any, step: Any) -> list[int]:
    start, end, by = _truncate(first), _truncate(last), _truncate(step)
    _require(by != 0)
    numbers = range(start, end + (1 if by > 0 else -1), by)
    _require(len(numbers) <= _MOST_ITEMS)
    return [*numbers]


def _merge(one: Any, other: Any, is_deep: Any) -> dict[str, Any]:
    _require(isinstance(one, dict), isinstance(other, dict), is_deep is not True)
    return {**one, **other}


def _encode(text: Any) -> str:
    return base64.b64encode(_check_text(text).encode()).decode()


def _decode(text: Any) -> str:
    """AWS skips characters that are not Base64, and needs no padding."""
    kept = re.sub(r"[^A-Za-z0-9+/]", "", _check_text(text))
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return base64.b64decode(kept + "=" * (-len(kept) % 4)).decode(errors="replace")


def _check_text(text: Any) -> str:
    _require(isinstance(text, str) and len(text) <= _MOST_CHARACTERS)
    checked: str = text
    return checked


def _hash(value: Any, algorithm: Any) -> str:
    _require(isinstance(algorithm, str) and algorithm in _HASHES)
    text = _check_text(_to_text(value))
    return hashlib.new(_HASHES[algorithm], text.encode(), usedforsecurity=False).hexdigest()


def _add(one: Any, other: Any) -> int:
    return _round(_round(one) + _round(other))


def _make_random(first: Any, last: Any, *seed: Any) -> int:
    """A number below the last one; a seed always gives the same one."""
    start, end = _truncate(first), _truncate(last)
    _require(start < end, *map(_is_number, seed))
    return random.Random(*seed).randrange(start, end)  # noqa: S311


def _split(text: Any, delimiters: Any) -> list[str]:
    """Each character of the second text divides; nothing is empty."""
    _require(isinstance(text, str), isinstance(delimiters, str))
    for each in delimiters:
        text = text.replace(each, delimiters[0])
    return [each for each in text.split(delimiters[0]) if each] if delimiters else [text]


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "States.Array": lambda *values: [*values],
    "States.ArrayContains": _contains,
    "States.ArrayGetItem": _get_item,
    "States.ArrayLength": _get_length,
    "States.ArrayPartition": _partition,
    "States.ArrayRange": _make_range,
    "States.ArrayUnique": _make_unique,
    "States.Base64Decode": _decode,
    "States.Base64Encode": _encode,
    "States.Format": _format,
    "States.Hash": _hash,
    "States.JsonMerge": _merge,
    "States.JsonToString": _json_to_string,
    "States.MathAdd": _add,
    "States.MathRandom": _make_random,
    "States.StringSplit": _split,
    "States.StringToJson": _string_to_json,
    "States.UUID": lambda: str(uuid.uuid4()),
}
