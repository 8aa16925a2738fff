"""Runs a part of a workflow: with variables and an item at its start, and to a state before its
end."""

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
    _begin(context)
    name = context["State"]["Name"]
    output, following = original(state, value, *more)
    case = current.get()
    return output, None if case and case.end_at == name else following


def fail(original: Callable[..., Any], state: Request, value: Any, context: Any = None) -> Any:
    _begin(context or {})
    return original(state, value, context)


def _begin(context: Request) -> None:
    """Gives the first state the variables and the item of the case."""
    case = current.get()
    if case is None:
        return
    if case.variables:
        context.setdefault("variables", {}).update(case.variables)
        case.variables = {}
    if case.item is not None:
        context["Map"] = {"Item": case.item}
        case.item = None
