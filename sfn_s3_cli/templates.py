"""Templates: the files of a new pipeline, and writing them into a folder."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sfn_s3_cli.config import patterns
from sfn_s3_cli.documents.wording import suggest
from sfn_s3_cli.errors import ConfigError, SfnctlError, UsageError, unreadable

SCHEMA = Path("sfnctl.schema.json")


@dataclass(frozen=True)
class Template:
    """A folder of files with the placeholders `__NAME__` and `__BUCKET__`."""

    name: str
    summary: str


@dataclass(frozen=True)
class Catalogue:
    """All templates, for `init --list`."""

    templates: tuple[Template, ...]


class Values(NamedTuple):
    """The values for the placeholders of a template."""

    name: str
    bucket: str


@dataclass(frozen=True)
class Scaffold:
    """The files that were written, and their folder."""

    folder: Path
    written: tuple[Path, ...]


def list_templates() -> tuple[Template, ...]:
    """All templates, sorted by name. The summary is the line below the title of the README."""
    folders = sorted(path for path in _templates_folder().iterdir() if path.is_dir())
    return tuple(Template(path.name, _read(path / "README.md").split("\n")[2]) for path in folders)


def find(name: str) -> Template:
    """The template with that name; UsageError if there is none."""
    templates = {template.name: template for template in list_templates()}
    if name not in templates:
        remedy = suggest(name, templates) or f"use one of {', '.join(templates)}"
        raise UsageError(f"the template {name!r} does not exist", remedy)
    return templates[name]


def default_name(folder: Path) -> str | None:
    """The folder's own name, if a pipeline may have it."""
    name = folder.resolve().name
    return name if re.fullmatch(patterns.NAME, name) else None


def write(template: Template, folder: Path, values: Values, *, force: bool) -> Scaffold:
    """Writes the template's files and the JSON Schema of the config into the folder.

    Writes nothing if the config does not accept a value (ConfigError) or if a file already exists
    (UsageError). `force` replaces files; links are never followed and folders never replaced.
    SfnctlError if the disk is full, for example; no file is half-written then.
    """
    _check(values)
    contents = _contents(template, values)
    try:
        _check_obstacles(list(_find_obstacles(folder, contents, force=force)), force=force)
        _write_all(contents, folder)
    except OSError as error:
        place = error.filename or folder
        raise SfnctlError(f"{place} cannot be written: {error.strerror}") from None
    return Scaffold(folder, tuple(folder / path for path in contents))


def _templates_folder() -> Path:
    """The folder of the templates: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _check(values: Values) -> None:
    from pydantic import ValidationError  # noqa: PLC0415  (only writing needs all of the config)

    from sfn_s3_cli.config import schema, schema_errors  # noqa: PLC0415  (as above)

    config = {**values._asdict(), "state_machine": {"definition": "-"}}
    try:
        schema.Pipeline.model_validate(config)
    except ValidationError as error:
        findings = schema_errors.translate_all(error.errors(include_url=False))
        raise ConfigError(
            [unreadable(f"--{each.path[0]}", each.message, each.remedy) for each in findings]
        ) from None


def _contents(template: Template, values: Values) -> dict[Path, str]:
    from sfn_s3_cli.config.schema import json_schema  # noqa: PLC0415  (as above)

    home = _templates_folder() / template.name
    files = sorted(path for path in home.rglob("*") if path.is_file())
    contents = {path.relative_to(home): _fill_in(_read(path), values) for path in files}
    return {**contents, SCHEMA: json.dumps(json_schema(), indent=2) + "\n"}


def _fill_in(text: str, values: Values) -> str:
    return text.replace("__NAME__", values.name).replace("__BUCKET__", values.bucket)


def _find_obstacles(folder: Path, paths: Iterable[Path], *, force: bool) -> Iterator[Path]:
    for path in paths:
        for parent in (folder / each for each in reversed(path.parents) if each.name):
            if parent.is_symlink() or (parent.exists() and not parent.is_dir()):
                yield parent
        target = folder / path
        if target.is_symlink() or target.is_dir() or (target.exists() and not force):
            yield target


def _check_obstacles(obstacles: list[Path], *, force: bool) -> None:
    if obstacles:
        raise UsageError(
            f"nothing was written; already present: {', '.join(map(str, obstacles))}",
            "remove them; --force replaces neither links nor folders"
            if force
            else "choose another folder, or replace the files with --force",
        )


def _write_all(contents: dict[Path, str], folder: Path) -> None:
    """Drafts every file in full before it moves the first one into place."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sfnctl-", dir=folder) as drafts:
        for path, text in contents.items():
            draft = Path(drafts, path)
            draft.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(text, encoding="utf-8", newline="\n")
        for path in contents:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            Path(drafts, path).replace(folder / path)
