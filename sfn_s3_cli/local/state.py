"""Dumps the content of the embedded cloud as JSON, for comparing two moments."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from xml.etree import ElementTree as ET

from sfn_s3_cli.local.internals import APP, S3

# These change without a change of configuration.
_VOLATILE_STORES = frozenset(
    (
        *("alarm_history", "buses", "completed_multipart_uploads", "executions"),
        *("log_records", "map_runs", "queries"),
    )
)
_VOLATILE_FIELD = re.compile(
    r"approximate.*|[a-z_]*(date|time|timestamp|created|modified|ed_?at|lastused|messages|streams)",
    re.IGNORECASE,
)


def dump() -> dict[str, object]:
    """Maps service → store → `account/region/name` → value.

    Leaves out empty stores, times, executions, queued messages, log events, and services that were
    never called. Of objects it keeps keys and etags.
    """
    services = {
        name: _stores(sys.modules[f"ministack.services.{module}"].get_state())
        for name, module in sorted(APP["_state_map"].items())
        if f"ministack.services.{module}" in sys.modules
    }
    etags = {
        _name(bucket): {key: record["etag"] for key, record in sorted(content["objects"].items())}
        for bucket, content in sorted(S3["_buckets"].to_dict().items())
    }
    services["objects"] = {"etags": etags} if etags else {}
    return {name: state for name, state in services.items() if state}


def _stores(state: Mapping[str, object] | None) -> dict[str, object]:
    """Beside its stores, a service may have counters, which say nothing of what it holds."""
    found = {
        name: _canonical(store)
        for name, store in (state or {}).items()
        if name not in _VOLATILE_STORES
    }
    stores = {
        name: _drop_empty(name, store) for name, store in found.items() if isinstance(store, dict)
    }
    return {name: store for name, store in stores.items() if store}


def _drop_empty(name: str, store: dict[str, object]) -> dict[str, object]:
    """Drops entries without content, such as empty tags, but not empty buckets."""
    if name == "buckets_meta":
        return store
    return {key: value for key, value in store.items() if value not in ({}, [])}


def _canonical(value: object) -> object:
    to_dict = getattr(value, "to_dict", None)
    match to_dict() if to_dict else value:
        case Mapping() as fields:
            named = {_name(key): _canonical(held) for key, held in fields.items()}
            return {
                name: named[name]
                for name in sorted(named)
                if named[name] is not None and not _VOLATILE_FIELD.fullmatch(name)
            }
        case str() as text:
            return _parse(text)
        case int() | float() | None as scalar:
            return scalar
        case bytes() as octets:
            return octets.hex()
        case set() | frozenset() as members:
            return sorted(map(str, members))
        case Iterable() as items:
            return [_canonical(item) for item in items]
        case other:
            return repr(other)


def _parse(text: str) -> object:
    """Parses documents, so that formatting makes no difference; an empty one becomes None."""
    if text.startswith("<"):
        root = ET.fromstring(text)  # noqa: S314  (the emulator has parsed it)
        return _element(root) if len(root) or root.text else None
    if text.startswith("{"):
        with suppress(ValueError):
            return _canonical(json.loads(text))
    return text


def _element(element: ET.Element) -> dict[str, object]:
    """Keeps empty elements: the switch for EventBridge is one."""
    children = sorted(map(_element, element), key=repr)
    return {element.tag.rpartition("}")[2]: children or element.text or ""}


def _name(key: object) -> str:
    return "/".join(map(_name, key)) if isinstance(key, tuple) else str(key)
