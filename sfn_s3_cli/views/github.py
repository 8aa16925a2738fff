"""Annotations of GitHub Actions: problems, beside the line of the file, and failed executions.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.execution import describe_status, make_columns
from sfn_s3_cli.views.problems import join_sentences
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sfn_s3_cli.errors import Problem
    from sfn_s3_cli.executions.model import Execution


def is_actions() -> bool:
    """Whether this is a run of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def lines(problems: Iterable[Problem]) -> Iterator[Line]:
    """Write a workflow command for each problem. The runner reads stdout and stderr alike."""
    for each in problems:
        properties = {
            "file": find_repository_path(each.file),
            "line": each.line,
            "col": each.column,
            "title": each.code,
        }
        pairs = (
            f"{name}={_escape_property(str(value))}" for name, value in properties.items() if value
        )
        text = _escape_data(join_sentences(each))
        yield Line(f"::{each.severity} {','.join(pairs)}::{text}", is_verbatim=True)


def failure_lines(execution: Execution) -> Iterator[Line]:
    """Write a workflow command for a failed execution; GitHub shows the first ten of a step."""
    columns = make_columns(execution, "summary")
    text = f"execution {columns.name}"
    if execution.input is not None:
        text = f"{columns.object}, {text}"
    if execution.cause:
        text += f": {escape(execution.cause)}"
    title = _escape_property(describe_status(execution))
    yield Line(f"::error title={title}::{_escape_data(text)}", is_verbatim=True)


def _escape_data(text: str) -> str:
    return escape(text).replace("%", "%25")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


def find_repository_path(file: str) -> str:
    """Return the path relative to the repository, or outside of Actions to the current folder."""
    root = os.environ.get("GITHUB_WORKSPACE") or str(Path.cwd())
    path = os.path.relpath(file or os.curdir, root)
    return file if path.startswith("..") else path
