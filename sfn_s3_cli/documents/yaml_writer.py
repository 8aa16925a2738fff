"""Writes values as YAML that `documents/yaml.py`, and every other reader, reads as the same."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence

_PLAIN = re.compile(r"[A-Za-z_/](?:[A-Za-z0-9_./ -]*[A-Za-z0-9_./-])?")
_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
"""What readers of YAML 1.1 or 1.2 do not take for a string."""
_UNSAFE = re.compile(
    r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_WIDTH = 90


def write_lines(value: object) -> Iterator[str]:
    """Writes it in lines: what fits into one line is written in one."""
    match value:
        case Mapping() if value:
            for key, inner in value.items():
                yield from _write_entry(f"{_write_scalar(key)}:", inner)
        case Sequence() if value and not isinstance(value, str):
            for inner in value:
                first, *rest = write_lines(inner) if _is_nested(inner) else [write_flow(inner)]
                yield f"- {first}"
                yield from (f"  {line}" for line in rest)
        case _:
            yield write_flow(value)


def _write_entry(key: str, value: object) -> Iterator[str]:
    flow = write_flow(value)
    if not _is_nested(value):
        yield f"{key} {flow}"
        return
    yield key
    yield from (f"  {line}" for line in write_lines(value))


def _is_nested(value: object) -> bool:
    """Whether it needs more than one line."""
    is_container = isinstance(value, Mapping | Sequence) and not isinstance(value, str)
    return is_container and len(write_flow(value)) > _WIDTH


def write_flow(value: object) -> str:
    """Writes it in one line.

    >>> write_flow({"key": "in/a.json", "size": 34, "tags": ["a: b", None, "no"]})
    '{key: in/a.json, size: 34, tags: ["a: b", null, "no"]}'
    """
    match value:
        case Mapping():
            pairs = (f"{_write_scalar(key)}: {write_flow(each)}" for key, each in value.items())
            return f"{{{', '.join(pairs)}}}"
        case Sequence() if not isinstance(value, str):
            return f"[{', '.join(map(write_flow, value))}]"
    return _write_scalar(value)


def _write_scalar(value: object) -> str:
    match value:
        case str():
            if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
                return value
            text = json.dumps(value, ensure_ascii=False)
            return _UNSAFE.sub(lambda found: _escape(found[0]), text)
        case float() if math.isfinite(value) and not value.is_integer():
            return f"{value:.17f}".rstrip("0") if "e" in repr(value) else repr(value)
        case float() if math.isfinite(value):
            return f"{value:.1f}"
    return json.dumps(value)


def _escape(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004
