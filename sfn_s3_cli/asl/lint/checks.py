"""What is wrong or doubtful about a definition, told without AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_s3_cli.asl.language.fields import STATE_TYPES
from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH, containers, root
from sfn_s3_cli.asl.lint import objects, tasks, transitions
from sfn_s3_cli.asl.lint.subjects import called, listed, of_container, of_state
from sfn_s3_cli.asl.lint.variables import premature, variables
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.asl.language.states import Container, State
    from sfn_s3_cli.documents.document import ValuePath

_LONGEST_NAME = 80

# Findings after which a graph says little, wherever they are, and fields in which they are so.
_SHAKEN = {"UNKNOWN_FIELD", "MISSING_FIELD"}
_SHAKY = {"StartAt", "States", "Type", "Next", "End", "Default", "Choices", "Catch"}


def lint(definition: Mapping[str, Any], *, is_express: bool = False) -> list[Finding]:
    """All findings about a filled definition, as `definition.load` gives it."""
    start = root(definition, is_express=is_express)
    every = list(containers(start))
    homes: dict[str, State] = {}
    labels: dict[str, State] = {}
    findings: list[Finding] = []
    for state in (state for container in every for state in container.states()):
        findings += _twice(state, homes, labels)
    for container in every:
        own = list(_of_container(container))
        findings += own
        findings += transitions.check(container, homes, is_sound=not any(map(_shakes, own)))
    findings += variables(start)
    refused = {each.path for each in findings if each.severity is Severity.ERROR}
    if not refused:
        findings += premature(start)
    return [each for each in findings if each.at_key or not _doubts(each, refused)]


def _doubts(finding: Finding, refused: set[ValuePath]) -> bool:
    """Whether it is a mere doubt about a value that is refused anyway."""
    return finding.severity is Severity.WARNING and finding.path in refused


def _of_container(container: Container) -> Iterator[Finding]:
    yield from objects.check(of_container(container))
    match container.value.get("States"):
        case dict(states):
            yield from _shapes(states, container)
    for state in container.states():
        yield from _of_state(state)


def _shapes(states: Mapping[str, Any], container: Container) -> Iterator[Finding]:
    where, subject = (*container.path, "States"), of_container(container).subject
    if not states:
        message = f"the States of {subject} are empty"
        yield Finding("INVALID_VALUE", where, message, "add the first state")
    for name, value in states.items():
        if not isinstance(value, dict):
            message = f"the state {describe(name)} is {describe(value)}"
            yield Finding("INVALID_VALUE", (*where, name), message, "make it a mapping")


def _of_state(state: State) -> Iterator[Finding]:
    if not 1 <= len(state.name) <= _LONGEST_NAME:
        message = f"the name of {called(state)} has {len(state.name)} characters"
        remedy = f"give it 1 to {_LONGEST_NAME}"
        yield Finding("INVALID_STATE_NAME", state.path, message, remedy, at_key=True)
    if state.value.get("QueryLanguage") == JSONPATH and state.container.language == JSONATA:
        message = f"{called(state)} is {JSONPATH}, but the definition is {JSONATA}"
        remedy = "remove it, and write the state in JSONata"
        yield Finding("UNSUPPORTED_FIELD", (*state.path, "QueryLanguage"), message, remedy)
    if state.type in STATE_TYPES:
        yield from objects.check(of_state(state))
        yield from tasks.check(state)
    else:
        yield from _of_no_type(state)


def _of_no_type(state: State) -> Iterator[Finding]:
    if "Type" in state.value:
        given = state.value["Type"]
        message = f"the Type of {called(state)} is {describe(given)}"
        hint = suggest(given, STATE_TYPES) if isinstance(given, str) else ""
        remedy = hint or f"make it {listed(STATE_TYPES)}"
        yield Finding("INVALID_VALUE", (*state.path, "Type"), message, remedy)
        return
    message = f"{called(state)} has no Type"
    where, remedy = state.path, "add `Type`"
    for key in state.value:
        if guess := suggest(key, ["Type"]):
            where, remedy = (*state.path, key), guess
    yield Finding("MISSING_FIELD", where, message, remedy, at_key=True)


def _twice(state: State, homes: dict[str, State], labels: dict[str, State]) -> Iterator[Finding]:
    """Names must be unique in the whole definition; labels as well."""
    known = homes.setdefault(state.name, state)
    if known is not state:
        home = of_container(known.container).subject
        message = f"there is a state {describe(state.name)} in {home} too"
        remedy = "rename one of them: names are unique in the whole definition"
        yield Finding("DUPLICATE_STATE_NAME", state.path, message, remedy, at_key=True)
    match state.value.get("Label"):
        case str(label) if labels.setdefault(label, state) is not state:
            message = f"{called(labels[label])} has the Label {describe(label)} too"
            where = (*state.path, "Label")
            yield Finding("DUPLICATE_LABEL_NAME", where, message, "change one of them")


def _shakes(finding: Finding) -> bool:
    if finding.severity is Severity.WARNING:
        return False
    return finding.code in _SHAKEN or not _SHAKY.isdisjoint(finding.path[-2:])
