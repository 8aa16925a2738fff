"""Executions by asking again and again: ListExecutions, and DescribeExecution for the input."""

from __future__ import annotations

import math
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.executions import IS_EXPRESS, NOT_LISTED
from sfn_s3_cli.clock import Clock, Quota, TokenBucket
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.events.reader import read_object_text
from sfn_s3_cli.executions.model import Execution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from types_boto3_stepfunctions import SFNClient
    from types_boto3_stepfunctions.type_defs import (
        ExecutionListItemTypeDef,
        ListExecutionsInputTypeDef,
    )

    from sfn_s3_cli.aws.client import Aws

# The list is eventually consistent: an execution may appear this much later than it happened.
OVERLAP = timedelta(seconds=60)

DESCRIBERS = 8
SMALL_PAGE, LARGE_PAGE = 100, 1000

# Running executions are remembered to save the DescribeExecution of their end, within limits.
REMEMBERED_EXECUTIONS, REMEMBERED_INPUT = 10_000, 4096


class Quotas(NamedTuple):
    """The quotas of the two calls, for one account and region."""

    list_executions: Quota
    describe_execution: Quota


UNLIMITED = Quotas(Quota(math.inf, 1), Quota(math.inf, 1))


def quotas_of(region: str) -> Quotas:
    """The quotas that AWS documents for the region."""
    if region in {"us-east-1", "us-west-2", "eu-west-1"}:
        return Quotas(Quota(200, 5), Quota(300, 15))
    return Quotas(Quota(100, 2), Quota(250, 10))


class Poll:
    """A source of executions (see `watch.Source`) of one STANDARD state machine.

    Only those in one of `statuses` (none given: all) are described; the others come without
    object and input. What is remembered between two looks: what was seen within the overlap, so
    that nothing is given twice, and the objects of running executions.
    """

    def __init__(
        self,
        client: SFNClient,
        machine_arn: str,
        quotas: Quotas,
        clock: Clock,
        statuses: frozenset[str] = frozenset(),
    ) -> None:
        self._client = client
        self._machine_arn = machine_arn
        self._statuses = statuses
        self._lists = TokenBucket(quotas.list_executions, clock)
        self._describes = TokenBucket(quotas.describe_execution, clock)
        self._page_size = LARGE_PAGE
        self._cutoff = datetime.min.replace(tzinfo=UTC)
        self._seen: dict[str, Execution] = {}
        self._running: dict[str, Execution] = {}

    def changes(self, since: datetime) -> Iterator[Execution]:
        """One look. Pages may move while they are read, so an item can be listed twice.

        Only a look that was completed moves the cutoff: one that breaks off loses nothing.
        """
        listed = list(self._list(max(since, self._cutoff)))
        news = dict.fromkeys(each for each in reversed(listed) if self._is_new(each))
        for execution in self._all_described(sorted(news, key=lambda each: each.moment)):
            self._remember(execution)
            yield execution
        self._page_size = SMALL_PAGE if len(listed) < SMALL_PAGE else LARGE_PAGE
        self._cutoff = max([self._cutoff, *(each.moment - OVERLAP for each in listed)])
        self._seen = {arn: each for arn, each in self._seen.items() if each.moment >= self._cutoff}

    def _list(self, cutoff: datetime) -> Iterator[Execution]:
        """Page by page, the latest first, down to the cutoff."""
        request: ListExecutionsInputTypeDef = {
            "stateMachineArn": self._machine_arn,
            "maxResults": self._page_size,
        }
        while True:
            self._lists.take()
            page = call_or_none(partial(self._client.list_executions, **request), IS_EXPRESS)
            if page is None:
                raise AwsError(NOT_LISTED, "`sfnctl plan` tells how it differs from the config")
            for item in page["executions"]:
                execution = _listed(item)
                if execution.moment < cutoff:
                    return
                yield execution
            if "nextToken" not in page:
                return
            request["nextToken"] = page["nextToken"]

    def _is_new(self, listed: Execution) -> bool:
        seen = self._seen.get(listed.arn)
        return seen is None or listed.progress > seen.progress

    def _all_described(self, news: Iterable[Execution]) -> Iterator[Execution]:
        """In the same order, each as soon as it and those before it are ready."""
        with ThreadPoolExecutor(DESCRIBERS) as pool:
            waiting: deque[Future[Execution]] = deque()
            for listed in news:
                waiting.append(self._describe_in(pool, listed))
                while waiting and (waiting[0].done() or len(waiting) == DESCRIBERS):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _describe_in(self, pool: ThreadPoolExecutor, listed: Execution) -> Future[Execution]:
        """An end is described again only for its error and cause."""
        running = self._running.get(listed.arn)
        if running:
            listed = replace(listed, object=running.object, input=running.input)
        wanted = not self._statuses or listed.status in self._statuses
        if not wanted or (running and (listed.succeeded or not listed.ended)):
            return pool.submit(lambda: listed)
        self._describes.take()
        return pool.submit(_described, self._client, listed)

    def _remember(self, execution: Execution) -> None:
        self._seen[execution.arn] = replace(execution, object=None, input=None, cause=None)
        self._running.pop(execution.arn, None)
        known = execution.input is not None and len(execution.input) <= REMEMBERED_INPUT
        if known and not execution.ended:
            self._running[execution.arn] = execution
        if len(self._running) > REMEMBERED_EXECUTIONS:
            del self._running[next(iter(self._running))]


def source(aws: Aws, machine_arn: str, statuses: frozenset[str]) -> Poll:
    """Polls within the quotas of the region; the embedded cloud has none."""
    quotas = UNLIMITED if aws.is_local else quotas_of(aws.region)
    return Poll(aws.stepfunctions, machine_arn, quotas, aws.clock, statuses)


def latest(client: SFNClient, machine_arn: str, count: int) -> tuple[Execution, ...] | None:
    """The executions that started or ended last, the latest first; none without a machine.

    None for an EXPRESS machine, whose executions are not listed.
    """

    def listed() -> list[Execution]:
        request = partial(client.list_executions, stateMachineArn=machine_arn, maxResults=count)
        answer = call_or_none(request, "StateMachineDoesNotExist")
        return [_listed(item) for item in answer["executions"]] if answer else []

    executions = call_or_none(listed, IS_EXPRESS)
    if executions is None:
        return None
    with ThreadPoolExecutor(DESCRIBERS) as pool:
        return tuple(pool.map(lambda each: _described(client, each), executions))


def _described(client: SFNClient, listed: Execution) -> Execution:
    """With input, error and cause; without them when AWS has forgotten the execution."""
    answer = call_or_none(
        lambda: client.describe_execution(executionArn=listed.arn), "ExecutionDoesNotExist"
    )
    if answer is None:
        return listed
    text = answer.get("input")
    return replace(
        listed,
        object=read_object_text(text),
        input=text,
        error=answer.get("error"),
        cause=answer.get("cause"),
    )


def _listed(item: ExecutionListItemTypeDef) -> Execution:
    stopped, redriven = item.get("stopDate"), item.get("redriveDate")
    return Execution(
        arn=item["executionArn"],
        name=item["name"],
        status=item["status"],
        started=item["startDate"].astimezone(UTC),
        stopped=stopped.astimezone(UTC) if stopped else None,
        redrive_count=item.get("redriveCount", 0),
        redriven=redriven.astimezone(UTC) if redriven else None,
    )
