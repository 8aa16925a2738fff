"""Step Functions: what the ItemReader of a Map reads (Guide, "ItemReader")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sfn_s3_cli.local.internals import STATES, Request
from sfn_s3_cli.local.repairs import entries


def install() -> None:
    """Fails with States.ItemReaderFailed where the data cannot be read, and reads objects."""
    STATES.repair("_parse_reader_items", parse_items)
    STATES.repair("_read_map_items", read_items)


def read_items(original: Callable[..., Any], *arguments: Any) -> Any:
    """The object must be UTF-8."""
    try:
        return original(*arguments)
    except UnicodeDecodeError as error:
        raise _make_error(f"the object is not UTF-8: {error}") from None


def parse_items(original: Callable[..., Any], text: str, config: Request) -> list[Any]:
    """An object of JSON has entries."""
    rest = {name: value for name, value in config.items() if name != "ItemsPointer"}
    try:
        items = _follow(config.get("ItemsPointer", ""), original(text, rest))
    except (ValueError, LookupError) as error:
        raise _make_error(f"the data cannot be read: {error}") from None
    match items:
        case list():
            return items
        case dict():
            return entries.list_entries(items)
    raise _make_error("the data is neither an array nor an object")


def _follow(pointer: str, value: Any) -> Any:
    """A JSON Pointer (RFC 6901)."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else _find(value, name)
    return value


def _find(value: Any, name: str) -> Any:
    if not isinstance(value, dict) or name not in value:
        raise LookupError(f"ItemsPointer leads nowhere at '{name}'")
    return value[name]


def _make_error(cause: str) -> Exception:
    error: Exception = STATES["_ExecutionError"]("States.ItemReaderFailed", cause)
    return error
