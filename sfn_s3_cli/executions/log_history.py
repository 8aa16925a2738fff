"""Reads an EXPRESS execution from the records of its state machine's log.

AWS has no other record of it: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

from __future__ import annotations

import heapq
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.limited import LimitedCall
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.events.reader import read_object_text
from sfn_s3_cli.executions.details import ExecutionDetails
from sfn_s3_cli.executions.history import read_history
from sfn_s3_cli.executions.log_records import find_cut, parse_record, read_input, to_event
from sfn_s3_cli.executions.logs import FILTER_LOG_EVENTS, UNLIMITED
from sfn_s3_cli.executions.model import Execution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from types_boto3_logs.type_defs import FilterLogEventsRequestTypeDef

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.executions.log_records import LogRecord
    from sfn_s3_cli.executions.steps import HistoryEvent
    from sfn_s3_cli.json_types import JsonObject

LONGEST = timedelta(minutes=5)
"""An EXPRESS execution may take this long."""
_LATE = timedelta(minutes=1)
SEARCHED = timedelta(days=90)
_WINDOWS = (
    timedelta(seconds=30),
    timedelta(minutes=15),
    *map(timedelta, (0.25, 1, 7, 30)),
    SEARCHED,
)
"""The log is searched in these steps back from now, because it may be long."""
_REORDERED = 1000
"""So many records may come before one that belongs before them."""
_STATUS = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionAborted": "ABORTED",
}


class Wanted(NamedTuple):
    """Which executions to find: by their ARN, or its beginning with `*` behind it, and perhaps only
    those of one object. Of a long log, only records of the `type` are read, which may end with `*`.
    """

    arn: str
    key: str | None = None
    type: str = ""

    @property
    def pattern(self) -> str:
        """The filter pattern for their records.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
        """
        kind = "ExecutionStarted" if self.key is not None else self.type
        more = f' && $.type = "{kind}"' if kind else ""
        return f'{{ $.execution_arn = "{self.arn}"{more} }}'

    def includes(self, record: LogRecord) -> bool:
        """Whether a record is of such an execution."""
        start = self.arn.removesuffix("*")
        is_own = record.arn.startswith(start) if start != self.arn else record.arn == start
        if not is_own or self.key is None:
            return is_own
        if record.type != "ExecutionStarted":
            return False
        found = read_object_text(read_input(record))
        return found is not None and found.key == self.key


class LogSearch(NamedTuple):
    """A log group, and which records to read from it."""

    group: str
    wanted: Wanted
    since: datetime
    until: datetime


def read_express(
    aws: Aws, group: str, wanted: Wanted, *, keep_all: bool = False
) -> ExecutionDetails | None:
    """Reads the latest execution that is wanted; None if there is none."""
    found = _find_latest(aws, group, wanted)
    if found is None:
        return None
    moment, own = found.time, Wanted(found.arn)
    since = moment - (_LATE if found.type == "ExecutionStarted" else LONGEST + _LATE)
    until = moment + (_LATE if found.is_end else LONGEST + _LATE)
    summary = _Summary(found.arn)
    records = _list_records(aws, LogSearch(group, own, since, until))
    events = sort_events(map(to_event, records))
    history = read_history(summary.follow(events), keep_all=keep_all)
    execution = summary.make_execution(moment, history.failed_state)
    return ExecutionDetails(
        execution, history, aws.now(), summary.output, data_not_read=summary.missing
    )


def _find_latest(aws: Aws, group: str, wanted: Wanted) -> LogRecord | None:
    now = aws.now()
    until = now + _LATE
    for length in _WINDOWS:
        since = now - length
        latest: LogRecord | None = None
        for each in _list_records(aws, LogSearch(group, wanted, since, until)):
            if latest is None or each.time >= latest.time:
                latest = each
        if latest is not None:
            return latest
        until = since
    return None


def _list_records(aws: Aws, search: LogSearch) -> Iterator[LogRecord]:
    """Reads the log page by page; a page may be empty although others follow.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
    """
    call = LimitedCall(UNLIMITED if aws.is_local else FILTER_LOG_EVENTS, aws.clock)
    request: FilterLogEventsRequestTypeDef = {
        "logGroupName": search.group,
        "filterPattern": search.wanted.pattern,
        "startTime": int(search.since.timestamp() * 1000),
        "endTime": int(search.until.timestamp() * 1000),
    }
    while True:
        read = partial(aws.logs_without_retries.filter_log_events, **request)
        page = call_or_none(partial(call, read), "ResourceNotFoundException")
        if page is None:
            raise AwsError(
                f"the log group {search.group} does not exist",
                "`sfnctl deploy` creates it, and makes the state machine log to it",
            )
        for message in page["events"]:
            record = parse_record(message["message"])
            if record and search.wanted.includes(record):
                yield record
        if "nextToken" not in page:
            return
        request["nextToken"] = page["nextToken"]


def sort_events(events: Iterable[HistoryEvent]) -> Iterator[HistoryEvent]:
    """Sorts records by their ids and drops repeated ones. The log has them nearly in order."""
    waiting: list[tuple[int, int, HistoryEvent]] = []
    seen: set[int] = set()
    for number, event in enumerate(events):
        if event.id in seen:
            continue
        seen.add(event.id)
        heapq.heappush(waiting, (event.id, number, event))
        if len(waiting) > _REORDERED:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


class _Summary:
    """What the first and the last event say of the whole execution."""

    def __init__(self, arn: str) -> None:
        self._arn = arn
        self._started: datetime | None = None
        self._ended: datetime | None = None
        self._status = "RUNNING"
        self._start: JsonObject = {}
        self._end: JsonObject = {}
        self._has_cut = False

    @property
    def output(self) -> str | None:
        return self._end.get("output")

    @property
    def missing(self) -> str:
        """What the log lacks: because of the logging configuration, or of its limit."""
        if not self._started:
            return "the log lacks its start: set `logging: {level: all, include_data: true}`"
        if self._has_cut:
            return "the log cuts off those of more than 248 KB"
        if "input" not in self._start:
            return "the log has none: set `include_data: true` under `logging`"
        return ""

    def follow(self, events: Iterable[HistoryEvent]) -> Iterator[HistoryEvent]:
        for event in events:
            self._has_cut = self._has_cut or bool(find_cut(event.details))
            if event.type == "ExecutionStarted":
                self._started, self._start = event.moment, event.details
            elif event.type in _STATUS:
                self._ended, self._end = event.moment, event.details
                self._status = _STATUS[event.type]
            yield event

    def make_execution(self, moment: datetime, failed_state: str | None) -> Execution:
        """`moment` counts as the start if the log has neither the start nor the end."""
        text = self._start.get("input")
        return Execution(
            arn=self._arn,
            name=self._arn.split(":")[7],
            status=self._status,
            started=self._started if self._started or self._ended else moment,
            stopped=self._ended,
            object=read_object_text(text) if text is not None else None,
            input=text,
            error=self._end.get("error"),
            cause=self._end.get("cause"),
            failed_state=failed_state,
        )
