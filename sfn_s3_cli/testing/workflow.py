"""A workflow that is tested: its definition, and the states in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language import definition
from sfn_s3_cli.asl.language.states import State, to_container, walk_states
from sfn_s3_cli.asl.lint.linter import lint
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.documents.document import LocatedDocument
    from sfn_s3_cli.json_types import JsonObject

CALLBACK = ".waitForTaskToken"


@dataclass(frozen=True)
class Workflow:
    """A definition with its substitutions."""

    document: LocatedDocument

    @property
    def definition(self) -> JsonObject:
        value: JsonObject = self.document.value
        return value

    @cached_property
    def states(self) -> dict[str, State]:
        """All states by name, at any depth."""
        return {each.name: each for each in walk_states(to_container(self.definition))}

    def cut(self, start: str | None, end: str | None) -> JsonObject:
        """The part that runs from a state: the branch, the processor or the whole that has it."""
        inside = self.states.get(start or end or "")
        if inside is None:
            return self.definition
        container = inside.container
        whole = {**self.definition, "QueryLanguage": container.language}
        first = start if start is not None else container.value["StartAt"]
        return {**whole, "StartAt": first, "States": container.value["States"]}


def load(path: Path, pipeline: Pipeline) -> Workflow:
    """Loads a definition with the config's substitutions; ConfigError if AWS would refuse it."""
    document = definition.load(path, pipeline.state_machine.substitutions).document
    is_express = pipeline.state_machine.aws_type == "EXPRESS"
    found = [*document.findings, *lint(document.value, is_express=is_express)]
    errors = [each for each in found if each.severity is Severity.ERROR]
    if errors:
        raise document.error(errors)
    return Workflow(document)


def is_callback(state: State) -> bool:
    """Whether a Task waits for its task token."""
    return CALLBACK in str(state.value.get("Resource"))


def can_be_mocked(state: State) -> bool:
    """Whether a state calls a service: a Task, or a Map that reads its items."""
    return state.type == "Task" or (state.type == "Map" and "ItemReader" in state.value)
