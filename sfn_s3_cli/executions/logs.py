"""Reads the executions of a state machine from its log in CloudWatch Logs."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.limited import LimitedCall
from sfn_s3_cli.aws.pool import call_in_thread
from sfn_s3_cli.clock import Clock, Quota
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.executions.failed_state import find_failure
from sfn_s3_cli.executions.log_records import LogRecord, parse_record, read_change, to_event
from sfn_s3_cli.executions.source import Depth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_logs.type_defs import (
        FilterLogEventsRequestTypeDef,
        FilterLogEventsResponseTypeDef,
    )

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.executions.source import WatchOptions

UNLIMITED = Quota(math.inf, 1)
FILTER_LOG_EVENTS = Quota(5, 5)
"""AWS's lowest quota for the call; some regions have more.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
"""

_SHORT_OVERLAP = timedelta(seconds=20)
_FULL_READ_EVERY = timedelta(seconds=30)

# An EXPRESS execution takes at most five minutes.
_LOOK_BACK = timedelta(minutes=6)
_GRACE, _PAUSE = timedelta(seconds=10), 2
_AT_ONCE, _LONGEST_END = 10, 60
"""So many ends of ARNs fit into a pattern, which has at most 1,024 characters."""


class Log(NamedTuple):
    """Where executions are logged: the group, and how the ARN of each of them begins."""

    group: str
    arn_prefix: str
    has_data: bool = True
    """Whether the inputs are logged, too."""


def create_log_reader(aws: Aws, log: Log, check: Callable[[], None] = lambda: None) -> LogReader:
    """A reader within the quota; the embedded cloud has none."""
    quota = UNLIMITED if aws.is_local else FILTER_LOG_EVENTS
    return LogReader(aws.logs_without_retries, log, quota, aws.clock, aws.now, check)


class LogReader:
    """Gives the executions of one state machine that logs everything: an `ExecutionSource`.

    `now` is the time by AWS's clock. `check` is called now and then while the log has no news: it
    raises an error if none can come any more.
    """

    overlap = timedelta(seconds=120)
    oldest_first = True

    def __init__(
        self,
        client: CloudWatchLogsClient,
        log: Log,
        quota: Quota,
        clock: Clock,
        now: Callable[[], datetime],
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._log = log
        self._clock = clock
        self._now = now
        self._check = check
        self._call = LimitedCall(quota, clock)
        self._has_read = False
        self._newest: datetime | None = None
        self._full_read: datetime | None = None

    def list_changes(self, since: datetime) -> Iterator[Execution]:
        """Reads the records of starts and ends, page by page.

        Records come late, so the last two minutes are read again and again. To read less, most
        reads go back only 20 seconds from the latest record, if all before it has been shown.
        """
        began, newest, before = self._clock.now(), self._newest, self._newest
        is_full = self._full_read is None or began - self._full_read >= _FULL_READ_EVERY
        if newest and not is_full and since == newest - self.overlap:
            since = newest - _SHORT_OVERLAP
        pattern = f'{{ $.type = "Execution*" && $.execution_arn = "{self._log.arn_prefix}*" }}'
        start = _milliseconds(since)
        running: dict[str, Execution] = {}
        for page in self._read_pages(pattern, since):
            # A record may have a later timestamp in the log than its event.
            recent = (record for record in page if _milliseconds(record.time) >= start)
            for record in sorted(recent, key=lambda each: (each.time, each.id)):
                newest = max(newest or record.time, record.time)
                yield from _follow(record, running)
        yield from running.values()
        self._newest = newest
        if is_full:
            self._full_read = began
            if newest == before:
                call_in_thread(self._check)

    def _read_pages(
        self, pattern: str, since: datetime, until: datetime | None = None
    ) -> Iterator[list[LogRecord]]:
        """Pages may be empty before the last one."""
        request: FilterLogEventsRequestTypeDef = {
            "logGroupName": self._log.group,
            "filterPattern": pattern,
            "startTime": max(0, _milliseconds(since)),
        }
        if until:
            request["endTime"] = math.ceil(until.timestamp() * 1000)
        while True:
            page = call_in_thread(partial(self._read_page, request))
            found = (parse_record(each["message"]) for each in page["events"])
            yield [each for each in found if each and each.arn.startswith(self._log.arn_prefix)]
            if not page.get("nextToken"):
                return
            request["nextToken"] = page["nextToken"]

    def _read_page(self, request: FilterLogEventsRequestTypeDef) -> FilterLogEventsResponseTypeDef:
        read = partial(self._client.filter_log_events, **request)
        page = call_or_none(partial(self._call, read), "ResourceNotFoundException")
        if page is not None:
            self._has_read = True
            return page
        if self._has_read:
            raise AwsError(
                f"the log group {self._log.group} was deleted during the watch",
                "run `sfnctl deploy`, then watch again",
            )
        raise AwsError(
            f"the log group {self._log.group} does not exist",
            "`sfnctl deploy` creates it, and makes the state machine log to it",
        )

    def complete(
        self, executions: Sequence[Execution], options: WatchOptions
    ) -> Iterator[Execution]:
        """Reads what the starts and ends lack: of several executions with one call."""
        lacking = iter([each for each in executions if self._lacks_anything(each, options)])
        ready: dict[tuple[str, tuple[int, bool]], Execution] = {}
        for execution in executions:
            key = execution.arn, execution.progress
            if key not in ready and self._lacks_anything(execution, options):
                batch = self._complete_batch([*islice(lacking, _AT_ONCE)], options)
                ready |= {(each.arn, each.progress): each for each in batch}
            yield ready.pop(key, execution)

    def _lacks_anything(self, execution: Execution, options: WatchOptions) -> bool:
        if self._lacks_start(execution, options):
            return True
        return options.includes(execution) and _lacks_state(execution)

    def _lacks_start(self, execution: Execution, options: WatchOptions) -> bool:
        """Whether the record of its start was not read, which has the input if that is short."""
        needs_input = options.needs_object or options.depth >= Depth.OBJECT
        is_wanted = options.started_since is not None or (needs_input and self._log.has_data)
        return is_wanted and execution.started is None

    def _complete_batch(
        self, executions: list[Execution], options: WatchOptions
    ) -> list[Execution]:
        """The start of an execution may be logged after its end: waits some seconds for it."""
        began = self._clock.now()
        while any(self._lacks_anything(each, options) for each in executions):
            records = self._read_records(executions)
            executions = [_fill_in(each, records[each.arn]) for each in executions]
            late = [each for each in executions if self._lacks_start(each, options)]
            is_over = self._clock.now() - began >= _GRACE
            if is_over or not any(self._now() - each.status_since < _GRACE for each in late):
                break
            self._clock.sleep(_PAUSE)
        return executions

    def _read_records(self, executions: list[Execution]) -> dict[str, dict[int, LogRecord]]:
        """All records of these executions near their end, by ARN and id."""
        ends = (each.arn[-_LONGEST_END:] for each in executions)
        words = " || ".join(f'$.execution_arn = "*{each}"' for each in ends)
        since = min(_find_start(each) for each in executions)
        until = max(each.status_since for each in executions)
        records: dict[str, dict[int, LogRecord]] = defaultdict(dict)
        for page in self._read_pages(f"{{ {words} }}", since, until):
            for record in page:
                records[record.arn][record.id] = record
        return records


def _follow(record: LogRecord, running: dict[str, Execution]) -> Iterator[Execution]:
    """Gives an execution that has ended, with what its start said; keeps one that is running."""
    change = read_change(record)
    if change is None:
        return
    if start := running.pop(record.arn, None):
        change = replace(change, started=start.started, object=start.object, input=start.input)
    if change.has_ended:
        yield change
    else:
        running[record.arn] = change


def _milliseconds(moment: datetime) -> int:
    return math.floor(moment.timestamp() * 1000)


def _lacks_state(execution: Execution) -> bool:
    return execution.has_failed and execution.failed_state is None


def _find_start(execution: Execution) -> datetime:
    """Since when to look for its records."""
    earliest = execution.status_since - _LOOK_BACK
    return max(execution.started or earliest, earliest)


def _fill_in(execution: Execution, records: Mapping[int, LogRecord]) -> Execution:
    """Adds what its records say: the start and the input, and the state in which it failed."""
    for record in records.values():
        change = read_change(record)
        if change is None:
            continue
        if change.started and execution.started is None:
            execution = replace(
                execution, started=change.started, object=change.object, input=change.input
            )
        if change.progress == execution.progress and _lacks_state(execution):
            events = [to_event(records[number]) for number in sorted(records, reverse=True)]
            until_then = [each for each in events if each.id <= record.id]
            execution = replace(execution, failed_state=find_failure(until_then).state)
    return execution
