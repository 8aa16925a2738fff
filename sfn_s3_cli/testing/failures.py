"""Says where an execution failed: in which state, and which field of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.locations import find_path, read_location

if TYPE_CHECKING:
    from sfn_s3_cli.local.testing.wire import Outcome
    from sfn_s3_cli.testing.workflow import Workflow


def describe_failure(outcome: Outcome, state: str | None, workflow: Workflow) -> str:
    """The state that failed with its place in the definition, the error and the cause."""
    error, cause = outcome.get("error", ""), outcome.get("cause", "")
    texts = [error, cause]
    if state is not None:
        texts.insert(0, f"failed in {_describe_place(state, outcome['cause'], workflow)}")
    return ": ".join(filter(None, texts))


def _describe_place(name: str, cause: str, workflow: Workflow) -> str:
    state = workflow.states.get(name)
    if state is None:
        return repr(name)
    field = read_location(cause)
    inside = find_path(state.value, field) if field else ()
    line = workflow.document.mark((*state.path, *inside)).line
    return f"{name!r}{f', {field}' if inside else ''} ({workflow.document.file}:{line})"
