"""Polls, and reads the log as well once polling cannot keep up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.aws.errors import is_transient
from sfn_s3_cli.aws.explain import explain_briefly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from sfn_s3_cli.clock import Clock
    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.executions.poll import Poller
    from sfn_s3_cli.executions.source import ExecutionSource, WatchOptions

PAUSE = timedelta(minutes=1)
"""How long the log is left alone after it could not be read."""


class AdaptiveSource:
    """Gives the executions of a STANDARD state machine that logs everything: an `ExecutionSource`.

    The list stays the authority, since AWS writes logs on a best-effort basis. The log only saves
    DescribeExecution, whose quota is the smallest: what the log has is not described.
    https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
    """

    def __init__(
        self,
        poller: Poller,
        log: ExecutionSource,
        clock: Clock,
        notify: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.overlap = max(poller.overlap, log.overlap)
        self.oldest_first = poller.oldest_first
        self._poller = poller
        self._log: ExecutionSource | None = log
        self._clock = clock
        self._notify = notify
        self._needs_log = False
        self._read_log_after = clock.now()

    def list_changes(self, since: datetime) -> Iterator[Execution]:
        """Reads the list, and fills in what the log knows of each execution."""
        self._needs_log = self._needs_log or self._poller.is_behind
        logged = self._read_log(since) if self._needs_log else {}
        for listed in self._poller.list_changes(since):
            known = logged.get((listed.arn, listed.progress))
            yield _fill_in(listed, known) if known else listed

    def _read_log(self, since: datetime) -> dict[Any, Execution]:
        """What the log says, as far as it can be read now: it must never delay the list."""
        logged: dict[Any, Execution] = {}
        if self._log is None or self._clock.now() < self._read_log_after:
            return logged
        try:
            for each in self._log.list_changes(since):
                logged[each.arn, each.progress] = each
        except Exception as error:  # noqa: BLE001  (explain_briefly raises unexpected ones)
            if is_transient(error, worked_before=True):
                self._read_log_after = self._clock.now() + PAUSE
            else:
                self._log = None
                self._notify(f"Note: objects are not read from the log: {explain_briefly(error)}")
        return logged

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
