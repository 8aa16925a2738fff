"""Everything about a config that can be checked without AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_s3_cli import fit
from sfn_s3_cli.asl.language import definition
from sfn_s3_cli.asl.lint.checks import lint
from sfn_s3_cli.asl.lint.consequences import certain
from sfn_s3_cli.asl.permissions.derive import unknown
from sfn_s3_cli.config.load import parsed
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import found
from sfn_s3_cli.errors import ConfigError, Severity
from sfn_s3_cli.events.pattern import build_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sfn_s3_cli.asl.language.definition import Loaded, Scalar
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.documents.document import Document
    from sfn_s3_cli.errors import Problem


_OF_PERMISSIONS = {"UNKNOWN_INTEGRATION", "UNKNOWN_SERVICE"}


@dataclass(frozen=True)
class Validated:
    """A config file and its definition, both readable."""

    config: Path
    definition: Path
    document: Document
    """The definition, with its substitutions made."""
    problems: tuple[Problem, ...] = ()
    """What was found, in the order of the files."""

    @property
    def is_sound(self) -> bool:
        """Whether none of the problems is an error."""
        return all(each.severity is Severity.WARNING for each in self.problems)

    def refuse(self) -> None:
        """ConfigError with every problem if one of them is an error."""
        if not self.is_sound:
            raise ConfigError(self.problems)


def validate(config: Path, pipeline: Pipeline) -> Validated:
    """What there is to say about a config and its definition.

    ConfigError for a definition that cannot be read, UsageError for a trigger that is too long.
    """
    settings = pipeline.state_machine
    path = config.parent / settings.definition
    document, unused = _loaded(config, path, settings.substitutions)
    build_pattern(pipeline.bucket.name, pipeline.trigger)
    of_definition = certain(_of_definition(pipeline, document.value), document.faults)
    problems = (
        *_in_order(_in_file([*fit.check_config(pipeline), *_unused(unused)], parsed(config))),
        *_in_order([*document.problems(document.faults), *_in_file(of_definition, document)]),
    )
    return Validated(config, path, document, problems)


def _loaded(config: Path, path: Path, substitutions: Mapping[str, Scalar]) -> Loaded:
    """What keeps the file from being one at all is told where the config names it."""
    try:
        return definition.load(path, substitutions)
    except ConfigError as error:
        document = parsed(config)
        mark = document.mark(("state_machine", "definition"))
        place = {"file": document.file, **mark._asdict()}
        raise ConfigError(
            [
                each
                if each.line
                else each._replace(**place, message=f"{each.location}: {each.message}")
                for each in error.problems
            ]
        ) from None


def _unused(substitutions: Iterable[str]) -> Iterator[Finding]:
    for name in substitutions:
        message = f"the substitution {found(name)} is used nowhere"
        remedy = f"remove it, or write `${{{name}}}` in the definition"
        where = ("state_machine", "substitutions", name)
        yield Finding("UNUSED_SUBSTITUTION", where, message, remedy, Severity.WARNING, at_key=True)


def _of_definition(pipeline: Pipeline, value: Mapping[str, Any]) -> Iterator[Finding]:
    """With `validation: warn` what would be an error is a doubt, but for missing permissions."""
    role, is_doubt = pipeline.state_machine.role, pipeline.state_machine.validation == "warn"
    of_calls = unknown(value, given=None if role.arn else role.statements)
    for each in (*_of_language(pipeline, value), *of_calls):
        lowered = is_doubt and each.code not in _OF_PERMISSIONS
        yield each._replace(severity=Severity.WARNING) if lowered else each


def _of_language(pipeline: Pipeline, value: Mapping[str, Any]) -> Iterator[Finding]:
    """What does not fit the trigger is not told of a place that is wrong in itself."""
    wrong = set()
    for each in lint(value, is_express=pipeline.state_machine.aws_type == "EXPRESS"):
        if each.severity is Severity.ERROR:
            wrong.add(each.path)
        yield each
    for each in fit.check_definition(pipeline, value):
        if each.path not in wrong:
            yield each


def _in_file(findings: Iterable[Finding], document: Document) -> list[Problem]:
    return [each.problem(document) for each in findings]


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By their places in the file."""
    return sorted(problems, key=lambda each: (each.line or 0, each.column or 0))
