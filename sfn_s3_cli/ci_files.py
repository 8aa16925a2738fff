"""The file that makes CI plan and deploy a new pipeline: where it belongs, and what it names."""

from __future__ import annotations

import json
import os
import re
import shlex
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple


class Ci(StrEnum):
    GITHUB = "github"
    GITLAB = "gitlab"
    NONE = "none"


_SUMMARY = {
    Ci.GITHUB: "runs `plan` for pull requests and deploys `main`",
    Ci.GITLAB: "runs `plan` for merge requests and deploys the default branch",
}


_EVALUATED = {Ci.GITHUB: "${{", Ci.GITLAB: "$"}


class Repository(NamedTuple):
    """A git repository, or the folder that is to become one, and the pipeline's place in it."""

    root: Path
    folder: str
    """The pipeline's folder, counted from the root: `.` for the root itself."""
    exists: bool

    @property
    def ci(self) -> Ci:
        """What the repository uses already; GitHub if nothing tells."""
        return Ci.GITLAB if (self.root / ".gitlab-ci.yml").exists() else Ci.GITHUB


def find_repository(folder: Path) -> Repository:
    """The innermost git repository around a folder, which need not exist yet.

    Its root holds `.git`: a folder, or in a worktree or a submodule a file that names one.
    https://git-scm.com/docs/gitrepository-layout
    """
    place = folder.resolve()
    for root in (place, *place.parents):
        if _is_root(root):
            shown = root if folder.is_absolute() else Path(os.path.relpath(root))
            return Repository(shown, place.relative_to(root).as_posix(), exists=True)
    return Repository(folder, ".", exists=False)


def _is_root(folder: Path) -> bool:
    try:
        git = folder / ".git"
        return git.is_file() or (git / "HEAD").is_file()
    except OSError:
        return False


def find_path(ci: Ci, name: str) -> Path:
    """Where the file of a pipeline belongs, counted from the repository's root."""
    if ci is Ci.GITLAB:
        return Path(".gitlab", "ci", f"sfnctl-{name}.yml")
    return Path(".github", "workflows", f"sfnctl-{name}.yml")


def find_evaluated(ci: Ci, repository: Repository) -> str:
    """What the CI would evaluate in the name of the folder, as it would in its file; or nothing.

    https://docs.github.com/en/actions/concepts/workflows-and-actions/expressions
    https://docs.gitlab.com/ci/yaml/#ruleschanges
    """
    mark = _EVALUATED.get(ci, "")
    return mark if mark in repository.folder else ""


def summarize(ci: Ci, repository: Repository) -> str:
    """What the file does, and where it is."""
    root = "at the repository's root" if repository.exists else "this folder must be the repository"
    return f"{_SUMMARY[ci]}; {root}"


def fill_in(text: str, ci: Ci, name: str, repository: Repository) -> str:
    """Replace the placeholders of the CI file or of the README's section about it.

    At the root, the lines about the pipeline's folder are left out: any file may belong to it.
    """
    own = find_path(ci, name).as_posix()
    if repository.folder == ".":
        text = re.sub(r".*__(PATHS|FOLDER|CD)__.*\n", "", text)
        text = re.sub(r"\n{3,}", "\n\n", text)
    values = {
        "__PATHS__": _quote([f"{_escape(repository.folder, ci)}/{_ANYTHING[ci]}", own]),
        "__FOLDER__": _quote(repository.folder),
        "__CD__": _quote(f"cd {shlex.quote(repository.folder)}"),
        "__CI_FILE__": own,
        "__NAME__": name,
    }
    return re.sub("|".join(values), lambda found: values[found[0]], text)


def _quote(value: str | list[str]) -> str:
    """A value in YAML's flow style."""
    return json.dumps(value, ensure_ascii=False)


_ANYTHING = {Ci.GITHUB: "**", Ci.GITLAB: "**/*"}
_SPECIAL = {Ci.GITHUB: r"[*?+\[\]\\]|^!", Ci.GITLAB: r"[*?\[\]{}\\]"}


def _escape(folder: str, ci: Ci) -> str:
    """A pattern that matches this folder.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
    https://docs.gitlab.com/ci/yaml/#ruleschanges
    """
    return re.sub(_SPECIAL[ci], lambda found: "\\" + found[0], folder)
