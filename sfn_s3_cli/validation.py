"""Everything about a config that can be checked without AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_s3_cli import trigger
from sfn_s3_cli.asl import definition
from sfn_s3_cli.config.load import load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sfn_s3_cli.config.schema import Pipeline


@dataclass(frozen=True)
class Validated:
    """A config file and its definition, both found to be valid."""

    config: Path
    definition: Path
    pipeline: Pipeline
    document: dict[str, Any]
    """The definition, with its substitutions made."""


def validate(config: Path, environ: Mapping[str, str]) -> Validated:
    """ConfigError with all that is wrong in the config or, when that is right, the definition."""
    pipeline = load(config, environ)
    settings = pipeline.state_machine
    path = config.parent / settings.definition
    document = definition.load(path, settings.substitutions)
    trigger.event_pattern(pipeline.bucket.name, pipeline.trigger)
    return Validated(config, path, pipeline, document)
