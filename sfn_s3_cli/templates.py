"""Templates: the files of a new pipeline, and writing them into a folder."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sfn_s3_cli import ci_files
from sfn_s3_cli.ci_files import Ci, Repository
from sfn_s3_cli.config import patterns
from sfn_s3_cli.documents.wording import suggest
from sfn_s3_cli.errors import ConfigError, SfnctlError, UsageError, unreadable
from sfn_s3_cli.events import SOURCES, cloudtrail

SCHEMA = Path("sfnctl.schema.json")
_CREATED = re.compile(
    r'^(# deploy creates the bucket\b.*\n)?bucket: \{name: "__BUCKET__", create: true\}',
    re.MULTILINE,
)
"""The lines of a config that make deploy create the bucket."""


@dataclass(frozen=True)
class Template:
    """A folder of files with placeholders such as `__NAME__` and `__BUCKET__`."""

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
    via: str = cloudtrail.VIA
    needs_trail: bool = True
    """Whether a trail has to be made or joined; otherwise one of others logs the events."""
    creates_bucket: bool = True


@dataclass(frozen=True)
class Scaffold:
    """The files that were written, and their folder."""

    folder: Path
    written: tuple[Path, ...]
    ci: Ci
    ci_file: Path | None
    """The file for CI, counted from the repository's root."""
    creates_bucket: bool = True
    left: tuple[Path, ...] = ()
    """Files of this pipeline for CI that were there before and that this run did not write."""


class _File(NamedTuple):
    """A file to write, into a folder that has to be there."""

    folder: Path
    path: Path
    text: str
    is_for_ci: bool = False

    @property
    def target(self) -> Path:
        return self.folder / self.path


def list_templates() -> tuple[Template, ...]:
    """All templates, sorted by name. The summary is the line below the title of the README."""
    folders = sorted(path for path in _templates_folder().glob("[!_.]*") if path.is_dir())
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


def write(
    template: Template, folder: Path, values: Values, *, ci: Ci = Ci.GITHUB, force: bool = False
) -> Scaffold:
    """Writes the template's files and the JSON Schema of the config into the folder.

    The file for CI belongs to the root of the git repository around the folder, or to the folder
    itself if there is none.

    Writes nothing if the config does not accept a value (ConfigError), or if a file already exists
    or CI would evaluate the folder's name (UsageError). `force` replaces files; links are never
    followed and folders never replaced.
    SfnctlError if the disk is full, for example; no file is half-written then.
    """
    check({"name": values.name, "bucket": values.bucket, "via": values.via})
    repository = ci_files.find_repository(folder)
    if mark := ci_files.find_evaluated(ci, repository):
        raise UsageError(
            f"the folder {repository.folder!r} has {mark} in its name, which {ci} would evaluate",
            f"choose another folder, or leave out the file for {ci} with --ci none",
        )
    files = [
        *_list_ci_files(ci, values, repository),
        *_list_files(template, ci, values, repository, folder),
    ]
    try:
        _check_obstacles(files, force=force)
        _write_all(files)
    except OSError as error:
        place = error.filename or folder
        raise SfnctlError(f"{place} cannot be written: {error.strerror}") from None
    ci_file = None if ci is Ci.NONE else ci_files.find_path(ci, values.name)
    left = tuple(_find_left(ci, values.name, repository))
    return Scaffold(
        folder, tuple(each.target for each in files), ci, ci_file, values.creates_bucket, left
    )


