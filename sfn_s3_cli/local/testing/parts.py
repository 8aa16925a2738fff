"""Runs a part of a workflow: with variables at its start, and to a state before its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sfn_s3_cli.local.internals import STATES, Request
from sfn_s3_cli.local.testing.case import current


def install() -> None:
    """Watches the states of all executions."""
    for kind in ("pass", "task", "choice", "wait", "parallel", "map"):
        STATES.repair(f"_execute_{kind}", execute)
    STATES.repair("_fail_state_error", fail)


def execute(
    original: Callable[..., tuple[Any, str | None]], state: Request, value: Any, *more: Any
) -> tuple[Any, str | None]:
    context: Request = more[-1]
    _set_variables(context)
    name = context["State"]["Name"]
    output, following = original(state, value, *more)
    case = current.get()
    return output, None if case and case.end_at == name else following


def fail(original: Callable[..., Any], state: Request, value: Any, context: Any = None) -> Any:
    _set_variables(context or {})
    return original(state, value, context)


def _set_variables(context: Request) -> None:
    """Sets those of the case in the first state."""
    case = current.get()
    if case is not None and case.variables:
        context.setdefault("variables", {}).update(case.variables)
        case.variables = {}
