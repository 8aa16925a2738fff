"""The objects of a definition that are checked, and how messages name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language.fields import STATE_TYPES
from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.json_types import JsonMapping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_s3_cli.asl.language.states import Container, State
    from sfn_s3_cli.documents.places import ValuePath


class Subject(NamedTuple):
    """An object of a definition, and what the table of fields calls it."""

    value: JsonMapping
    path: ValuePath
    object: str
    """`Machine`, `Branch`, a type of state, `Retrier` and so on."""
    state: State | None = None
    """The state that it is or belongs to."""
    language: str = ""
    """Empty where it does not matter or is unknown."""

    @classmethod
    def from_container(cls, container: Container) -> Subject:
        if container.parent is None:
            return cls(container.value, (), "Machine")
        name = "Branch" if isinstance(container.path[-1], int) else "ItemProcessor"
        return cls(container.value, container.path, name, container.parent)

    @classmethod
    def from_state(cls, state: State) -> Subject:
        """A state, in the query language that it names even where that is not allowed."""
        language = state.value.get("QueryLanguage", state.container.language)
        known = language if language in (JSONPATH, JSONATA) else ""
        return cls(state.value, state.path, state.type, state, known)

    @property
    def name(self) -> str:
        """`the Task state 'A'`, `Retry[0] of the Task state 'A'`."""
        if self.state is None:
            return "the definition"
        steps = self.path[len(self.state.path) :]
        name = name_state(self.state)
        return f"{_spell_path(steps)} of {name}" if steps else name

    def enter(self, value: JsonMapping, path: ValuePath, name: str) -> Subject:
        """An object inside it."""
        return self._replace(value=value, path=path, object=name)


def name_state(state: State) -> str:
    """`the Task state 'A'`."""
    known = f"{state.type} " if state.type in STATE_TYPES else ""
    return f"the {known}state {describe(state.name)}"


def join_words(words: Sequence[str], last: str = "or") -> str:
    """`A, B or C`."""
    *first, final = words
    return f"{', '.join(first)} {last} {final}" if first else final


def join_codes(words: Sequence[str], last: str = "or") -> str:
    """Joins words, each as code: `` `A`, `B` or `C` ``."""
    return join_words([f"`{word}`" for word in words], last)


def report_missing(what: str, subject: Subject, remedy: str) -> Finding:
    message = f"{subject.name} has no {what}"
    return Finding("MISSING_FIELD", subject.path, message, remedy, at_key=True)


def report_express(subject: Subject, path: ValuePath, what: str) -> Finding:
    """Reports a feature that EXPRESS executions lack: those of the machine, or of a Map's items."""
    home, remedy = "an EXPRESS workflow", "set `state_machine.type: standard`"
    outer = subject.state and _find_express_map(subject.state)
    if outer:
        home = f"the EXPRESS child executions of {name_state(outer)}"
        remedy = "set `ExecutionType: STANDARD` in its ProcessorConfig"
    message = f"{subject.name} {what}, but runs in {home}"
    return Finding("EXPRESS_UNSUPPORTED", path, message, remedy)


def _find_express_map(state: State) -> State | None:
    """Finds the Map that makes the state run as EXPRESS; None where the machine is EXPRESS."""
    container = state.container
    while container.parent and container.parent.container.is_express:
        container = container.parent.container
    return container.parent


def _spell_path(steps: ValuePath) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")
