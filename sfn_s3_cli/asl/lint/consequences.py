"""Omits findings that may only follow from what is wrong with the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.documents.document import exclude_nested

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sfn_s3_cli.documents.findings import Finding
    from sfn_s3_cli.documents.places import ValuePath

_GRAPH_CODES = {"MISSING_END_STATE", "MISSING_TRANSITION_TARGET"}
_MISSING_CODES = {"MISSING_FIELD", "NO_DEFAULT", "NO_RETRY"}
_TRANSITION_FIELDS = {"Catch", "Choices", "Default", "End", "Next", "Type"}
"""The fields of a state that decide which state is next."""


def omit_consequences(findings: Iterable[Finding], of_file: Iterable[Finding]) -> list[Finding]:
    """Omits findings about values that the file's own findings are about, or that follow from them.

    The findings of a file are about its syntax and placeholders.
    """
    causes = [*of_file]
    return [
        each
        for each in exclude_nested(findings, causes)
        if not any(_may_follow(each, cause) for cause in causes)
    ]


def _may_follow(finding: Finding, cause: Finding) -> bool:
    if finding.code in _GRAPH_CODES:
        return _may_hide_transition(finding, cause.path)
    state = _state_of(finding.path)
    if finding.code == "POSSIBLY_UNDEFINED_VARIABLE":
        return _may_name_variable(cause)
    if finding.code == "DISTRIBUTED_ONLY":
        return "ProcessorConfig" in cause.path and cause.path[: len(state)] == state
    if _state_of(cause.path) != state:
        return False
    return finding.code == "NO_TOKEN" or (finding.code in _MISSING_CODES and cause.is_nameless)


def _may_name_variable(cause: Finding) -> bool:
    match cause.path[len(_state_of(cause.path)) :]:
        case ["Assign", *inner] | ["Catch" | "Choices", _, "Assign", *inner]:
            return cause.is_nameless or not inner
    return False


def _may_hide_transition(finding: Finding, cause: ValuePath) -> bool:
    """Whether the cause is in the same container and may hide states or transitions."""
    container = _container_of(cause)
    if _container_of(finding.path) != container:
        return False
    match cause[len(container) :]:
        case ["States", _, str(field), *_]:
            is_dangling = len(finding.path) > len(_state_of(finding.path))
            return field in _TRANSITION_FIELDS and not is_dangling
    return True


def _state_of(path: ValuePath) -> ValuePath:
    """The path of the innermost state around a value, or of its container if it is in no state."""
    container = _container_of(path)
    return path[: len(container) + 2] if path[len(container) :][:1] == ("States",) else container


def _container_of(path: ValuePath) -> ValuePath:
    """The path of the innermost container of states around a value."""
    length = 0
    while step := _step_to_container(path[length:]):
        length += step
    return path[:length]


def _step_to_container(rest: Sequence[str | int]) -> int:
    """How many parts of the path lead from one container to the next inside it; 0 if none."""
    match rest:
        case ["States", _, "Branches", int(), *_]:
            return 4
        case ["States", _, "ItemProcessor" | "Iterator", _, *_]:
            return 3
    return 0
