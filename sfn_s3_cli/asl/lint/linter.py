"""Checks a whole definition, without calling AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.fields import FIELDS_OF, STATE_TYPES
from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH, to_container, walk_containers
from sfn_s3_cli.asl.lint import objects, task_parameters, task_waits, transitions, variables
from sfn_s3_cli.asl.lint.subjects import Subject, join_words, name_state
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import Severity
from sfn_s3_cli.json_types import JsonMapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.states import Container, State
    from sfn_s3_cli.documents.places import ValuePath

_LONGEST_NAME = 80

# Errors after which checks of the transitions would mislead: these codes anywhere, and any error
# in these fields.
_STRUCTURAL_CODES = {"UNKNOWN_FIELD", "MISSING_FIELD"}
_STRUCTURAL_FIELDS = {
    "StartAt", "States", "Type", "Next", "End", "Default", "Choices", "Catch",
}  # fmt: skip


def lint(definition: JsonMapping, *, is_express: bool = False) -> list[Finding]:
    """Checks a definition after substitution, as `definition.load` returns it."""
    start = _open(definition, is_express=is_express)
    every = list(walk_containers(start))
    homes: dict[str, State] = {}
    labels: dict[str, State] = {}
    findings: list[Finding] = []
    for state in (state for container in every for state in container.states()):
        findings += _check_duplicates(state, homes, labels)
    for container in every:
        own = list(_check_container(container))
        findings += own
        is_sound = not any(map(_is_structural, own))
        findings += transitions.check(container, homes, is_sound=is_sound)
    findings += variables.check(start)
    refused = {each.path for each in findings if each.severity is Severity.ERROR}
    if not refused:
        findings += variables.check_order(start)
    return [each for each in findings if each.at_key or not _is_redundant(each, refused)]


def _open(definition: JsonMapping, *, is_express: bool) -> Container:
    """Makes a container of the definition, in its language even if that is one level too deep."""
    start = to_container(definition, is_express=is_express)
    match definition:
        case {"QueryLanguage": _}:
            return start
        case {"States": {"QueryLanguage": "JSONata" as language}}:
            return start._replace(language=language)
    return start


def _is_redundant(finding: Finding, refused: set[ValuePath]) -> bool:
    """Whether it is a warning about a value that has an error anyway."""
    return finding.severity is Severity.WARNING and finding.path in refused


def _is_structural(finding: Finding) -> bool:
    if finding.severity is Severity.WARNING:
        return False
    return finding.code in _STRUCTURAL_CODES or not _STRUCTURAL_FIELDS.isdisjoint(finding.path[-2:])


def _check_container(container: Container) -> Iterator[Finding]:
    subject = Subject.from_container(container)
    yield from objects.check(subject)
    match container.value.get("States"):
        case dict(states):
            yield from _check_states(states, subject)
    for state in container.states():
        yield from _check_state(state)


def _check_states(states: JsonMapping, subject: Subject) -> Iterator[Finding]:
    path = (*subject.path, "States")
    if not states:
        message = f"the States of {subject.name} are empty"
        yield Finding("INVALID_VALUE", path, message, "add the first state")
    for name, value in states.items():
        if isinstance(value, dict):
            continue
        if name in FIELDS_OF["Machine"]:
            yield _report_misplaced(name, (*path, name), subject)
        else:
            message = f"the state {describe(name)} is {describe(value)}"
            yield Finding("INVALID_VALUE", (*path, name), message, "make it a mapping")


def _report_misplaced(name: str, path: ValuePath, subject: Subject) -> Finding:
    """Reports a field that is one level too deep, among the states."""
    if name in FIELDS_OF[subject.object]:
        message = f"{describe(name)} is a field of {subject.name}, but is inside its States"
        remedy = "move it one level up, beside `States`"
    else:
        message = f"{describe(name)} is a field of the definition, not a state of {subject.name}"
        remedy = "move it to the top level of the definition"
    return Finding("INVALID_VALUE", path, message, remedy, at_key=True)


def _check_state(state: State) -> Iterator[Finding]:
    if not 1 <= len(state.name) <= _LONGEST_NAME:
        message = f"the name of {name_state(state)} has {len(state.name)} characters"
        remedy = f"use 1 to {_LONGEST_NAME} characters"
        yield Finding("INVALID_STATE_NAME", state.path, message, remedy, at_key=True)
    if state.value.get("QueryLanguage") == JSONPATH and state.container.language == JSONATA:
        message = f"{name_state(state)} uses {JSONPATH}, but the definition uses {JSONATA}"
        remedy = "remove it, and write the state in JSONata"
        yield Finding("UNSUPPORTED_FIELD", (*state.path, "QueryLanguage"), message, remedy)
    if state.type in STATE_TYPES:
        yield from objects.check(Subject.from_state(state))
        yield from task_waits.check(state)
        yield from task_parameters.check(state)
    else:
        yield _report_type(state)


def _report_type(state: State) -> Finding:
    """Reports a Type that does not exist, or a state without one."""
    if "Type" in state.value:
        value = state.value["Type"]
        message = f"the Type of {name_state(state)} is {describe(value)}"
        hint = suggest(value, STATE_TYPES) if isinstance(value, str) else ""
        remedy = hint or f"make it {join_words(STATE_TYPES)}"
        return Finding("INVALID_VALUE", (*state.path, "Type"), message, remedy)
    path, remedy = state.path, "add `Type`"
    for key in state.value:
        if guess := suggest(key, ["Type"]):
            path, remedy = (*state.path, key), guess
    message = f"{name_state(state)} has no Type"
    return Finding("MISSING_FIELD", path, message, remedy, at_key=True)


def _check_duplicates(
    state: State, homes: dict[str, State], labels: dict[str, State]
) -> Iterator[Finding]:
    """Checks that names and labels of states are unique in the whole definition."""
    known = homes.setdefault(state.name, state)
    if known is not state:
        home = Subject.from_container(known.container).name
        message = f"{home} also has a state {describe(state.name)}"
        remedy = "rename one of them; names must be unique in the whole definition"
        yield Finding("DUPLICATE_STATE_NAME", state.path, message, remedy, at_key=True)
    match state.value.get("Label"):
        case str(label) if labels.setdefault(label, state) is not state:
            message = f"{name_state(labels[label])} also has the Label {describe(label)}"
            path = (*state.path, "Label")
            yield Finding("DUPLICATE_LABEL_NAME", path, message, "change one of them")
