"""Reads executions from Step Functions, and parses its answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws.errors import call_or_none, is_unreadable, message_of
from sfn_s3_cli.aws.executions import IS_EXPRESS
from sfn_s3_cli.aws.pool import open_pool
from sfn_s3_cli.events.reader import read_object_text
from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.executions.steps import HistoryEvent

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient
    from types_boto3_stepfunctions.type_defs import (
        DescribeExecutionOutputTypeDef,
        ExecutionListItemTypeDef,
        HistoryEventTypeDef,
    )

    from sfn_s3_cli.json_types import JsonObject

THREADS = 8


class Latest(NamedTuple):
    """The latest first. `data_not_read` says why AWS did not give the inputs of some."""

    executions: tuple[Execution, ...]
    data_not_read: str = ""


def list_latest(client: SFNClient, machine_arn: str, count: int) -> Latest | None:
    """Reads the executions that started or ended last.

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
    with open_pool(THREADS, "describe") as pool:
        described = [*pool.map(partial(_describe, client), executions)]
    reasons = (why for _, why in described if why)
    return Latest(tuple(each for each, _ in described), next(reasons, ""))


def _describe(client: SFNClient, listed: Execution) -> tuple[Execution, str]:
    """Describes it; if the caller may not use the key of its data, also returns the reason."""
    try:
        return describe(client, listed), ""
    except Exception as error:
        if not is_unreadable(error):
            raise
        return listed, message_of(error)


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


def parse_description(answer: DescribeExecutionOutputTypeDef) -> Execution:
    """Parses an answer of DescribeExecution."""
    stopped, redriven, text = answer.get("stopDate"), answer.get("redriveDate"), answer.get("input")
    return Execution(
        arn=answer["executionArn"],
        name=answer.get("name") or answer["executionArn"].rpartition(":")[2],
        status=answer["status"],
        started=answer["startDate"].astimezone(UTC),
        stopped=stopped.astimezone(UTC) if stopped else None,
        object=read_object_text(text) if text is not None else None,
        input=text,
        error=answer.get("error"),
        cause=answer.get("cause"),
        redrive_count=answer.get("redriveCount", 0),
        redriven=redriven.astimezone(UTC) if redriven else None,
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


def parse_event(event: HistoryEventTypeDef) -> HistoryEvent:
    """Parses an event of GetExecutionHistory."""
    every: JsonObject = {**event}
    details: JsonObject = next((every[key] for key in every if key.endswith("EventDetails")), {})
    return HistoryEvent(
        event["id"],
        event.get("previousEventId", 0),
        event["type"],
        event["timestamp"].astimezone(UTC),
        details,
    )
