"""CloudWatch Logs: FilterLogEvents with pages and with patterns for JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple

from sfn_s3_cli.local.internals import LOGS, Action, Answer, Request, refuse, respond
from sfn_s3_cli.local.log_patterns import parse_pattern

_MOST, _LARGEST = 10_000, 1024 * 1024
_KEY = 4
"""How many fields of an event are its place in the order."""


class _Event(NamedTuple):
    """An event; its first fields give the order."""

    timestamp: int
    ingested: int
    stream: str
    position: int
    id: str
    message: str


def install() -> None:
    """Makes FilterLogEvents answer page by page."""
    LOGS.repair("_filter_log_events", filter_log_events)


def filter_log_events(_original: Action, data: Request) -> Answer:
    """A page comes from up to 10,000 events or 1 MB, and is empty if none of them matches the
    pattern (CloudWatch Logs API, FilterLogEvents)."""
    group = LOGS["_log_groups"].get(LOGS["_resolve_log_group_name"](data))
    if group is None:
        return refuse("ResourceNotFoundException", "The specified log group does not exist.")
    try:
        matches = _compile(data.get("filterPattern", "").strip())
        after = _read_token(data.get("nextToken"))
    except ValueError:
        return refuse("InvalidParameterException", "Invalid filter pattern or nextToken")
    found = [each for each in _search(group, data) if after is None or [*each[:_KEY]] > after]
    page = _take_page(found, min(data.get("limit", _MOST), _MOST))
    more = {"nextToken": _write_token(page[-1])} if len(page) < len(found) else {}
    events = [_describe(each) for each in page if matches(each.message)]
    return respond({"events": events, "searchedLogStreams": [], **more})


def _compile(pattern: str) -> Callable[[str], bool]:
    if not pattern.startswith("{"):
        matches: Callable[[str], bool] = LOGS["_compile_filter_pattern"](pattern)
        return matches
    matches_document = parse_pattern(pattern)
    return lambda message: matches_document(_parse(message))


def _parse(message: str) -> Any:
    try:
        return json.loads(message)
    except ValueError:
        return None


def _search(group: Request, data: Request) -> list[_Event]:
    start, end = data.get("startTime", 0), data.get("endTime", float("inf"))
    names = data.get("logStreamNames") or [*group["streams"]]
    return sorted(
        _Event(
            each["timestamp"], each["ingestionTime"], name, number, each["eventId"], each["message"]
        )
        for name in names
        for number, each in enumerate([*group["streams"].get(name, {}).get("events", ())])
        if start <= each["timestamp"] <= end
    )


def _take_page(events: list[_Event], limit: int) -> list[_Event]:
    """At least one event, and as many as fit."""
    page: list[_Event] = []
    size = 0
    for event in islice(events, limit):
        size += len(event.message)
        if page and size > _LARGEST:
            break
        page.append(event)
    return page


def _describe(event: _Event) -> Request:
    return {
        "eventId": event.id,
        "ingestionTime": event.ingested,
        "logStreamName": event.stream,
        "message": event.message,
        "timestamp": event.timestamp,
    }


def _write_token(last: _Event) -> str:
    return base64.b64encode(json.dumps(last[:_KEY]).encode()).decode()


def _read_token(token: str | None) -> list[Any] | None:
    position: list[Any] | None = json.loads(base64.b64decode(token)) if token else None
    return position
