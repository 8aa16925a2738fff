"""Reads executions from Step Functions: ListExecutions, and DescribeExecution for the input."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.executions import IS_EXPRESS
from sfn_s3_cli.events.reader import read_object_text
from sfn_s3_cli.executions.model import Execution

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient
    from types_boto3_stepfunctions.type_defs import ExecutionListItemTypeDef

THREADS = 8


def list_latest(client: SFNClient, machine_arn: str, count: int) -> tuple[Execution, ...] | None:
    """Reads the executions that started or ended last, the latest first.

    None if there is no list: AWS lists no executions of an EXPRESS state machine. Empty if the
    state machine does not exist.
    """

    def list_executions() -> list[Execution]:
        request = partial(client.list_executions, stateMachineArn=machine_arn, maxResults=count)
        answer = call_or_none(request, "StateMachineDoesNotExist")
        return [parse_item(item) for item in answer["executions"]] if answer else []

    executions = call_or_none(list_executions, IS_EXPRESS)
    if executions is None:
        return None
    with ThreadPoolExecutor(THREADS) as pool:
        return tuple(pool.map(partial(describe, client), executions))


def describe(client: SFNClient, listed: Execution) -> Execution:
    """Adds input, error and cause, unless AWS no longer has the execution."""
    request = partial(client.describe_execution, executionArn=listed.arn)
    answer = call_or_none(request, "ExecutionDoesNotExist")
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


def parse_item(item: ExecutionListItemTypeDef) -> Execution:
    """Parses an item of ListExecutions, which has no input."""
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
