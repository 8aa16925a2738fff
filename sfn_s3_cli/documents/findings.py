"""Findings: what is wrong or doubtful about a value, before its place in a file is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.errors import INVALID_CONFIG, Problem, Severity

if TYPE_CHECKING:
    from sfn_s3_cli.documents.places import Mark, ValuePath


class Finding(NamedTuple):
    """One thing to report about the value at `path`, and what to do about it."""

    code: str
    path: ValuePath
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    at_key: bool = False
    """Whether it is about the key more than about the value."""
    mark: Mark | None = None
    """Its place, if the path does not say it: the second of two equal keys, for example."""
    is_nameless: bool = False
    """Whether the key is not known yet, so that it could be any."""

    def locate(self, file: str, mark: Mark) -> Problem:
        """The problem that this finding is at a place in a file."""
        return Problem(self.code, self.severity, self.message, self.remedy, file, *mark)


def invalid_config(message: str, remedy: str = "", path: ValuePath = ()) -> Finding:
    """The finding that a file or a value in it cannot be read as what it should be."""
    return Finding(INVALID_CONFIG, path, message, remedy)
