"""Two JSON documents, compared leaf by leaf."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.resources.change import ABSENT, Absent, Field

if TYPE_CHECKING:
    from collections.abc import Iterator


def find_differences(before: Any, after: Any, path: str = "") -> Iterator[Field]:
    """Finds the leaves in which two JSON documents differ, sorted by path."""
    match before, after:
        case ((dict() | Absent.ABSENT), dict()) if after or not path:
            old = {} if before is ABSENT else before
            for key in sorted({*old, *after}):
                inner = f"{path}.{key}" if path else key
                yield from find_differences(old.get(key, ABSENT), after.get(key, ABSENT), inner)
        case list(), list() if _are_statements(before, after):
            old_ones, new_ones = _by_sid(before), _by_sid(after)
            for sid in sorted({*old_ones, *new_ones}):
                old, new = old_ones.get(sid, ABSENT), new_ones.get(sid, ABSENT)
                if ABSENT in (old, new):
                    yield Field(f"{path}[{sid}]", old, new)
                else:
                    yield from find_differences(old, new, f"{path}[{sid}]")
        case list(), list():
            for index, (old, new) in enumerate(zip_longest(before, after, fillvalue=ABSENT)):
                yield from find_differences(old, new, f"{path}[{index}]")
        case _ if _text(before) != _text(after):
            yield Field(path, before, after)


def _are_statements(*lists: list[Any]) -> bool:
    """Whether these are the statements of policies, all with a Sid; one list may be empty."""
    return any(lists) and all(_by_sid(each) for each in lists if each)


def _by_sid(values: list[Any]) -> JsonObject:
    """The statements of a policy by Sid; empty if these are no such statements."""
    sids = [value.get("Sid") if isinstance(value, dict) else None for value in values]
    named = {sid: value for sid, value in zip(sids, values, strict=True) if isinstance(sid, str)}
    return named if len(named) == len(values) else {}


def _text(value: Any) -> str:
    """As JSON, where `true` is not `1`, as it is for Python."""
    return json.dumps(value, sort_keys=True, default=repr)
