"""Polls Step Functions for new executions and changes of their status."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sfn_s3_cli.aws.errors import code_of
from sfn_s3_cli.aws.executions import IS_EXPRESS, NOT_LISTED
from sfn_s3_cli.aws.limited import LimitedCall
from sfn_s3_cli.aws.pool import call_in_thread
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.executions.describe import Describer
from sfn_s3_cli.executions.quotas import UNLIMITED, Quotas, find_quotas
from sfn_s3_cli.executions.read import parse_item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from types_boto3_stepfunctions import SFNClient
    from types_boto3_stepfunctions.type_defs import (
        ListExecutionsInputTypeDef,
        ListExecutionsOutputTypeDef,
    )

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.clock import Clock
    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.executions.source import WatchOptions

SMALL_PAGE, LARGE_PAGE = 100, 1000


def create_poller(aws: Aws, machine_arn: str) -> Poller:
    """A poller within the quotas of the region; the embedded cloud has none."""
    quotas = UNLIMITED if aws.is_local else find_quotas(aws.region)
    client = aws.stepfunctions_without_retries
    return Poller(client, machine_arn, quotas, aws.clock, aws.notify)


def make_deletion_error(machine_arn: str) -> AwsError:
    name = machine_arn.rpartition(":")[2]
    return AwsError(
        f"state machine {name} was deleted during the watch",
        "run `sfnctl deploy`, then watch again",
    )


class Poller:
    """Gives the executions of one STANDARD state machine: a `source.ExecutionSource`."""

    overlap = timedelta(seconds=60)
    oldest_first = False

    def __init__(
        self,
        client: SFNClient,
        machine_arn: str,
        quotas: Quotas,
        clock: Clock,
        notify: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._client = client
        self._machine_arn = machine_arn
        self._lists = LimitedCall(quotas.list_executions, clock)
        self._describer = Describer(client, quotas, clock, notify)
        self._page_size = LARGE_PAGE
        self._has_listed = False

    @property
    def is_behind(self) -> bool:
        """Whether the quotas did not allow to complete the last executions in time."""
        return self._describer.is_behind

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
            page = call_in_thread(partial(self._read_page, request))
            for item in page["executions"]:
                execution = parse_item(item)
                if execution.status_since < cutoff:
                    return
                yield execution
            if "nextToken" not in page:
                return
            request["nextToken"] = page["nextToken"]

    def _read_page(self, request: ListExecutionsInputTypeDef) -> ListExecutionsOutputTypeDef:
        try:
            page = self._lists(partial(self._client.list_executions, **request))
        except Exception as error:
            if known := self._explain(code_of(error)):
                raise known from None
            raise
        self._has_listed = True
        return page

    def _explain(self, code: str) -> AwsError | None:
        """The error to show for a code that has a special meaning here."""
        if code == IS_EXPRESS:
            return AwsError(
                NOT_LISTED,
                "the deployed state machine is EXPRESS, but the config says `standard`:"
                " see `sfnctl plan`",
            )
        if code == "StateMachineDoesNotExist" and self._has_listed:
            return make_deletion_error(self._machine_arn)
        return None

    def complete(
        self, executions: Sequence[Execution], options: WatchOptions
    ) -> Iterator[Execution]:
        """Gives each execution as soon as it and those before it are ready."""
        return self._describer.complete(executions, options)
