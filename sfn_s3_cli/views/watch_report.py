"""What a watch reports beside its executions: how reading goes, and failures for GitHub."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sfn_s3_cli.executions.model import Behind, Execution, Retrying
from sfn_s3_cli.views.execution import format_behind, format_retrying
from sfn_s3_cli.views.step_summary import StepSummary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sfn_s3_cli.executions.model import WatchEvent


def report(
    events: Iterable[WatchEvent],
    remark: Callable[[str], None],
    on_failure: Callable[[Execution], None] = lambda _: None,
) -> Iterator[WatchEvent]:
    """Pass the events on; after a failed execution, add it to the step summary."""
    summary = StepSummary(os.environ, remark)
    for event in events:
        if isinstance(event, Retrying):
            remark(format_retrying(event))
        elif isinstance(event, Behind):
            remark(format_behind(event))
        yield event
        if isinstance(event, Execution) and event.has_failed:
            summary.add(event)
            on_failure(event)
