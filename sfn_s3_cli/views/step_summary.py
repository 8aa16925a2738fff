"""Failed executions in the summary of a job of GitHub Actions: a table with a row for each.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sfn_s3_cli.views.cells import shorten
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.execution import describe_status, make_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sfn_s3_cli.executions.model import Execution

MAX_BYTES = 1_000_000
"""GitHub shows no summary of more than 1 MiB."""
_LONGEST = 300
_HEADER = "\n| status | object | execution | cause |\n|---|---|---|---|\n"
_FULL = "\nMore executions failed than this summary has room for.\n"


class StepSummary:
    """Appends to the file that GitHub names; without one it does nothing."""

    def __init__(self, environ: Mapping[str, str], remark: Callable[[str], None]) -> None:
        name = environ.get("GITHUB_STEP_SUMMARY")
        self._path = Path(name) if name else None
        self._remark = remark
        self._header = _HEADER

    def add(self, execution: Execution) -> None:
        """Add a row. What cannot be written is said once, and does not end the watch."""
        if self._path is None:
            return
        columns = make_columns(execution, "summary")
        subject = "" if execution.input is None else columns.object
        cells = (describe_status(execution), subject, columns.name, execution.cause or "")
        row = self._header + f"| {' | '.join(map(_write_cell, cells))} |\n"
        self._header = ""
        try:
            size = self._path.stat().st_size if self._path.exists() else 0
            is_full = size + len(row.encode()) + len(_FULL) > MAX_BYTES
            with self._path.open("a", encoding="utf-8") as file:
                file.write(_FULL if is_full else row)
        except OSError as error:
            self._remark(f"cannot write the summary to {self._path}: {error.strerror}")
            is_full = True
        if is_full:
            self._path = None


def _write_cell(text: str) -> str:
    r"""Write text in which Markdown finds nothing to format.

    >>> print(_write_cell("a|b <img> *c*"))
    a\|b \<img\> \*c\*
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", shorten(escape(text), _LONGEST))
