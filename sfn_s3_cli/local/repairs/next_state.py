"""Step Functions: which rule of a Choice chose the next state."""

from __future__ import annotations

from sfn_s3_cli.local.internals import Request

DEFAULT = -1


class _Next(str):
    """The name of the next state, as it was, and the index of the rule that chose it."""

    __slots__ = ("name", "rule")
    name: str
    rule: int


def _mark(name: str, rule: int) -> _Next:
    marked = _Next(name)
    marked.name, marked.rule = name, rule
    return marked


def mark(state: Request) -> Request:
    """A Choice whose rules mark the name of the next state."""
    rules = [
        {**rule, "Next": _mark(rule["Next"], index)} if "Next" in rule else rule
        for index, rule in enumerate(state.get("Choices", []))
    ]
    default = {"Default": _mark(state["Default"], DEFAULT)} if state.get("Default") else {}
    return {**state, "Choices": rules, **default}


def read(following: str) -> tuple[str, int | None]:
    """The name as it was, and which rule of a marked Choice chose it."""
    return (following.name, following.rule) if isinstance(following, _Next) else (following, None)
