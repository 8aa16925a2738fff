"""Notes which rule of a Choice, which Retrier and which Catcher an execution used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sfn_s3_cli.local.internals import STATES, Request
from sfn_s3_cli.local.repairs import next_state, running
from sfn_s3_cli.local.testing.case import current


def install() -> None:
    """Watches the decisions of all states. Install it after the repairs, which choose too."""
    STATES.repair("_execute_choice", choose)
    STATES.repair("_find_matching_retrier", retry)
    STATES.repair("_find_matching_catcher", catch)


def choose(
    original: Callable[..., tuple[Any, str]], state: Request, value: Any, context: Any = None
) -> tuple[Any, str]:
    """Marks the next state of each rule, to see which one is chosen."""
    output, chosen = original(next_state.mark(state), value, context)
    following, rule = next_state.read(chosen)
    if rule is not None:
        _note("Choices", rule)
    return output, following


def retry(
    original: Callable[..., tuple[Request | None, int]], retriers: Any, error: str, counts: Any
) -> tuple[Request | None, int]:
    """Notes the first one that matches: it decides, even if it allows no retry."""
    matches = STATES["_error_matches"]
    for index, each in enumerate(retriers):
        if matches(each.get("ErrorEquals", []), error):
            _note("Retry", index)
            break
    return original(retriers, error, counts)


def catch(
    original: Callable[..., Request | None], catchers: list[Request], error: str
) -> Request | None:
    found = original(catchers, error)
    for index, each in enumerate(catchers):
        if each is found:
            _note("Catch", index)
            break
    return found


def _note(field: str, index: int) -> None:
    case, context = current.get(), running.find_context()
    if case is not None and context is not None:
        case.taken.append({"field": field, "state": context["State"]["Name"], "index": index})
