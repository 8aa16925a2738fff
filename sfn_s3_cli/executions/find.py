"""Finds the newest execution of a state machine, or the newest one of an object."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.executions.source import Depth, WatchOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.executions.source import ExecutionSource

MOST_SEARCHED = 1000
"""Executions that are described: after that, the quota for it is used up."""
_BATCH = 32
_WINDOWS = tuple(map(timedelta, (1 / 24, 1, 7, 30, 366)))
"""How many days to look back, one after the other, because the list may be long.

AWS keeps executions for 90 days after their end, and they may run for a year."""


class Search(NamedTuple):
    """What was found, and how many executions were looked at."""

    execution: Execution | None
    searched: int


def find_last(source: ExecutionSource) -> Execution | None:
    """The execution that started or ended last: the first that AWS lists.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
    """
    return next(iter(source.list_changes(datetime.min.replace(tzinfo=UTC))), None)


def find_by_object(source: ExecutionSource, key: str, now: datetime) -> Search:
    """The execution of the object with exactly this key that started last, among the newest ones.

    An execution that came into its status earlier than another started cannot have started later.
    """
    options = WatchOptions(since=now, object_key=key, depth=Depth.INPUT)
    found: Execution | None = None
    searched = 0
    newest = _list_newest(source, now)
    while searched < MOST_SEARCHED and (batch := [*islice(newest, _BATCH)]):
        later = [each for each in batch if found is None or _start(each) > _start(found)]
        complete = source.complete(later, options)
        for listed in later:
            if found and listed.status_since <= _start(found):
                return Search(found, searched)
            execution = next(complete)
            searched += 1
            if options.includes(execution) and (not found or _start(execution) > _start(found)):
                found = execution
        if found and batch[-1].status_since <= _start(found):
            break
    return Search(found, searched)


def _start(execution: Execution) -> datetime:
    return execution.started or execution.status_since


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
