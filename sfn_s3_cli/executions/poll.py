"""Polls Step Functions for new executions and changes of their status."""

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
from sfn_s3_cli.executions.read import THREADS, describe, parse_item
from sfn_s3_cli.executions.seen import SeenExecutions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from types_boto3_stepfunctions import SFNClient
    from types_boto3_stepfunctions.type_defs import ListExecutionsInputTypeDef

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.executions.model import Execution

# The list is eventually consistent: a change may appear in it this much later.
OVERLAP = timedelta(seconds=60)

SMALL_PAGE, LARGE_PAGE = 100, 1000


class Quotas(NamedTuple):
    """AWS's quotas for the two calls, for one account and region."""

    list_executions: Quota
    describe_execution: Quota


UNLIMITED = Quotas(Quota(math.inf, 1), Quota(math.inf, 1))


def find_quotas(region: str) -> Quotas:
    """The quotas that AWS documents for the region."""
    if region in {"us-east-1", "us-west-2", "eu-west-1"}:
        return Quotas(Quota(200, 5), Quota(300, 15))
    return Quotas(Quota(100, 2), Quota(250, 10))


def create_poller(aws: Aws, machine_arn: str, statuses: frozenset[str]) -> Poller:
    """A poller within the quotas of the region; the embedded cloud has none."""
    quotas = UNLIMITED if aws.is_local else find_quotas(aws.region)
    return Poller(aws.stepfunctions, machine_arn, quotas, aws.clock, statuses)


class Poller:
    """Gives the executions of one STANDARD state machine: a `watch.ExecutionSource`.

    Describes only executions in one of `statuses`, or all if that is empty; the others have no
    object and no input.
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
        self._seen = SeenExecutions()

    def read_changes(self, since: datetime) -> Iterator[Execution]:
        """Reads the list once. The list may change between two pages and repeat an item.

        The cutoff moves only after a complete read, so a read that fails halfway loses nothing.
        """
        listed = list(self._list(max(since, self._cutoff)))
        news = dict.fromkeys(each for each in reversed(listed) if self._seen.is_new(each))
        for execution in self._describe_all(sorted(news, key=lambda each: each.status_since)):
            self._seen.add(execution)
            yield execution
        self._page_size = SMALL_PAGE if len(listed) < SMALL_PAGE else LARGE_PAGE
        self._cutoff = max([self._cutoff, *(each.status_since - OVERLAP for each in listed)])
        self._seen.forget_before(self._cutoff)

    def _list(self, cutoff: datetime) -> Iterator[Execution]:
        """Lists page by page, the latest first, down to the cutoff."""
        request: ListExecutionsInputTypeDef = {
            "stateMachineArn": self._machine_arn,
            "maxResults": self._page_size,
        }
        while True:
            self._lists.take()
            page = call_or_none(partial(self._client.list_executions, **request), IS_EXPRESS)
            if page is None:
                raise AwsError(
                    NOT_LISTED,
                    "the deployed state machine is EXPRESS, but the config says `standard`:"
                    " see `sfnctl plan`",
                )
            for item in page["executions"]:
                execution = parse_item(item)
                if execution.status_since < cutoff:
                    return
                yield execution
            if "nextToken" not in page:
                return
            request["nextToken"] = page["nextToken"]

    def _describe_all(self, news: Iterable[Execution]) -> Iterator[Execution]:
        """Keeps the order; gives each execution as soon as it and those before it are ready."""
        with ThreadPoolExecutor(THREADS) as pool:
            waiting: deque[Future[Execution]] = deque()
            for listed in news:
                waiting.append(self._describe_in(pool, listed))
                while waiting and (waiting[0].done() or len(waiting) == THREADS):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _describe_in(self, pool: ThreadPoolExecutor, listed: Execution) -> Future[Execution]:
        """Describes what is not known: after the input was seen, only the error of a failure."""
        running = self._seen.find_running(listed.arn)
        if running:
            listed = replace(listed, object=running.object, input=running.input)
        is_wanted = not self._statuses or listed.status in self._statuses
        is_known = running and (listed.has_succeeded or not listed.has_ended)
        if is_known or not is_wanted:
            return pool.submit(lambda: listed)
        self._describes.take()
        return pool.submit(describe, self._client, listed)
