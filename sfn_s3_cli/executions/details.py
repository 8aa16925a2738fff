"""Reads one execution completely: what it was given, what it did, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws.errors import DENIED, call_or_none, code_of, is_unreadable, message_of
from sfn_s3_cli.clock import TokenBucket
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.executions.history import read_history
from sfn_s3_cli.executions.quotas import find_quotas
from sfn_s3_cli.executions.read import parse_description, parse_event
from sfn_s3_cli.executions.steps import History, MapCounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from types_boto3_stepfunctions.type_defs import (
        DescribeExecutionOutputTypeDef,
        GetExecutionHistoryInputTypeDef,
    )

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.executions.steps import HistoryEvent

_PAGE = 250
"""Events of a page: even with the longest inputs it fits into the memory."""
_MOST_MAP_RUNS = 50


class MapRun(NamedTuple):
    """A Distributed Map that ran its items as executions; without counts it was not readable."""

    arn: str
    status: str
    items: MapCounts | None = None
    not_read: str = ""


@dataclass(frozen=True)
class ExecutionDetails:
    """All that AWS has of one execution.

    `data_not_read` says why AWS did not give the inputs and outputs, `steps_not_read` why there is
    no history. `moment` is when it was read,
    by AWS's clock. `places` has where the definition has a state, such as `workflow.asl.json:7:9`.
    """

    execution: Execution
    history: History
    moment: datetime
    output: str | None = None
    data_not_read: str = ""
    steps_not_read: str = ""
    map_runs: tuple[MapRun, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    console_url: str | None = None
    only_failed: bool = False
    is_full: bool = False


def read_standard(aws: Aws, arn: str, *, keep_all: bool = False) -> ExecutionDetails:
    """Reads a STANDARD execution and its history, or an EXPRESS one that a Map Run started.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
    """
    answer, data_not_read = _describe(aws, arn)
    if ":express:" in arn:
        history, steps_not_read = History((), 0), "AWS keeps no history of EXPRESS executions"
    else:
        history, data_not_read, steps_not_read = _read_history(
            aws, arn, data_not_read, keep_all=keep_all
        )
    return ExecutionDetails(
        execution=replace(parse_description(answer), failed_state=history.failed_state),
        history=history,
        moment=aws.now(),
        output=answer.get("output"),
        data_not_read=data_not_read,
        steps_not_read=steps_not_read,
        map_runs=_read_map_runs(aws, history),
    )


def _describe(aws: Aws, arn: str) -> tuple[DescribeExecutionOutputTypeDef, str]:
    """Describes it; without the data, if the caller may not use the key that encrypts them.

    https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
    """
    describe, why = partial(aws.stepfunctions.describe_execution, executionArn=arn), ""
    try:
        answer = call_or_none(describe, "ExecutionDoesNotExist")
    except Exception as error:
        if not is_unreadable(error):
            raise
        why = message_of(error)
        limited = partial(describe, includedData="METADATA_ONLY")
        answer = call_or_none(limited, "ExecutionDoesNotExist")
    if answer is None:
        raise AwsError(
            f"the execution {arn.rpartition(':')[2]} does not exist",
            "AWS keeps executions for 90 days after their end;"
            " `sfnctl watch-executions --no-follow --since 1d` lists them",
        )
    return answer, why


def _read_history(aws: Aws, arn: str, why: str, *, keep_all: bool) -> tuple[History, str, str]:
    """Reads the history: without data, if `why` says that these cannot be read.

    Returns it with why it lacks data, and why there is none: both are empty if it is complete.
    """
    for has_data in (False,) if why else (True, False):
        try:
            events = _list_events(aws, arn, has_data=has_data)
            return read_history(events, keep_all=keep_all), why, ""
        except Exception as error:
            if not is_unreadable(error):
                raise
            why = why or message_of(error)
    return History((), 0), why, why


def _list_events(aws: Aws, arn: str, *, has_data: bool) -> Iterator[HistoryEvent]:
    """Reads the history page by page, within AWS's quota."""
    quota = TokenBucket(find_quotas(aws.region).get_execution_history, aws.clock)
    request: GetExecutionHistoryInputTypeDef = {
        "executionArn": arn,
        "maxResults": _PAGE,
        "includeExecutionData": has_data,
    }
    while True:
        if not aws.is_local:
            quota.take()
        page = aws.stepfunctions.get_execution_history(**request)
        yield from map(parse_event, page["events"])
        if "nextToken" not in page:
            return
        request["nextToken"] = page["nextToken"]


def _read_map_runs(aws: Aws, history: History) -> tuple[MapRun, ...]:
    arns = [each.map_run_arn for each in history.steps if each.map_run_arn]
    return tuple(_read_map_run(aws, arn) for arn in [*dict.fromkeys(arns)][:_MOST_MAP_RUNS])


def _read_map_run(aws: Aws, arn: str) -> MapRun:
    """https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeMapRun.html"""
    describe = partial(aws.stepfunctions.describe_map_run, mapRunArn=arn)
    try:
        answer = call_or_none(describe, "ResourceNotFound")
    except Exception as error:
        if code_of(error) not in DENIED:
            raise
        return MapRun(arn, "", not_read=message_of(error))
    if answer is None:
        return MapRun(arn, "", not_read="the Map Run does not exist any more")
    counts = answer["itemCounts"]
    failed = counts["failed"] + counts["timedOut"]
    items = MapCounts(
        counts["total"],
        counts["succeeded"],
        failed,
        counts["aborted"],
        counts["running"],
        counts["pending"],
    )
    return MapRun(arn, answer["status"], items)
