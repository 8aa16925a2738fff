"""What is wrong in files: as lines of text, as JSON, and as annotations of GitHub Actions."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.errors import INVALID_CONFIG, Problem, Severity
from sfn_s3_cli.views.escape import safe
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sfn_s3_cli.checks.report import Verdict

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def lines(problems: Iterable[Problem]) -> Iterator[Line]:
    """Each with its place, severity and id; the remedy indented below."""
    for each in problems:
        text = f"{each.location}: {each.severity}: {each.message} [{each.code}]"
        yield Line(safe(text), _STYLES[each.severity])
        yield from _remedy(each)


def plain(problems: Sequence[Problem]) -> Iterator[Line]:
    """The same where an error follows: what merely cannot be read needs neither severity nor id."""
    if any(each.code != INVALID_CONFIG for each in problems):
        yield from lines(problems)
        return
    for each in problems:
        yield Line(safe(f"{each.location}: {each.message}"), _STYLES[each.severity])
        yield from _remedy(each)


def _remedy(problem: Problem) -> Iterator[Line]:
    if problem.remedy:
        yield Line(f"    {safe(problem.remedy)}")


def verdict(verdict: Verdict) -> Iterator[Line]:
    """Every problem, and a line that sums them up."""
    yield from lines(verdict.problems)
    for each in verdict.not_checked:
        yield Line(safe(f"Not checked: {each}"), "dim")
    if verdict.is_valid:
        counted = "".join(f", {each}" for each in _counted(verdict.problems))
        yield Line(safe(f"{verdict.config} and {verdict.definition} are valid{counted}."))
        return
    has_errors = any(each.severity is Severity.ERROR for each in verdict.problems)
    strictly = "" if has_errors else ", an error with --strict"
    for file in dict.fromkeys(each.file for each in verdict.problems):
        mine = [each for each in verdict.problems if each.file == file]
        yield Line(safe(f"{file}: {', '.join(_counted(mine))}{strictly}"), "bold")


def _counted(problems: Iterable[Problem]) -> Iterator[str]:
    counts = Counter(each.severity for each in problems)
    for severity in Severity:
        if count := counts[severity]:
            yield f"{count} {severity}{'s' if count > 1 else ''}"


def document(problem: Problem) -> dict[str, Any]:
    """One problem for a program."""
    return problem._asdict()


def for_github(problems: Iterable[Problem]) -> Iterator[Line]:
    """What GitHub shows beside the line of a file.

    https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions; the runner
    looks for it in stdout and stderr alike.
    """
    for each in problems:
        about = {
            "file": in_repository(each.file),
            "line": each.line,
            "col": each.column,
            "title": each.code,
        }
        given = (f"{name}={_property(str(value))}" for name, value in about.items() if value)
        yield Line(f"::{each.severity} {','.join(given)}::{_data(sentences(each))}")


def sentences(problem: Problem) -> str:
    """The message and the remedy in one text."""
    remedy = problem.remedy[:1].upper() + problem.remedy[1:]
    return ". ".join(filter(None, [problem.message, remedy]))


def _data(text: str) -> str:
    return safe(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def in_repository(file: str) -> str:
    """The path from the repository's root, or from here where GitHub does not say what that is."""
    root = os.environ.get("GITHUB_WORKSPACE") or str(Path.cwd())
    path = os.path.relpath(file or os.curdir, root)
    return file if path.startswith("..") else path
