"""The executions that a watch has seen, kept within limits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sfn_s3_cli.executions.model import Execution

if TYPE_CHECKING:
    from datetime import datetime

MAX_RUNNING, MAX_INPUT = 10_000, 4096


class SeenExecutions:
    """Remembers what was seen, so that nothing is shown twice.

    Also remembers the inputs of running executions, which saves a DescribeExecution when they end:
    up to MAX_RUNNING executions with inputs of up to MAX_INPUT characters.
    """

    def __init__(self) -> None:
        self._seen: dict[str, Execution] = {}
        self._running: dict[str, Execution] = {}

    def is_new(self, listed: Execution) -> bool:
        """Whether this status of the execution was not seen yet."""
        seen = self._seen.get(listed.arn)
        return seen is None or listed.progress > seen.progress

    def fill_in(self, listed: Execution) -> Execution:
        """The execution with its object and input, if it was running when it was last seen."""
        running = self._running.get(listed.arn)
        if running is None or listed.input is not None:
            return listed
        started = listed.started or running.started
        return replace(listed, started=started, object=running.object, input=running.input)

    def add(self, execution: Execution) -> None:
        self._seen[execution.arn] = replace(execution, object=None, input=None, cause=None)
        self._running.pop(execution.arn, None)
        is_small = execution.input is not None and len(execution.input) <= MAX_INPUT
        if is_small and not execution.has_ended:
            self._running[execution.arn] = execution
        if len(self._running) > MAX_RUNNING:
            del self._running[next(iter(self._running))]

    def forget_before(self, cutoff: datetime) -> None:
        """Forgets what came into its status before `cutoff`, but not the inputs."""
        kept = self._seen.items()
        self._seen = {arn: each for arn, each in kept if each.status_since >= cutoff}
