"""The variables of a state machine: where they are assigned, and where they can be read.

https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.asl.language import intrinsics, jsonata, paths
from sfn_s3_cli.asl.language.evaluation import LITERAL, is_evaluated
from sfn_s3_cli.asl.language.paths import Malformed
from sfn_s3_cli.asl.language.states import JSONATA, containers
from sfn_s3_cli.asl.language.values import inside
from sfn_s3_cli.asl.lint import transitions
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.asl.language.states import Container, State
    from sfn_s3_cli.documents.document import ValuePath

_LONGEST = 80
_FEW = 100  # names among which the nearest is soon found
_RESERVED = "states"
_CATCHERS_AND_RULES = ("Catch", "Choices")


class _Scope(NamedTuple):
    """The variables of a container, and the scope around it."""

    names: set[str]
    outer: _Scope | None = None
    is_isolated: bool = False
    """Whether its states cannot read the variables of the scopes around it."""

    def around(self) -> Iterator[_Scope]:
        scope = self.outer
        while scope:
            yield scope
            scope = scope.outer

    def readable(self) -> Iterator[_Scope]:
        """It, and the scopes around it whose variables its states can read."""
        scope: _Scope | None = self
        while scope:
            yield scope
            scope = None if scope.is_isolated else scope.outer

    def reads(self, name: str) -> bool:
        return any(name in scope.names for scope in self.readable())


def variables(start: Container) -> Iterator[Finding]:
    """The variables of the whole machine: their names, and where they are assigned and read."""
    scopes: dict[ValuePath, _Scope] = {}
    for container in containers(start):
        parent = container.parent
        names = {name for state in container.states() for name, _ in _assigned(state)}
        outer = scopes[parent.container.path] if parent else None
        scopes[container.path] = _Scope(names, outer, bool(parent and parent.is_distributed))
    known = {name for scope in scopes.values() for name in scope.names}
    for container in containers(start):
        scope = scopes[container.path]
        for state in container.states():
            for name, where in _assigned(state):
                yield from _name(name, where, state)
                yield from _again(name, where, state, scope)
            for name, where in _reads(state):
                yield from _unknown(name, where, state, scope, known)


def premature(start: Container) -> Iterator[Finding]:
    """Variables that are read before any state assigns them; for sound transitions alone."""
    later: dict[ValuePath, Mapping[str, set[str]]] = {}
    for container in containers(start):
        later[container.path] = _later(container)
        for state in container.states():
            for name, where in _reads(state):
                if _is_premature(name, state, later):
                    subject = f"the state {describe(state.name)} reads the variable `${name}`"
                    message = f"{subject} before any state assigns it"
                    remedy = "add an `Assign` to a state before it: its own serves the next state"
                    severity = Severity.WARNING
                    yield Finding("POSSIBLY_UNDEFINED_VARIABLE", where, message, remedy, severity)


def _later(container: Container) -> Mapping[str, set[str]]:
    """The states that may run when a variable has been assigned; nothing for too many of them."""
    states = {state.name: list(transitions.transitions(state)) for state in container.states()}
    nexts: dict[str, list[str]] = {}
    for state in container.states():
        for name, _ in _assigned(state):
            nexts.setdefault(name, []).extend(each.target for each in states[state.name])
    if len(nexts) > _FEW:
        return {}
    return {name: transitions.reached(first, states) for name, first in nexts.items()}


def _is_premature(
    name: str, state: State, later: Mapping[ValuePath, Mapping[str, set[str]]]
) -> bool:
    """Whether the scope that has the variable has not assigned it yet, when the state runs."""
    while name not in later[state.container.path]:
        parent = state.container.parent
        if parent is None or parent.is_distributed:
            return False
        state = parent
    return state.name not in later[state.container.path][name]


def _assigned(state: State) -> Iterator[tuple[str, ValuePath]]:
    """The names of the variables that a state, its catchers or its rules assign."""
    yield from _names(state.value, state.path, state)
    for field in _CATCHERS_AND_RULES:
        match state.value.get(field):
            case list(items):
                for index, item in enumerate(items):
                    yield from _names(item, (*state.path, field, index), state)


def _names(value: Any, where: ValuePath, state: State) -> Iterator[tuple[str, ValuePath]]:
    match value:
        case {"Assign": dict(members)}:
            for key in members:
                name = key if state.language == JSONATA else key.removesuffix(".$")
                yield name, (*where, "Assign", key)


def _name(name: str, where: ValuePath, state: State) -> Iterator[Finding]:
    subject = f"the variable {describe(name)} of the state {describe(state.name)}"
    if name == _RESERVED:
        message = f"{subject} has the name of a reserved one"
        yield Finding("RESERVED_VARIABLE_NAME", where, message, "give it another name", at_key=True)
    elif not name.isidentifier():
        message = f"{subject} has no name that AWS takes"
        remedy = "use letters, digits and `_`, and begin with a letter"
        yield Finding("INVALID_VARIABLE_NAME", where, message, remedy, at_key=True)
    elif len(name) > _LONGEST:
        message = f"{subject} has a name of {len(name)} characters, AWS takes {_LONGEST}"
        yield Finding("INVALID_VARIABLE_NAME", where, message, "shorten it", at_key=True)


def _again(name: str, where: ValuePath, state: State, scope: _Scope) -> Iterator[Finding]:
    if not scope.is_isolated and scope.outer and scope.outer.reads(name):
        message = (
            f"the state {describe(state.name)} assigns {describe(name)}, a variable of the states"
            " around its Map or Parallel"
        )
        remedy = "give it another name, and hand values out through the output"
        yield Finding("DUPLICATE_VARIABLE_NAME", where, message, remedy, at_key=True)


def _reads(state: State) -> Iterator[tuple[str, ValuePath]]:
    for field, value in state.value.items():
        if field in LITERAL:
            continue
        for where, item in inside(value, (*state.path, field)):
            if isinstance(item, str) and is_evaluated(where[len(state.path) :], state.language):
                for name in _variables(item, state.language):
                    yield name, where


def _variables(text: str, language: str) -> tuple[str, ...]:
    if language == JSONATA:
        if not jsonata.is_expression(text):
            return ()
        return tuple(sorted(set(jsonata.read(text).variables) - jsonata.FUNCTIONS - {_RESERVED}))
    try:
        if intrinsics.looks_like_call(text):
            return intrinsics.parse(text).variables
        name = paths.parse(text).variable
    except Malformed:
        return ()
    return (name,) if name else ()


def _unknown(
    name: str, where: ValuePath, state: State, scope: _Scope, known: set[str]
) -> Iterator[Finding]:
    if scope.reads(name):
        return
    subject = f"the state {describe(state.name)} reads the variable `${name}`"
    if any(name in outer.names for outer in scope.around()):
        message = f"{subject} from outside of its distributed Map"
        remedy = "hand it to the items with the Map's ItemSelector"
        yield Finding("VARIABLE_OUT_OF_SCOPE", where, message, remedy)
        return
    message = f"{subject}, which no state assigns where it can be read"
    remedy = "add an `Assign` to an earlier state"
    if name not in known:
        near = known if len(known) <= _FEW else set()
        functions = jsonata.FUNCTIONS if state.language == JSONATA else frozenset()
        remedy = suggest(name, near | functions) or remedy
    yield Finding("POSSIBLY_UNDEFINED_VARIABLE", where, message, remedy, Severity.WARNING)
