"""Polls, and reads the log as well once polling cannot keep up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.aws.errors import is_transient

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.executions.poll import Poller
    from sfn_s3_cli.executions.source import ExecutionSource, WatchOptions


class AdaptiveSource:
    """Gives the executions of a STANDARD state machine that logs everything: an `ExecutionSource`.

    The list stays the authority, since AWS writes logs on a best-effort basis. The log only saves
    DescribeExecution, whose quota is the smallest: what the log has is not described.
    https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
    """

    def __init__(self, poller: Poller, log: ExecutionSource) -> None:
        self.overlap = max(poller.overlap, log.overlap)
        self.oldest_first = poller.oldest_first
        self._poller = poller
        self._log: ExecutionSource | None = log
        self._needs_log = False

    def list_changes(self, since: datetime) -> Iterator[Execution]:
        """Reads the list, and fills in what the log knows of each execution."""
        self._needs_log = self._needs_log or self._poller.is_behind
        logged = self._read_log(since) if self._needs_log else {}
        for listed in self._poller.list_changes(since):
            known = logged.get((listed.arn, listed.progress))
            yield _fill_in(listed, known) if known else listed

    def _read_log(self, since: datetime) -> dict[Any, Execution]:
        """What the log says; nothing more if it cannot be read."""
        if self._log is None:
            return {}
        try:
            return {(each.arn, each.progress): each for each in self._log.list_changes(since)}
        except Exception as error:
            if is_transient(error, worked_before=True):
                raise
            self._log = None
            return {}

    def complete(
        self, executions: Sequence[Execution], options: WatchOptions
    ) -> Iterator[Execution]:
        """Gives the same executions in the same order, with what neither list nor log has."""
        return self._poller.complete(executions, options)


def _fill_in(listed: Execution, logged: Execution) -> Execution:
    return replace(
        listed,
        object=logged.object,
        input=logged.input,
        error=logged.error,
        cause=logged.cause,
        failed_state=logged.failed_state,
    )