def _templates_folder() -> Path:
    """The folder of the templates: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


_OPTIONS = {"trigger": "via"}
"""The options whose key of the config has another name."""


def check(values: Mapping[str, str]) -> None:
    """ConfigError if the config does not accept one of these values of placeholders."""
    from pydantic import ValidationError  # noqa: PLC0415  (only writing needs all of the config)

    from sfn_s3_cli.config import schema, schema_errors  # noqa: PLC0415  (as above)

    given = {"name": "example", "bucket": "example", "via": cloudtrail.VIA, **values}
    via = given.pop("via")
    config = {**given, "trigger": {"via": via}, "state_machine": {"definition": "-"}}
    try:
        schema.Pipeline.model_validate(config)
    except ValidationError as error:
        findings = schema_errors.translate_all(error.errors(include_url=False))
        raise ConfigError(
            [
                unreadable(
                    f"--{_OPTIONS.get(str(each.path[0]), each.path[0])}", each.message, each.remedy
                )
                for each in findings
            ]
        ) from None


def _list_ci_files(ci: Ci, values: Values, repository: Repository) -> Iterator[_File]:
    if ci is not Ci.NONE:
        text = _read(_templates_folder() / "_ci" / f"{ci}.yml")
        path = ci_files.find_path(ci, values.name)
        text = ci_files.fill_in(text, ci, values.name, repository)
        yield _File(repository.root, path, text, is_for_ci=True)


def _find_left(ci: Ci, name: str, repository: Repository) -> Iterator[Path]:
    for each in Ci:
        if each not in {ci, Ci.NONE}:
            path = repository.root / ci_files.find_path(each, name)
            if path.exists():
                yield path


def _list_files(
    template: Template, ci: Ci, values: Values, repository: Repository, folder: Path
) -> Iterator[_File]:
    from sfn_s3_cli.config.schema import json_schema  # noqa: PLC0415  (as above)

    home = _templates_folder() / template.name
    for path in sorted(path for path in home.rglob("*") if path.is_file()):
        text = _fill_in_ci(_read(path), ci, values.name, repository)
        yield _File(folder, path.relative_to(home), _fill_in(text, values))
    yield _File(folder, SCHEMA, json.dumps(json_schema(), indent=2) + "\n")


def _fill_in(text: str, values: Values) -> str:
    sources = sorted(SOURCES, key=lambda via: via != values.via)  # the chosen one first
    lines = [f"via: {via:<17}# {SOURCES[via].SUMMARY}" for via in sources]
    via = "\n  # ".join([lines[0], *(each.replace("  #", "#", 1) for each in lines[1:])])
    if not values.needs_trail:
        via += "\n  trail: none          # a trail of others logs the uploads already"
    if not values.creates_bucket:
        text = _CREATED.sub('bucket: "__BUCKET__"', text)
    text = text.replace("__VIA__", via)
    return text.replace("__NAME__", values.name).replace("__BUCKET__", values.bucket)


def _fill_in_ci(text: str, ci: Ci, name: str, repository: Repository) -> str:
    """Replace the placeholders of the README about CI; without CI, remove their lines."""
    if ci is Ci.NONE:
        return re.sub(r"\n.*__CI_\w+__.*", "", text).rstrip("\n") + "\n"
    section = _read(_templates_folder() / "_ci" / f"{ci}.md").rstrip("\n")
    summary = ci_files.summarize(ci, repository)
    text = text.replace("__CI_SECTION__", section).replace("__CI_SUMMARY__", summary)
    return ci_files.fill_in(text, ci, name, repository)


def _check_obstacles(files: list[_File], *, force: bool) -> None:
    obstacles = {each: [*_find_obstacles(each, force=force)] for each in files}
    found = dict.fromkeys(path for paths in obstacles.values() for path in paths)
    if not found:
        return
    if force:
        remedy = "remove them; --force replaces neither links nor folders"
    elif all(each.is_for_ci for each, paths in obstacles.items() if paths):
        remedy = "choose another --name, pass --ci none, or replace the file with --force"
    else:
        remedy = "choose another folder, or replace the files with --force"
    raise UsageError(f"nothing was written; already present: {', '.join(map(str, found))}", remedy)


def _find_obstacles(file: _File, *, force: bool) -> Iterator[Path]:
    for parent in (file.folder / each for each in reversed(file.path.parents) if each.name):
        if parent.is_symlink() or (parent.exists() and not parent.is_dir()):
            yield parent
    target = file.target
    if target.is_symlink() or target.is_dir() or (target.exists() and not force):
        yield target


def _write_all(files: list[_File]) -> None:
    """Drafts every file in full, on the disk of its folder, before it moves the first one."""
    with ExitStack() as stack:
        folders = dict.fromkeys(each.folder for each in files)
        places = {each: _make_temporary_folder(each, stack) for each in folders}
        drafts = [places[each.folder] / str(number) for number, each in enumerate(files)]
        for draft, file in zip(drafts, files, strict=True):
            draft.write_text(file.text, encoding="utf-8", newline="\n")
        for draft, file in zip(drafts, files, strict=True):
            file.target.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(file.target)


def _make_temporary_folder(folder: Path, stack: ExitStack) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    inside = tempfile.TemporaryDirectory(prefix=".sfnctl-", dir=folder)
    return Path(stack.enter_context(inside))
