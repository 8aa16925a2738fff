"""Loads the config file: reads it, replaces its variables and checks it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from sfn_s3_cli.config import schema_errors
from sfn_s3_cli.config.interpolate import interpolate
from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.documents import yaml
from sfn_s3_cli.documents.document import MOST_FINDINGS, LocatedDocument, exclude_nested
from sfn_s3_cli.documents.files import read_text
from sfn_s3_cli.documents.findings import Finding, invalid_config
from sfn_s3_cli.documents.places import ValuePath
from sfn_s3_cli.documents.tokens import JsonValue
from sfn_s3_cli.documents.wording import describe


def load(path: Path, environ: Mapping[str, str]) -> Pipeline:
    """Loads the pipeline from a config file; ConfigError with everything that is wrong with it.

    A pipeline does not know its file: its definition is in
    `path.parent / pipeline.state_machine.definition`.
    """
    document = read_document(path)
    if not isinstance(document.value, dict):
        message = f"expected a mapping, found {describe(document.value)}"
        raise document.error([invalid_config(message, "write keys and values")])
    value, findings = _interpolate(document, environ)
    findings = [*document.findings, *findings]
    try:
        pipeline = Pipeline.model_validate(value)
    except ValidationError as error:
        errors = error.errors(include_url=False)[:MOST_FINDINGS]
        of_schema = exclude_nested(schema_errors.translate_all(errors), findings)
        findings += (each for each in of_schema if not _may_be_present(each, document))
        raise document.error(findings) from None
    if findings:
        raise document.error(findings)
    return pipeline


def read_document(path: Path) -> LocatedDocument:
    """Reads a config file without checking what it says."""
    return yaml.parse(read_text(path, "`sfnctl init` writes one"), str(path))


def _may_be_present(missing: Finding, document: LocatedDocument) -> bool:
    """Whether a key that seems to be missing may be one whose name is not known yet."""
    owners = {each.path[:-1] for each in document.findings if each.is_nameless}
    return missing.path[:-1] in owners and missing.path not in document.values


def _interpolate(
    document: LocatedDocument, environ: Mapping[str, str]
) -> tuple[JsonValue, list[Finding]]:
    """Replaces the variables in the document's value, and says which ones it cannot."""
    findings: list[Finding] = []

    def replace(value: JsonValue, path: ValuePath) -> JsonValue:
        match value:
            case str():
                text, of_text = interpolate(value, environ)
                findings.extend(each._replace(path=path) for each in of_text)
                return text
            case list():
                return [replace(item, (*path, index)) for index, item in enumerate(value)]
            case dict():
                return {key: replace(item, (*path, key)) for key, item in value.items()}
        return value

    return replace(document.value, ()), findings
