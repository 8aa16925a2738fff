"""Checks everything about a config and its definition that can be checked without AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_s3_cli import fit
from sfn_s3_cli.asl.language import definition
from sfn_s3_cli.asl.lint.consequences import omit_consequences
from sfn_s3_cli.asl.lint.linter import lint
from sfn_s3_cli.asl.permissions.derive import find_unknown_calls
from sfn_s3_cli.config.load import read_document
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import ConfigError, Severity
from sfn_s3_cli.events.pattern import build_pattern
from sfn_s3_cli.json_types import JsonMapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sfn_s3_cli.asl.language.definition import Definition
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.documents.document import LocatedDocument
    from sfn_s3_cli.errors import Problem


_PERMISSION_CODES = {"UNKNOWN_INTEGRATION", "UNKNOWN_SERVICE"}


@dataclass(frozen=True)
class OfflineResult:
    """A config file and its definition, both readable, and their problems."""

    config: Path
    definition: Path
    document: LocatedDocument
    """The definition, with its substitutions."""
    problems: tuple[Problem, ...] = ()
    """In the order of the files."""

    @property
    def has_errors(self) -> bool:
        return any(each.severity is Severity.ERROR for each in self.problems)

    def raise_for_errors(self) -> None:
        """ConfigError with every problem if one of them is an error."""
        if self.has_errors:
            raise ConfigError(self.problems)


def check(config: Path, pipeline: Pipeline) -> OfflineResult:
    """Checks a config and its definition.

    ConfigError if the definition cannot be read, UsageError if the event pattern is too long.
    """
    settings = pipeline.state_machine
    path = config.parent / settings.definition
    config_document = read_document(config)
    document, unused = _load_definition(path, pipeline, config_document)
    build_pattern(pipeline.bucket.name, pipeline.trigger, "aws")  # elsewhere it is not shorter
    of_config = [*fit.check_config(pipeline), *_find_unused(unused)]
    of_definition = omit_consequences(
        _check_definition(pipeline, document.value), document.findings
    )
    problems = (
        *config_document.problems(of_config),
        *document.problems([*document.findings, *of_definition]),
    )
    return OfflineResult(config, path, document, problems)


def _load_definition(path: Path, pipeline: Pipeline, config: LocatedDocument) -> Definition:
    """Loads it; an error about the whole file is shown where the config names the file."""
    try:
        return definition.load(path, pipeline.state_machine.substitutions)
    except ConfigError as error:
        problems = [each if each.line else _move(each, config) for each in error.problems]
        raise ConfigError(problems) from None


def _move(problem: Problem, config: LocatedDocument) -> Problem:
    """The problem at the place where the config names the definition."""
    line, column = config.mark(("state_machine", "definition"))
    message = f"{problem.location}: {problem.message}"
    return problem._replace(file=config.file, line=line, column=column, message=message)


def _find_unused(substitutions: Iterable[str]) -> Iterator[Finding]:
    for name in substitutions:
        path = ("state_machine", "substitutions", name)
        message = f"the substitution {describe(name)} is not used"
        remedy = f"remove it, or write `${{{name}}}` in the definition"
        yield Finding("UNUSED_SUBSTITUTION", path, message, remedy, Severity.WARNING, at_key=True)


def _check_definition(pipeline: Pipeline, value: JsonMapping) -> Iterator[Finding]:
    """With `validation: warn` errors become warnings, except those about missing permissions."""
    role, only_warn = pipeline.state_machine.role, pipeline.state_machine.validation == "warn"
    of_calls = find_unknown_calls(value, user_statements=None if role.arn else role.statements)
    for each in (*_check_language(pipeline, value), *of_calls):
        is_warning = only_warn and each.code not in _PERMISSION_CODES
        yield each._replace(severity=Severity.WARNING) if is_warning else each


def _check_language(pipeline: Pipeline, value: JsonMapping) -> Iterator[Finding]:
    """Lints it. A value with an error is not checked against the trigger."""
    has_error = set()
    for each in lint(value, is_express=pipeline.state_machine.aws_type == "EXPRESS"):
        if each.severity is Severity.ERROR:
            has_error.add(each.path)
        yield each
    for each in fit.check_definition(pipeline, value):
        if each.path not in has_error:
            yield each
