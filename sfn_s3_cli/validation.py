"""Everything about a config that can be checked without AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_s3_cli import semantics, trigger
from sfn_s3_cli.asl import definition
from sfn_s3_cli.asl.lint import lint
from sfn_s3_cli.asl.permissions import unknown
from sfn_s3_cli.config.load import parsed
from sfn_s3_cli.errors import ConfigError, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sfn_s3_cli.asl.findings import Finding
    from sfn_s3_cli.config.document import Document
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.errors import Problem


@dataclass(frozen=True)
class Validated:
    """A config file and its definition, both found to be what they should be."""

    config: Path
    definition: Path
    document: Document
    """The definition, with its substitutions made."""
    problems: tuple[Problem, ...] = ()
    """What was found nevertheless, in the order of the files."""

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
    document = definition.load(path, settings.substitutions)
    trigger.event_pattern(pipeline.bucket.name, pipeline.trigger)
    problems = (
        *_in_file(semantics.of_config(pipeline), parsed(config)),
        *_in_file(_of_definition(pipeline, document.value), document),
    )
    return Validated(config, path, document, problems)


def _of_definition(pipeline: Pipeline, value: Mapping[str, Any]) -> Iterator[Finding]:
    """What does not fit the trigger is not told of a place that is wrong in itself."""
    is_lenient = pipeline.state_machine.validation == "warn"
    wrong = set()
    for each in lint(value, is_express=False):
        if each.severity is Severity.ERROR:
            wrong.add(each.path)
        yield each._replace(severity=Severity.WARNING) if is_lenient else each
    for each in semantics.of_definition(pipeline, value):
        if each.path not in wrong:
            yield each
    if not pipeline.state_machine.role.arn:
        yield from unknown(value, given=pipeline.state_machine.role.statements)


def _in_file(findings: Iterable[Finding], document: Document) -> list[Problem]:
    """The findings as problems, in the order of the file."""
    problems = (each.problem(document) for each in findings)
    return sorted(problems, key=lambda each: (each.spot.line or 0, each.spot.column or 0))
