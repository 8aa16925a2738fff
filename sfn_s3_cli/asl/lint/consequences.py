"""Which findings stand although the file is faulty: others may follow from its faults alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.documents.document import uncovered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sfn_s3_cli.documents.document import Fault, ValuePath
    from sfn_s3_cli.documents.findings import Finding

_GRAPH = {"MISSING_END_STATE", "MISSING_TRANSITION_TARGET"}
_ABSENT = {"MISSING_FIELD", "NO_DEFAULT", "NO_RETRY"}
_WAYS = {"Catch", "Choices", "Default", "End", "Next", "Type"}
"""The fields of a state that tell where it leads."""


def certain(findings: Iterable[Finding], faults: Iterable[Fault]) -> list[Finding]:
    """The findings that are not about what is faulty, and do not follow from it."""
    known = [*faults]
    return [
        each
        for each in uncovered(findings, known)
        if not any(_may_follow(each, fault) for fault in known)
    ]


def _may_follow(finding: Finding, fault: Fault) -> bool:
    if finding.code in _GRAPH:
        return _may_hide_a_way(finding, fault.path)
    state = _state(finding.path)
    if finding.code == "POSSIBLY_UNDEFINED_VARIABLE":
        return _may_name_a_variable(fault)
    if finding.code == "DISTRIBUTED_ONLY":
        return "ProcessorConfig" in fault.path and fault.path[: len(state)] == state
    if _state(fault.path) != state:
        return False
    return finding.code == "NO_TOKEN" or (finding.code in _ABSENT and fault.is_nameless)


def _may_name_a_variable(fault: Fault) -> bool:
    match fault.path[len(_state(fault.path)) :]:
        case ["Assign", *inner] | ["Catch" | "Choices", _, "Assign", *inner]:
            return fault.is_nameless or not inner
    return False


def _may_hide_a_way(finding: Finding, fault: ValuePath) -> bool:
    """Whether the fault is of the states of a container, or of where one of them leads."""
    container = _container(fault)
    if _container(finding.path) != container:
        return False
    match fault[len(container) :]:
        case ["States", _, str(field), *_]:
            leads_nowhere = len(finding.path) > len(_state(finding.path))
            return field in _WAYS and not leads_nowhere
    return True


def _state(path: ValuePath) -> ValuePath:
    """The path of the innermost state around a place; that of its container outside of states."""
    container = _container(path)
    return path[: len(container) + 2] if path[len(container) :][:1] == ("States",) else container


def _container(path: ValuePath) -> ValuePath:
    """The path of the innermost container around a place."""
    length = 0
    while inner := _inner(path[length:]):
        length += inner
    return path[:length]


def _inner(rest: Sequence[str | int]) -> int:
    """How far it is to the next container, seen from one: `States`, a name, and where it lives."""
    match rest:
        case ["States", _, "Branches", int(), *_]:
            return 4
        case ["States", _, "ItemProcessor" | "Iterator", _, *_]:
            return 3
    return 0
