"""An object of a definition with fields to be checked, and how it is spoken of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.asl.language.fields import STATE_TYPES
from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_s3_cli.asl.language.states import Container, State
    from sfn_s3_cli.documents.document import ValuePath


class Place(NamedTuple):
    """An object, where it stands, and which row of the table it is."""

    value: Mapping[str, Any]
    path: ValuePath
    owner: str
    state: State | None = None
    """The state that it is or belongs to."""
    language: str = ""
    """Empty where it does not matter, or cannot be known."""

    @property
    def subject(self) -> str:
        """`the Task state 'A'`, `Retry[0] of the Task state 'A'`."""
        if self.state is None:
            return "the definition"
        steps = self.path[len(self.state.path) :]
        return f"{_spelled(steps)} of {called(self.state)}" if steps else called(self.state)

    def inside(self, value: Mapping[str, Any], path: ValuePath, owner: str) -> Place:
        """An object inside of it."""
        return self._replace(value=value, path=path, owner=owner)


def called(state: State) -> str:
    """`the Task state 'A'`."""
    known = state.value.get("Type")
    kind = f"{known} " if known in STATE_TYPES else ""
    return f"the {kind}state {describe(state.name)}"


def of_container(container: Container) -> Place:
    """The definition itself, a branch or a processor."""
    if container.parent is None:
        return Place(container.value, (), "Machine")
    owner = "Branch" if isinstance(container.path[-1], int) else "ItemProcessor"
    return Place(container.value, container.path, owner, container.parent)


def of_state(state: State) -> Place:
    """A state, in the query language that it was written in: a forbidden one is told by itself."""
    language = state.value.get("QueryLanguage", state.container.language)
    known = language if language in (JSONPATH, JSONATA) else ""
    return Place(state.value, state.path, str(state.value.get("Type")), state, known)


def listed(words: Sequence[str], last: str = "or") -> str:
    """`A, B or C`."""
    *first, final = words
    return f"{', '.join(first)} {last} {final}" if first else final


def lacks(what: str, place: Place, remedy: str) -> Finding:
    message = f"{place.subject} has no {what}"
    return Finding("MISSING_FIELD", place.path, message, remedy, at_key=True)


def not_express(place: Place, where: ValuePath, what: str) -> Finding:
    """That it does what no EXPRESS execution can: the machine's own, or those of a Map's items."""
    home, remedy = "an EXPRESS workflow", "set `state_machine.type: standard`"
    outer = place.state and _mapped(place.state)
    if outer:
        home = f"the EXPRESS children of {called(outer)}"
        remedy = "set `ExecutionType: STANDARD` in its ProcessorConfig"
    message = f"{place.subject} {what}, but runs in {home}"
    return Finding("EXPRESS_UNSUPPORTED", where, message, remedy)


def _mapped(state: State) -> State | None:
    """The Map whose items it is EXPRESS for; None where the machine is EXPRESS itself."""
    container = state.container
    while container.parent and container.parent.container.is_express:
        container = container.parent.container
    return container.parent


def _spelled(steps: ValuePath) -> str:
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")
