"""Adds what a list of executions lacks: the object, the input, and why an execution failed."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sfn_s3_cli.aws.errors import DENIED, code_of, is_unreadable
from sfn_s3_cli.aws.explain import explain
from sfn_s3_cli.aws.limited import LimitedCall
from sfn_s3_cli.aws.pool import open_pool
from sfn_s3_cli.executions.failed_state import read_failure
from sfn_s3_cli.executions.read import THREADS, describe
from sfn_s3_cli.executions.source import Depth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import ThreadPoolExecutor

    from types_boto3_stepfunctions import SFNClient

    from sfn_s3_cli.clock import Clock
    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.executions.quotas import Quotas
    from sfn_s3_cli.executions.source import WatchOptions

PATIENCE, PATIENCE_FOR_FAILURES = 5.0, 20.0
"""Seconds that executions may wait for a quota before they are given incomplete."""


class Describer:
    """Completes executions with DescribeExecution and GetExecutionHistory, within their quotas.

    `is_behind` says whether the last executions were not all completed, because the quotas would
    have delayed them for too long.
    """

    def __init__(
        self, client: SFNClient, quotas: Quotas, clock: Clock, notify: Callable[[str], None]
    ) -> None:
        self._client = client
        self._clock = clock
        self._notify = notify
        self._describes = LimitedCall(quotas.describe_execution, clock)
        self._histories = LimitedCall(quotas.get_execution_history, clock)
        self._refused: dict[str, str] = {}  # calls that AWS refuses, and why
        self._told: set[str] = set()
        self.is_behind = False

    def complete(
        self, executions: Sequence[Execution], options: WatchOptions
    ) -> Iterator[Execution]:
        """Gives the same executions in the same order, each as soon as it is ready."""
        self.is_behind = False
        with open_pool(THREADS, "describe") as pool:
            described = _in_order(self._start_describing(pool, executions, options))
            for execution in _in_order(self._start_explaining(pool, described, options)):
                self._tell_refusals()
                yield execution

    def _start_describing(
        self, pool: ThreadPoolExecutor, executions: Sequence[Execution], options: WatchOptions
    ) -> Iterator[Future[Execution]]:
        """Reads the objects. If they cannot all be read in time, failures have priority."""
        must_wait = _must_wait(options) or options.needs_object
        failures = sum(each.has_failed and self._lacks(each, options) for each in executions)
        waited = 0.0
        for listed in executions:
            if not self._lacks(listed, options):
                yield _ready(listed)
                continue
            failures -= listed.has_failed
            has_priority = must_wait or listed.has_failed
            wait = self._describes.bucket.find_wait(0 if has_priority else failures)
            patience = PATIENCE_FOR_FAILURES if listed.has_failed else PATIENCE
            if wait and not must_wait and waited + wait > patience:
                self.is_behind = True
                yield _ready(listed)
                continue
            if wait:
                waited += wait
                self._clock.sleep(wait)
            self._describes.bucket.take()
            yield pool.submit(self._describe, listed, options)

    def _start_explaining(
        self, pool: ThreadPoolExecutor, executions: Iterable[Execution], options: WatchOptions
    ) -> Iterator[Future[Execution]]:
        """Reads why executions failed."""
        waited = 0.0
        for execution in executions:
            wait = 0.0
            is_explained = "history" in self._refused or execution.failed_state is not None
            if execution.has_failed and not is_explained and options.includes(execution):
                wait = self._histories.bucket.find_wait()
                is_late = waited + wait > PATIENCE_FOR_FAILURES
                if not wait or not is_late or _must_wait(options):
                    waited += wait
                    self._histories.bucket.take()
                    yield pool.submit(self._explain, execution)
                    continue
                self.is_behind = True
            yield _ready(execution)

    def _lacks(self, listed: Execution, options: WatchOptions) -> bool:
        """Whether DescribeExecution has something that is wanted.

        After the input was seen this is only the error of a failure, if the history may not be
        read.
        """
        if "describe" in self._refused:
            return False
        if listed.has_failed and "history" in self._refused and listed.error is None:
            return True
        is_wanted = options.depth is not Depth.STATUS or options.needs_object
        return listed.input is None and is_wanted

    def _describe(self, listed: Execution, options: WatchOptions | None) -> Execution:
        """Without `options`, the caller has not taken a call from the quota."""
        request = partial(describe, self._client, listed)
        try:
            return self._describes(request, is_taken=options is not None)
        except Exception as error:
            if (options and options.needs_object) or not is_unreadable(error):
                raise
            self._refuse("describe", "objects and inputs cannot be read", error)
            return listed

    def _explain(self, execution: Execution) -> Execution:
        request = partial(read_failure, self._client, execution.arn)
        try:
            failure = self._histories(request, is_taken=True)
        except Exception as error:
            if not is_unreadable(error) and code_of(error) not in DENIED:
                raise
            self._refuse("history", "the states that fail cannot be read", error)
            is_known = execution.error is not None or "describe" in self._refused
            return execution if is_known else self._describe(execution, None)
        if failure is None:
            return execution
        return replace(
            execution,
            failed_state=failure.state,
            error=execution.error or failure.error,
            cause=execution.cause or failure.cause,
        )

    def _refuse(self, call: str, what: str, error: Exception) -> None:
        """Makes no more of these calls."""
        known = explain(error)
        text = f"{known.message}; {known.remedy}" if known and known.remedy else str(error)
        self._refused[call] = f"Note: {what}: {text}"

    def _tell_refusals(self) -> None:
        for call in self._refused.keys() - self._told:
            self._told.add(call)
            self._notify(self._refused[call])


def _must_wait(options: WatchOptions) -> bool:
    return options.depth is Depth.INPUT or options.waits_for_errors


def _in_order(futures: Iterator[Future[Execution]]) -> Iterator[Execution]:
    """Gives the results in order, each as soon as possible."""
    waiting: deque[Future[Execution]] = deque()
    for future in futures:
        waiting.append(future)
        while waiting and (waiting[0].done() or len(waiting) == THREADS):
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _ready(execution: Execution) -> Future[Execution]:
    future: Future[Execution] = Future()
    future.set_result(execution)
    return future
