"""Everything about a config that can be checked without AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_s3_cli import trigger
from sfn_s3_cli.asl import definition

if TYPE_CHECKING:
    from pathlib import Path

    from sfn_s3_cli.config.schema import Pipeline


@dataclass(frozen=True)
class Validated:
    """A config file and its definition, both found to be valid."""

    config: Path
    definition: Path
    document: dict[str, Any]
    """The definition, with its substitutions made."""


def validate(config: Path, pipeline: Pipeline) -> Validated:
    """ConfigError for a definition that is wrong, UsageError for a trigger that is too long."""
    settings = pipeline.state_machine
    path = config.parent / settings.definition
    document = definition.load(path, settings.substitutions)
    trigger.event_pattern(pipeline.bucket.name, pipeline.trigger)
    return Validated(config, path, document)
