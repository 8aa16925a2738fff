"""The table of result types: the module of this package that shows each one."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.views.streams import Line


class Subject(Protocol):
    """What the module of a result type offers."""

    # The result as lines of text.
    def lines(self, result: object, /) -> Iterable[Line]: ...
    # The result as a JSON object, with its `type` first.
    def document(self, result: object, /) -> JsonObject: ...


SUBJECTS: Mapping[str, str] = {
    "Catalogue": "templates",
    "Environment": "environment",
    "Outcome": "outcome",
    "Plan": "plan",
    "Running": "local_cloud",
    "Scaffold": "scaffold",
    "Stale": "local_cloud",
    "Status": "status",
    "Stopped": "local_cloud",
    "ValidationReport": "report",
}
"""Names instead of types and modules, so that a command loads only the module it needs."""


def find_subject(result: object) -> Subject:
    """Import the module that shows this result."""
    return cast("Subject", import_module(f"{__package__}.{SUBJECTS[type(result).__name__]}"))
