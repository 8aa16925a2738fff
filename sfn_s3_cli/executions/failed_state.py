"""Finds out where and why an execution failed, from the last events of its history."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import dropwhile
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.executions.read import parse_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from types_boto3_stepfunctions import SFNClient

    from sfn_s3_cli.executions.steps import HistoryEvent

_PAGE = 1000
_ENDS = {"ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"}


class Failure(NamedTuple):
    """The name of the state that failed, with the error and the cause; None where not known."""

    state: str | None = None
    error: str | None = None
    cause: str | None = None


def read_failure(client: SFNClient, execution_arn: str) -> Failure | None:
    """Reads the end of the history with one call; None if AWS no longer has it.

    Input and output of the events are left out, but not their errors and causes.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
    """
    request = partial(
        client.get_execution_history,
        executionArn=execution_arn,
        reverseOrder=True,
        includeExecutionData=False,
        maxResults=_PAGE,
    )
    page = call_or_none(request, "ExecutionDoesNotExist")
    return None if page is None else find_failure([*map(parse_event, page["events"])])


def find_failure(events: Sequence[HistoryEvent]) -> Failure:
    """Finds the failure in the last events of a history, which begin with the latest.

    A redrive may have added events since the execution failed.
    """
    ended = list(dropwhile(lambda event: event.type not in _ENDS, events))
    if not ended:
        return Failure()
    end = ended[0]
    state = _follow_causes(ended)
    has_cause = end.type == "ExecutionFailed" and end.previous
    if state is None and not has_cause:  # or else the cause is on another page
        state = _find_open_state(ended)
    return Failure(state, end.details.get("error"), end.details.get("cause"))


def _follow_causes(events: Sequence[HistoryEvent]) -> str | None:
    """Goes from each event to the one that caused it, up to the state that was entered last.

    So the failed state inside of a Parallel or a Map is found, not one that was running beside it.
    """
    by_id = {event.id: event for event in events}
    event: HistoryEvent | None = events[0]
    while event and not event.type.endswith("StateExited"):
        if event.type.endswith("StateEntered"):
            return event.details.get("name")
        event = by_id.get(event.previous) if event.previous < event.id else None
    return None


def _find_open_state(events: Sequence[HistoryEvent]) -> str | None:
    """The state that was entered last and not left: what was running when a timeout or a stop came.

    Nothing that a state does is the cause of these.
    """
    left: Counter[str | None] = Counter()
    for event in events:
        name = event.details.get("name")
        if event.type.endswith("StateExited"):
            left[name] += 1
        elif event.type.endswith("StateEntered"):
            if not left[name]:
                return name
            left[name] -= 1
    return None
