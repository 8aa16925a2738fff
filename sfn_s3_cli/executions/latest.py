"""The executions that started or ended last, for `status`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from heapq import nlargest
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.executions.choose import find_deployed, find_log
from sfn_s3_cli.executions.logs import create_log_reader
from sfn_s3_cli.executions.read import list_latest
from sfn_s3_cli.executions.source import WatchOptions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.config.schema import StateMachine
    from sfn_s3_cli.executions.logs import Log
    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.iam.names import Names

_WINDOWS = (timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=3), timedelta(days=1))


@dataclass(frozen=True)
class LatestExecutions:
    """The latest first. `searched` is how far back a log was read; None for AWS's own list.

    `data_not_read` says why AWS did not give the inputs of some.
    """

    executions: tuple[Execution, ...]
    searched: timedelta | None = None
    data_not_read: str = ""


def read_latest(
    aws: Aws, names: Names, settings: StateMachine, count: int
) -> LatestExecutions | None:
    """Reads AWS's list, or the log of an EXPRESS state machine; None if it logs too little."""
    listed = list_latest(aws.stepfunctions, names.state_machine_arn, count)
    if listed is not None:
        return LatestExecutions(listed.executions, data_not_read=listed.data_not_read)
    log = find_log(find_deployed(aws, names, settings), names)
    return _read_log(aws, log, count) if log else None


def _read_log(aws: Aws, log: Log, count: int) -> LatestExecutions:
    """Goes back further and further, so that a busy log is not read for hours."""
    found: list[Execution] = []
    for window in _WINDOWS:
        since = aws.now() - window
        reader = create_log_reader(aws, log)
        try:
            latest = _pick_latest(reader.list_changes(since))
        except AwsError:  # the group is missing, as `status` says elsewhere
            break
        found = nlargest(count, latest, key=lambda each: each.status_since)
        if len(found) == count:
            break
    complete = create_log_reader(aws, log).complete(found, WatchOptions(since)) if found else ()
    return LatestExecutions(tuple(complete), window)


def _pick_latest(changes: Iterable[Execution]) -> Iterable[Execution]:
    """Each execution once: an end may be readable before the start."""
    latest: dict[str, Execution] = {}
    for each in changes:
        known = latest.get(each.arn)
        if known is None or each.progress >= known.progress:
            latest[each.arn] = each
    return latest.values()
