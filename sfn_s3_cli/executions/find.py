"""Finds the newest execution of a state machine, or the newest one of an object."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.executions.source import Depth, WatchOptions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.executions.source import ExecutionSource

KEPT_BY_AWS = timedelta(days=90)
MOST_SEARCHED = 1000
"""Executions that are described: after that, the quota for it is used up."""
_BATCH = 32
_WINDOWS = (*map(timedelta, (1 / 24, 1, 7, 30)), KEPT_BY_AWS)
"""How many days to look back, one after the other, because the list may be long."""


class Search(NamedTuple):
    """What was found, and how many executions were looked at."""

    execution: Execution | None
    searched: int


def find_last(source: ExecutionSource, now: datetime) -> Execution | None:
    """The execution that started or ended last."""
    return next(_list_newest(source, now), None)


def find_by_object(source: ExecutionSource, key: str, now: datetime) -> Search:
    """The newest execution of the object with exactly this key, among the newest ones."""
    options = WatchOptions(since=now, object_key=key, depth=Depth.INPUT)
    searched = 0
    batch: list[Execution] = []
    for listed in _list_newest(source, now):
        batch.append(listed)
        if len(batch) == _BATCH:
            if found := _pick(source, batch, options):
                return Search(found, searched)
            searched += len(batch)
            batch.clear()
            if searched >= MOST_SEARCHED:
                return Search(None, searched)
    return Search(_pick(source, batch, options), searched + len(batch))


def _pick(
    source: ExecutionSource, batch: list[Execution], options: WatchOptions
) -> Execution | None:
    """The first of the batch that has the object."""
    complete = source.complete(batch, options)
    return next((each for each in complete if options.includes(each)), None)


def _list_newest(source: ExecutionSource, now: datetime) -> Iterator[Execution]:
    """Each execution once, with its latest status, the newest first."""
    seen: set[str] = set()
    for length in _WINDOWS:
        latest: dict[str, Execution] = {}
        for each in source.list_changes(now - length):
            known = latest.get(each.arn)
            if each.arn not in seen and (known is None or each.progress >= known.progress):
                latest[each.arn] = each
        yield from sorted(latest.values(), key=lambda each: each.status_since, reverse=True)
        seen |= latest.keys()
