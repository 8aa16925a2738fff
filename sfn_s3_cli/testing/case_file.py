"""Reads files with test cases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from sfn_s3_cli.config import schema_errors
from sfn_s3_cli.documents import yaml
from sfn_s3_cli.documents.document import MOST_FINDINGS, exclude_nested
from sfn_s3_cli.documents.files import read_text
from sfn_s3_cli.documents.findings import invalid_config
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import UsageError, problems_in
from sfn_s3_cli.testing.schema import CaseFile, find_model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_s3_cli.documents.document import LocatedDocument

SUFFIX = ".test.yaml"


@dataclass(frozen=True)
class LocatedCases:
    """A file with cases that follow the schema, and the place of each value in it."""

    path: Path
    document: LocatedDocument
    content: CaseFile


def find_files(paths: Iterable[Path], folder: Path) -> list[Path]:
    """The files with cases: those given, or else all in the folder; UsageError without any."""
    found = [each for path in paths for each in _expand(path)] or sorted(folder.glob(f"*{SUFFIX}"))
    if not found:
        raise _find_none(folder)
    return list(dict.fromkeys(found))


def _expand(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    inside = sorted(path.glob(f"*{SUFFIX}"))
    if not inside:
        raise _find_none(path)
    return inside


def _find_none(folder: Path) -> UsageError:
    place = "this folder" if folder == Path() else str(folder)
    return UsageError(
        f"{place} has no file with test cases (NAME{SUFFIX})",
        "run `sfnctl test --init` to write a first one beside the definition",
    )


@problems_in("test cases")
def load(path: Path) -> LocatedCases:
    """Loads a file; ConfigError with everything that does not follow the schema."""
    document = yaml.parse(read_text(path, f"name a file NAME{SUFFIX}"), str(path))
    if not isinstance(document.value, dict):
        message = f"expected a mapping, found {describe(document.value)}"
        raise document.error([invalid_config(message, "write `cases:` and a list of cases")])
    findings = [*document.findings]
    try:
        content = CaseFile.model_validate(document.value)
    except ValidationError as error:
        errors = error.errors(include_url=False)[:MOST_FINDINGS]
        translated = schema_errors.translate_all(errors, find_model)
        raise document.error([*findings, *exclude_nested(translated, findings)]) from None
    if findings:
        raise document.error(findings)
    return LocatedCases(path, document, content)
