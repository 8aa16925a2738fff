"""Counts and stops the running executions of a state machine."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.counts import Count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.aws.client import Aws

IS_EXPRESS = "StateMachineTypeNotSupported"
"""ListExecutions's error code for an EXPRESS state machine: AWS does not list its executions."""

NOT_LISTED = "AWS does not list the executions of an EXPRESS workflow"

_MOST_COUNTED = 1000


def count_running(aws: Aws, machine_arn: str) -> Count:
    """Counts up to 1,000 running executions; none if the state machine does not exist."""
    number = len(list(islice(_list_running(aws, machine_arn), _MOST_COUNTED + 1)))
    return Count(min(number, _MOST_COUNTED), has_more=number > _MOST_COUNTED)


def stop_running(aws: Aws, machine_arn: str) -> None:
    """Stops all executions that are running now."""
    stop = aws.stepfunctions.stop_execution
    for arn in list(_list_running(aws, machine_arn)):
        aws.calls.raise_if_interrupted()
        cause = "sfnctl teardown --stop-executions"
        call_or_none(partial(stop, executionArn=arn, cause=cause), "ExecutionDoesNotExist")


def _list_running(aws: Aws, machine_arn: str) -> Iterator[str]:
    """Their ARNs, read page by page; none for an EXPRESS state machine."""
    pages = iter(
        aws.stepfunctions.get_paginator("list_executions").paginate(
            stateMachineArn=machine_arn,
            statusFilter="RUNNING",
            PaginationConfig={"PageSize": _MOST_COUNTED},
        )
    )
    next_page = partial(next, pages, None)
    while page := call_or_none(next_page, "StateMachineDoesNotExist", IS_EXPRESS):
        yield from (each["executionArn"] for each in page["executions"])
