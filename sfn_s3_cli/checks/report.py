"""The report that `sfnctl validate` shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from sfn_s3_cli.errors import Problem


@dataclass(frozen=True)
class ValidationReport:
    """The problems of a config and its definition, and what was not checked, with the reason."""

    config: Path
    definition: Path | None
    """None if the config does not say it."""
    problems: tuple[Problem, ...]
    not_checked: tuple[str, ...] = ()
    is_strict: bool = False
    """Whether warnings are treated as errors."""

    @property
    def is_valid(self) -> bool:
        errors = set(Severity) if self.is_strict else {Severity.ERROR}
        return not any(each.severity in errors for each in self.problems)
