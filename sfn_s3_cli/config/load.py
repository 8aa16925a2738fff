"""From the config file to the pipeline that it describes: read, interpolate, check."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sfn_s3_cli.config import schema_errors
from sfn_s3_cli.config.interpolate import interpolate
from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.documents import yaml
from sfn_s3_cli.documents.document import (
    MOST_FAULTS,
    Complaint,
    Document,
    Fault,
    Mark,
    ValuePath,
    uncovered,
)
from sfn_s3_cli.documents.files import read
from sfn_s3_cli.documents.wording import found


def load(path: Path, environ: Mapping[str, str]) -> Pipeline:
    """The pipeline of a config file, or a ConfigError with everything that is wrong with it.

    A pipeline does not know its file: its definition is read from
    `path.parent / pipeline.state_machine.definition`.
    """
    document = parsed(path)
    if not isinstance(document.value, dict):
        complaint = Complaint(
            f"expected a mapping, found {found(document.value)}", "write keys and values"
        )
        raise document.error([Fault((), Mark(1, 1), complaint)])
    value, faults = _filled(document, environ)
    faults = [*document.faults, *faults]
    try:
        pipeline = Pipeline.model_validate(value)
    except ValidationError as error:
        invalid = schema_errors.faults(error.errors(include_url=False)[:MOST_FAULTS], document)
        certain = (each for each in uncovered(invalid, faults) if not _may_be_there(each, document))
        raise document.error([*faults, *certain]) from None
    if faults:
        raise document.error(faults)
    return pipeline


def parsed(path: Path) -> Document:
    """What a config file says, before anything is checked."""
    return yaml.parse(read(path, "`sfnctl init` writes one"), str(path))


def _may_be_there(missing: Fault, document: Document) -> bool:
    """Whether a key that seems to be missing may be one of those that have no name yet."""
    owners = {each.path[:-1] for each in document.faults if each.is_nameless}
    return missing.path[:-1] in owners and missing.path not in document.values


def _filled(document: Document, environ: Mapping[str, str]) -> tuple[Any, list[Fault]]:
    """The document's value with its variables filled in, and what stood in the way."""
    faults: list[Fault] = []

    def fill(value: Any, path: ValuePath) -> Any:
        match value:
            case str():
                text, complaints = interpolate(value, environ)
                faults.extend(Fault(path, document.mark(path), each) for each in complaints)
                return text
            case list():
                return [fill(item, (*path, index)) for index, item in enumerate(value)]
            case dict():
                return {key: fill(item, (*path, key)) for key, item in value.items()}
        return value

    return fill(document.value, ()), faults
