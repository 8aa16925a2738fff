"""Step Functions: the token of a task that waits for a callback."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from sfn_s3_cli.local.internals import STATES, Request
from sfn_s3_cli.local.repairs import running


def install() -> None:
    """Gives each attempt a token of its own, and no state after it."""
    STATES.repair("_execute_task", execute)
    STATES.repair("_find_matching_retrier", retry)


def execute(
    original: Callable[..., Any], state: Request, value: Any, execution: Any, context: Request
) -> Any:
    """Only the task itself has a token (Guide, "Context object")."""
    try:
        return original(state, value, execution, context)
    finally:
        context.pop("Task", None)


def retry(original: Callable[..., tuple[Any, int]], *arguments: Any) -> tuple[Any, int]:
    """The token of an attempt that failed is no longer valid (Step Functions API,
    SendTaskSuccess)."""
    found, index = original(*arguments)
    context = running.find_context()
    if found is not None and context is not None and "Task" in context:
        context["Task"] = {"Token": str(uuid.uuid4())}
    return found, index
