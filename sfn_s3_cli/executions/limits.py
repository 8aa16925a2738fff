"""For what a watch waits, and for how long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sfn_s3_cli.errors import UsageError

DEFAULT_TIMEOUT = timedelta(minutes=5)
"""Of a watch that waits for executions."""


@dataclass(frozen=True)
class Limits:
    """What ends a watch, apart from Ctrl-C; without any of them it goes on for ever.

    `waits` says that it is about executions that are yet to start: earlier ones are not shown.
    """

    count: int | None = None
    timeout: timedelta | None = None
    until_idle: timedelta | None = None
    follow: bool = True
    waits: bool = False

    def complete(
        self, *, statuses: frozenset[str], has_object: bool, has_exit_status: bool
    ) -> Limits:
        """Adds what the other options imply. UsageError if no execution could end the watch."""
        if not self.follow:
            _check_count(self.count, statuses)
            return self
        count = 1 if has_object and self.count is None else self.count
        _check_count(count, statuses)
        has_end = count is not None or self.until_idle is not None
        timeout = DEFAULT_TIMEOUT if has_end and self.timeout is None else self.timeout
        waits = timeout is not None or has_exit_status
        return replace(self, count=count, timeout=timeout, waits=waits)


def _check_count(count: int | None, statuses: frozenset[str]) -> None:
    if count is not None and statuses == {"RUNNING"}:
        raise UsageError(
            "--status RUNNING shows no end of an execution, and --count waits for ends",
            "add a status such as `--status SUCCEEDED`, or leave out --count or --object",
        )
