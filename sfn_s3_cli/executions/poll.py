"""Polls Step Functions for new executions and changes of their status."""

from __future__ import annotations

import math
from collections import deque
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.executions import IS_EXPRESS, NOT_LISTED
from sfn_s3_cli.aws.pool import open_pool
from sfn_s3_cli.clock import Clock, Quota, TokenBucket
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.executions.read import THREADS, describe, parse_item
from sfn_s3_cli.executions.source import Depth

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future, ThreadPoolExecutor
    from datetime import datetime

    from types_boto3_stepfunctions import SFNClient
    from types_boto3_stepfunctions.type_defs import ListExecutionsInputTypeDef

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.executions.source import WatchOptions

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


def create_poller(aws: Aws, machine_arn: str) -> Poller:
    """A poller within the quotas of the region; the embedded cloud has none."""
    quotas = UNLIMITED if aws.is_local else find_quotas(aws.region)
    return Poller(aws.stepfunctions, machine_arn, quotas, aws.clock)


class Poller:
    """Gives the executions of one STANDARD state machine: a `source.ExecutionSource`."""

    overlap = timedelta(seconds=60)
    oldest_first = False

    def __init__(self, client: SFNClient, machine_arn: str, quotas: Quotas, clock: Clock) -> None:
        self._client = client
        self._machine_arn = machine_arn
        self._lists = TokenBucket(quotas.list_executions, clock)
        self._describes = TokenBucket(quotas.describe_execution, clock)
        self._page_size = LARGE_PAGE

    def list_changes(self, since: datetime) -> Iterator[Execution]:
        """Reads the list once. The list may change between two pages and repeat an item."""
        count = 0
        for execution in self._list(since):
            count += 1
            yield execution
        self._page_size = SMALL_PAGE if count < SMALL_PAGE else LARGE_PAGE

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

    def complete(
        self, executions: Sequence[Execution], options: WatchOptions
    ) -> Iterator[Execution]:
        """Gives each execution as soon as it and those before it are ready."""
        with open_pool(THREADS, "describe") as pool:
            waiting: deque[Future[Execution]] = deque()
            for listed in executions:
                waiting.append(self._complete_in(pool, listed, options))
                while waiting and (waiting[0].done() or len(waiting) == THREADS):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _complete_in(
        self, pool: ThreadPoolExecutor, listed: Execution, options: WatchOptions
    ) -> Future[Execution]:
        """Describes what is not known: after the input was seen, only the error of a failure."""
        is_known = listed.input is not None or (
            options.depth is Depth.STATUS and not options.needs_object
        )
        if is_known and (listed.has_succeeded or not listed.has_ended):
            return pool.submit(lambda: listed)
        self._describes.take()
        return pool.submit(describe, self._client, listed)
