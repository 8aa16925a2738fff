"""Templates: the files of a new pipeline, and how they come into a folder."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sfn_s3_cli.config import patterns
from sfn_s3_cli.documents.wording import meant
from sfn_s3_cli.errors import ConfigError, SfnctlError, UsageError, unreadable

SCHEMA = Path("sfnctl.schema.json")


@dataclass(frozen=True)
class Template:
    """A folder of files in which `__NAME__` and `__BUCKET__` stand for the values."""

    name: str
    summary: str


@dataclass(frozen=True)
class Catalogue:
    """The templates there are."""

    templates: tuple[Template, ...]


class Values(NamedTuple):
    """What a pipeline is made with."""

    name: str
    bucket: str


@dataclass(frozen=True)
class Scaffold:
    """What was written, and into which folder."""

    folder: Path
    written: tuple[Path, ...]


def available() -> tuple[Template, ...]:
    """All templates, by name. A template's summary is the line below its README's title."""
    folders = sorted(path for path in _home().iterdir() if path.is_dir())
    return tuple(Template(path.name, _text(path / "README.md").split("\n")[2]) for path in folders)


def find(name: str) -> Template:
    """The template of that name; UsageError when there is none."""
    templates = {template.name: template for template in available()}
    if name not in templates:
        remedy = meant(name, templates) or f"possible are {', '.join(templates)}"
        raise UsageError(f"there is no template {name!r}", remedy)
    return templates[name]


def default_name(folder: Path) -> str | None:
    """The folder's own name, if a pipeline may have it."""
    name = folder.resolve().name
    return name if re.fullmatch(patterns.NAME, name) else None


def write(template: Template, folder: Path, values: Values, *, force: bool) -> Scaffold:
    """The template's files and the config's schema, written into the folder.

    Nothing is written when the config would not accept a value (ConfigError) or something is in
    the way (UsageError). Files are replaced with `force`; links are never followed and folders
    never replaced. SfnctlError when the disk is full, for instance: no file is half-written then.
    """
    _check(values)
    contents = _contents(template, values)
    try:
        _refuse(list(_obstacles(folder, contents, force=force)), force=force)
        _place(contents, folder)
    except OSError as error:
        place = error.filename or folder
        raise SfnctlError(f"{place} cannot be written: {error.strerror}") from None
    return Scaffold(folder, tuple(folder / path for path in contents))


def _home() -> Path:
    """Inside the package when it was installed from a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _check(values: Values) -> None:
    from pydantic import ValidationError  # noqa: PLC0415  (only writing needs all of the config)

    from sfn_s3_cli.config import schema, schema_errors  # noqa: PLC0415  (as above)
    from sfn_s3_cli.documents.document import Document  # noqa: PLC0415  (as above)

    config = {**values._asdict(), "state_machine": {"definition": "-"}}
    try:
        schema.Pipeline.model_validate(config)
    except ValidationError as error:
        nowhere = Document("", config, {}, {}, [])
        faults = [schema_errors.fault(each, nowhere) for each in error.errors(include_url=False)]
        found = [unreadable(f"--{fault.path[0]}", *fault.complaint) for fault in faults]
        raise ConfigError(found) from None


def _contents(template: Template, values: Values) -> dict[Path, str]:
    from sfn_s3_cli.config.schema import json_schema  # noqa: PLC0415  (as above)

    home = _home() / template.name
    files = sorted(path for path in home.rglob("*") if path.is_file())
    contents = {path.relative_to(home): _filled(_text(path), values) for path in files}
    return {**contents, SCHEMA: json.dumps(json_schema(), indent=2) + "\n"}


def _filled(text: str, values: Values) -> str:
    return text.replace("__NAME__", values.name).replace("__BUCKET__", values.bucket)


def _obstacles(folder: Path, paths: Iterable[Path], *, force: bool) -> Iterator[Path]:
    for path in paths:
        for parent in (folder / each for each in reversed(path.parents) if each.name):
            if parent.is_symlink() or (parent.exists() and not parent.is_dir()):
                yield parent
        target = folder / path
        if target.is_symlink() or target.is_dir() or (target.exists() and not force):
            yield target


def _refuse(obstacles: list[Path], *, force: bool) -> None:
    if obstacles:
        raise UsageError(
            f"nothing was written: in the way are {', '.join(map(str, obstacles))}",
            "remove them; --force replaces neither links nor folders"
            if force
            else "choose another folder, or replace the files with --force",
        )


def _place(contents: dict[Path, str], folder: Path) -> None:
    """Every file is drafted in full before the first one is moved to its place."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sfnctl-", dir=folder) as drafts:
        for path, text in contents.items():
            draft = Path(drafts, path)
            draft.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(text, encoding="utf-8", newline="\n")
        for path in contents:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            Path(drafts, path).replace(folder / path)
