"""Which templates there are: those of sfnctl, and folders of the user's own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sfn_s3_cli.documents.wording import suggest
from sfn_s3_cli.errors import UsageError

if TYPE_CHECKING:
    from sfn_s3_cli.templates.questions import Question

QUESTIONS = "template.yaml"
"""The file that makes a folder a template: it declares the questions."""


@dataclass(frozen=True)
class Template:
    """A folder of files with placeholders such as `__NAME__` and `__BUCKET__`."""

    name: str
    summary: str
    folder: Path

    def read_questions(self) -> tuple[Question, ...]:
        """What it asks besides name, bucket and event source; ConfigError if it cannot be read."""
        from sfn_s3_cli.templates import questions  # noqa: PLC0415  (a list of names needs no YAML)

        return questions.read(self.folder)


@dataclass(frozen=True)
class Described:
    """A template with its questions."""

    template: Template
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Catalogue:
    """All templates, for `init --list`."""

    templates: tuple[Described, ...]


def list_templates() -> tuple[Template, ...]:
    """The templates of sfnctl, sorted by name. The README's line below the title is the summary."""
    folders = sorted(path for path in find_folder().glob("[!_.]*") if path.is_dir())
    return tuple(
        Template(path.name, read_text(path / "README.md").split("\n")[2], path) for path in folders
    )


def list_described() -> Catalogue:
    """The templates of sfnctl with their questions."""
    return Catalogue(tuple(Described(each, each.read_questions()) for each in list_templates()))


def find(name: str) -> Template:
    """The template of that name or, if it has a slash, in that folder; UsageError if none is."""
    if name in {".", ".."} or "/" in name or os.sep in name:
        return Template(name, "", _check_folder(Path(name)))
    templates = {template.name: template for template in list_templates()}
    if name not in templates:
        if Path(name).is_dir():
            remedy = f"a folder needs a slash: ./{name}"
        else:
            remedy = suggest(name, templates) or f"use one of {', '.join(templates)}"
        raise UsageError(f"the template {name!r} does not exist", remedy)
    return templates[name]


def _check_folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", "name the folder of a template")
    return folder


def find_folder() -> Path:
    """The folder of the templates: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


def read_text(path: Path) -> str:
    """The text of a file of sfnctl's own."""
    return path.read_text(encoding="utf-8")
