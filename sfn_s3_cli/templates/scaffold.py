"""Writes the files of a new pipeline into a folder."""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli import ci_files
from sfn_s3_cli.ci_files import Ci, Repository
from sfn_s3_cli.config import patterns
from sfn_s3_cli.errors import ConfigError, SfnctlError, UsageError, problems_in, unreadable
from sfn_s3_cli.events import cloudtrail
from sfn_s3_cli.templates import catalogue

if TYPE_CHECKING:
    from sfn_s3_cli.templates.catalogue import Template

SCHEMA = Path("sfnctl.schema.json")


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
    content: bytes
    is_for_ci: bool = False

    @property
    def target(self) -> Path:
        return self.folder / self.path


def default_name(folder: Path) -> str | None:
    """The folder's own name, if a pipeline may have it."""
    name = folder.resolve().name
    return name if re.fullmatch(patterns.NAME, name) else None


def write(
    template: Template,
    folder: Path,
    values: Values,
    *,
    answers: Mapping[str, str] | None = None,
    ci: Ci = Ci.GITHUB,
    force: bool = False,
) -> Scaffold:
    """Writes the template's files and the JSON Schema of the config into the folder.

    The file for CI belongs to the root of the git repository around the folder, or to the folder
    itself if there is none.

    Writes nothing if the config or the template does not accept a value, or if the template holds
    what it may not (ConfigError), or if a file already exists or CI would evaluate the folder's
    name (UsageError). `force` replaces files; links are never followed and folders never replaced.
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
        *_list_files(template, ci, values, answers or {}, repository, folder),
    ]
    _check_targets(files)
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
            ],
            "options",
        ) from None


def _list_ci_files(ci: Ci, values: Values, repository: Repository) -> Iterator[_File]:
    if ci is not Ci.NONE:
        text = catalogue.read_text(catalogue.find_folder() / "_ci" / f"{ci}.yml")
        path = ci_files.find_path(ci, values.name)
        text = ci_files.fill_in(text, ci, values.name, repository)
        yield _File(repository.root, path, text.encode(), is_for_ci=True)


def _find_left(ci: Ci, name: str, repository: Repository) -> Iterator[Path]:
    for each in Ci:
        if each not in {ci, Ci.NONE}:
            path = repository.root / ci_files.find_path(each, name)
            if path.exists():
                yield path


def _list_files(
    template: Template,
    ci: Ci,
    values: Values,
    answers: Mapping[str, str],
    repository: Repository,
    folder: Path,
) -> Iterator[_File]:
    from sfn_s3_cli.config.schema import json_schema  # noqa: PLC0415  (as above)
    from sfn_s3_cli.templates import filling, questions  # noqa: PLC0415  (as above)

    known = {"name": values.name, "bucket": values.bucket}
    asked = template.read_questions()
    chosen = questions.choose(asked, answers, known)
    about_ci = filling.AboutCi(ci, values.name, repository)
    with problems_in("template"):
        filled = [*filling.fill_files(template, asked, known | chosen, values, about_ci)]
    for path, content in filled:
        if Path(path) != SCHEMA:
            yield _File(folder, Path(path), content)
    yield _File(folder, SCHEMA, (json.dumps(json_schema(), indent=2) + "\n").encode())


def _check_targets(files: list[_File]) -> None:
    """UsageError if two files of the template, or it and the file for CI, are one."""
    counts = Counter(each.target for each in files)
    if twice := [str(target) for target, count in counts.items() if count > 1]:
        remedy = "rename one of them, or pass --ci none if it is the file for CI"
        raise UsageError(f"nothing was written; two files would be {', '.join(twice)}", remedy)


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
            draft.write_bytes(file.content)
        for draft, file in zip(drafts, files, strict=True):
            file.target.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(file.target)


def _make_temporary_folder(folder: Path, stack: ExitStack) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    inside = tempfile.TemporaryDirectory(prefix=".sfnctl-", dir=folder)
    return Path(stack.enter_context(inside))
