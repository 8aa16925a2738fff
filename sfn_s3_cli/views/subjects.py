"""The table of result types: the module of this package that shows each one."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.views.streams import Line


class ResultView(Protocol):
    """What the module of a result type offers."""

    # The result as lines of text.
    def lines(self, result: object, /) -> Iterable[Line]: ...
    # The result as a JSON object, with its `type` first.
    def document(self, result: object, /) -> JsonObject: ...


SUBJECTS: Mapping[str, str] = {
    "sfn_s3_cli.checks.report:ValidationReport": "report",
    "sfn_s3_cli.executions.details:ExecutionDetails": "history",
    "sfn_s3_cli.executions.summary:Summary": "summary",
    "sfn_s3_cli.graph.picture:Picture": "graph",
    "sfn_s3_cli.local.environment:Environment": "environment",
    "sfn_s3_cli.local.environment:NoEnvironment": "environment",
    "sfn_s3_cli.local.log:LogLine": "cloud_log",
    "sfn_s3_cli.local.process:Emptied": "local_cloud",
    "sfn_s3_cli.local.process:Forgotten": "local_cloud",
    "sfn_s3_cli.local.process:Running": "local_cloud",
    "sfn_s3_cli.local.process:Stale": "local_cloud",
    "sfn_s3_cli.local.process:Stopped": "local_cloud",
    "sfn_s3_cli.reconcile.outcome:Outcome": "outcome",
    "sfn_s3_cli.reconcile.status:Status": "status",
    "sfn_s3_cli.templates.catalogue:Catalogue": "templates",
    "sfn_s3_cli.templates.scaffold:Scaffold": "scaffold",
    "sfn_s3_cli.testing.first_cases:FirstCases": "first_cases",
    "sfn_s3_cli.testing.report:TestReport": "test_report",
}
"""Names instead of types and modules, so that a command loads only the module it needs."""


def find_subject(result: object) -> ResultView:
    """Import the module that shows this result."""
    type_ = type(result)
    name = SUBJECTS[f"{type_.__module__}:{type_.__qualname__}"]
    return cast("ResultView", import_module(f"{__package__}.{name}"))
