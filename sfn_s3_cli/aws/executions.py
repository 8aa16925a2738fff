"""The executions of a state machine that run: counted, and stopped."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from sfn_s3_cli.aws.errors import unless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.aws.client import Aws

IS_EXPRESS = "StateMachineTypeNotSupported"
"""What ListExecutions says of an EXPRESS state machine, whose executions are nowhere listed."""

NOT_LISTED = "the executions of an EXPRESS workflow are not listed by AWS"

_COUNTED = 1000


def running_in_words(aws: Aws, machine_arn: str) -> str:
    """How many executions run; empty when none does, or there is no such state machine."""
    match len(list(islice(_running(aws, machine_arn), _COUNTED + 1))):
        case 0:
            return ""
        case 1:
            return "one running execution"
        case count if count > _COUNTED:
            return f"more than {_COUNTED} running executions"
        case count:
            return f"{count} running executions"


def stop_all(aws: Aws, machine_arn: str) -> None:
    """Stops those that run now."""
    stop = aws.stepfunctions.stop_execution
    for arn in list(_running(aws, machine_arn)):
        aws.calls.go_on()
        cause = "sfnctl teardown --stop-executions"
        unless(partial(stop, executionArn=arn, cause=cause), "ExecutionDoesNotExist")


def _running(aws: Aws, machine_arn: str) -> Iterator[str]:
    """Their ARNs, read page by page; none of an EXPRESS state machine."""
    pages = aws.stepfunctions.get_paginator("list_executions").paginate(
        stateMachineArn=machine_arn,
        statusFilter="RUNNING",
        PaginationConfig={"PageSize": _COUNTED},
    )
    remaining = iter(pages)
    while page := unless(lambda: next(remaining, None), "StateMachineDoesNotExist", IS_EXPRESS):
        yield from (each["executionArn"] for each in page["executions"])
