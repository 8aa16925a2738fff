"""A parsed file: its values, and the line and column where each of them begins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.places import Mark, ValuePath
from sfn_s3_cli.errors import ConfigError, Problem

MOST_FINDINGS = 100
"""An error shows only the first of the file."""


class LocatedDocument(NamedTuple):
    """The content of a file, where each value and each key begins, and what is wrong with it."""

    file: str
    value: Any
    values: dict[ValuePath, Mark]
    keys: dict[ValuePath, Mark]
    findings: list[Finding]

    def mark(self, path: ValuePath, *, at_key: bool = False) -> Mark:
        """Where the value (or its key) begins; if there is none, the nearest one around it."""
        while path not in self.values and path:
            path = path[:-1]
        mark = self.keys.get(path) if at_key else None
        return mark or self.values.get(path, Mark(1, 1))

    def problem(self, finding: Finding) -> Problem:
        """The finding with its place in this file."""
        return finding.locate(self.file, self._mark_of(finding))

    def problems(self, findings: Iterable[Finding]) -> list[Problem]:
        """The findings with their places, in file order."""
        return [self.problem(each) for each in sorted(findings, key=self._mark_of)]

    def error(self, findings: Iterable[Finding]) -> ConfigError:
        """One error with all the findings, in file order."""
        return ConfigError(self.problems(findings)[:MOST_FINDINGS])

    def _mark_of(self, finding: Finding) -> Mark:
        return finding.mark or self.mark(finding.path, at_key=finding.at_key)


def exclude_nested(findings: Iterable[Finding], known: Iterable[Finding]) -> list[Finding]:
    """The findings, except those about or inside a value that a known finding is about."""
    paths = {each.path for each in known}
    return [
        each
        for each in findings
        if not any(each.path[:length] in paths for length in range(len(each.path) + 1))
    ]
