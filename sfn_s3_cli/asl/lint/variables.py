"""Checks the variables of a state machine: their names, where they are assigned and where read.

https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language import jsonata
from sfn_s3_cli.asl.language.states import JSONATA, walk_containers
from sfn_s3_cli.asl.language.variables import RESERVED, list_assignments, list_reads
from sfn_s3_cli.asl.lint.transitions import find_reachable, list_transitions
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.asl.language.states import Container, State
    from sfn_s3_cli.documents.places import ValuePath

_LONGEST = 80
_FEW = 100  # names that are searched for a similar one


class _Scope(NamedTuple):
    """The variables of a container, and the scope around it."""

    names: set[str]
    outer: _Scope | None = None
    is_isolated: bool = False
    """Whether its states cannot read the variables of the scopes around it."""

    def walk_outer(self) -> Iterator[_Scope]:
        scope = self.outer
        while scope:
            yield scope
            scope = scope.outer

    def can_read(self, name: str) -> bool:
        scope: _Scope | None = self
        while scope:
            if name in scope.names:
                return True
            scope = None if scope.is_isolated else scope.outer
        return False


def check(start: Container) -> Iterator[Finding]:
    """Checks names and scopes in the whole machine."""
    scopes: dict[ValuePath, _Scope] = {}
    for container in walk_containers(start):
        parent = container.parent
        names = {name for state in container.states() for name, _ in list_assignments(state)}
        outer = scopes[parent.container.path] if parent else None
        scopes[container.path] = _Scope(names, outer, bool(parent and parent.is_distributed))
    known = {name for scope in scopes.values() for name in scope.names}
    for container in walk_containers(start):
        scope = scopes[container.path]
        for state in container.states():
            for name, path in list_assignments(state):
                yield from _check_name(name, path, state)
                yield from _check_shadowing(name, path, state, scope)
            for name, path in list_reads(state):
                yield from _check_read(name, path, state, scope, known)


def check_order(start: Container) -> Iterator[Finding]:
    """Finds variables that are read before any state assigns them.

    It relies on valid transitions.
    """
    later: dict[ValuePath, Mapping[str, set[str]]] = {}
    for container in walk_containers(start):
        later[container.path] = _find_later_states(container)
        for state in container.states():
            for name, path in list_reads(state):
                if _is_premature(name, state, later):
                    subject = f"the state {describe(state.name)} reads the variable `${name}`"
                    message = f"{subject} before any state assigns it"
                    remedy = "add an `Assign` to an earlier state; a state cannot read its own"
                    severity = Severity.WARNING
                    yield Finding("POSSIBLY_UNDEFINED_VARIABLE", path, message, remedy, severity)


def _find_later_states(container: Container) -> Mapping[str, set[str]]:
    """Finds the states that may run after each assignment; empty for too many variables."""
    following = {state.name: list(list_transitions(state)) for state in container.states()}
    nexts: dict[str, list[str]] = {}
    for state in container.states():
        for name, _ in list_assignments(state):
            nexts.setdefault(name, []).extend(each.target for each in following[state.name])
    if len(nexts) > _FEW:
        return {}
    return {name: find_reachable(first, following) for name, first in nexts.items()}


def _is_premature(
    name: str, state: State, later: Mapping[ValuePath, Mapping[str, set[str]]]
) -> bool:
    """Whether the state runs before the scope that has the variable assigns it."""
    while name not in later[state.container.path]:
        parent = state.container.parent
        if parent is None or parent.is_distributed:
            return False
        state = parent
    return state.name not in later[state.container.path][name]


def _check_name(name: str, path: ValuePath, state: State) -> Iterator[Finding]:
    subject = f"the variable {describe(name)} of the state {describe(state.name)}"
    if name == RESERVED:
        message = f"{subject} has a reserved name"
        yield Finding("RESERVED_VARIABLE_NAME", path, message, "give it another name", at_key=True)
    elif not name.isidentifier():
        message = f"{subject} has an invalid name"
        remedy = "use letters, digits and `_`, and begin with a letter"
        yield Finding("INVALID_VARIABLE_NAME", path, message, remedy, at_key=True)
    elif len(name) > _LONGEST:
        message = f"{subject} has a name of {len(name)} characters; the limit is {_LONGEST}"
        yield Finding("INVALID_VARIABLE_NAME", path, message, "shorten it", at_key=True)


def _check_shadowing(name: str, path: ValuePath, state: State, scope: _Scope) -> Iterator[Finding]:
    if not scope.is_isolated and scope.outer and scope.outer.can_read(name):
        subject = f"the state {describe(state.name)} assigns {describe(name)}"
        message = f"{subject}, a variable of the states around its Map or Parallel"
        remedy = "give it another name, and return values through the output"
        yield Finding("DUPLICATE_VARIABLE_NAME", path, message, remedy, at_key=True)


def _check_read(
    name: str, path: ValuePath, state: State, scope: _Scope, known: set[str]
) -> Iterator[Finding]:
    if scope.can_read(name):
        return
    subject = f"the state {describe(state.name)} reads the variable `${name}`"
    if any(name in outer.names for outer in scope.walk_outer()):
        message = f"{subject} from outside its distributed Map"
        remedy = "pass it to the items with the Map's ItemSelector"
        yield Finding("VARIABLE_OUT_OF_SCOPE", path, message, remedy)
        return
    message = f"{subject}, which no state in its scope assigns"
    remedy = "add an `Assign` to an earlier state"
    if name not in known:
        near = known if len(known) <= _FEW else set()
        functions = jsonata.FUNCTIONS if state.language == JSONATA else frozenset()
        remedy = suggest(name, near | functions) or remedy
    yield Finding("POSSIBLY_UNDEFINED_VARIABLE", path, message, remedy, Severity.WARNING)
