"""The view for programs: JSON documents, one per line."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, TextIO

from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.views import call as call_view
from sfn_s3_cli.views import error as error_view
from sfn_s3_cli.views import execution as execution_view
from sfn_s3_cli.views import streams
from sfn_s3_cli.views.subjects import find_subject
from sfn_s3_cli.views.watch_report import report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sfn_s3_cli.aws.calls import ApiCall
    from sfn_s3_cli.errors import Problem, SfnctlError
    from sfn_s3_cli.executions.model import WatchEvent
    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.reconcile.outcome import Event
    from sfn_s3_cli.reconcile.plan import Plan
    from sfn_s3_cli.views.detail import Detail

VERSION = 1


class Json:
    """Writes one document for a result, and one for each execution that it follows."""

    def show(self, result: object) -> None:
        _write(sys.stdout, find_subject(result).document(result))

    def show_plan(self, plan: Plan, detail: Detail | None) -> None:  # noqa: ARG002
        from sfn_s3_cli.views import plan as plan_view  # noqa: PLC0415  (loads the engine)

        _write(sys.stdout, plan_view.document(plan))

    def announce(self, plan: Plan, detail: Detail | None) -> None:
        """Write nothing: the outcome includes the plan."""

    def warn(self, problems: Sequence[Problem]) -> None:
        """Write nothing: the plan includes the warnings."""

    def show_progress(self, event: Event) -> None:
        """Write nothing: the outcome includes the events."""

    def find_case_display(self) -> None:
        """Shows nothing: the report includes the cases."""

    def follow(self, events: Iterable[WatchEvent], detail: str) -> None:
        for event in self.report(events):
            if isinstance(event, Execution):
                _write(sys.stdout, execution_view.document(event, detail))

    def report(self, events: Iterable[WatchEvent]) -> Iterator[WatchEvent]:
        return report(events, self.remark)

    def emit(self, text: str) -> None:
        streams.write(sys.stdout, text + "\n")

    def remark(self, text: str) -> None:
        _write(sys.stderr, {"type": "remark", "text": text})

    def show_call(self, call: ApiCall) -> None:
        _write(sys.stderr, call_view.document(call))

    def show_error(self, error: SfnctlError) -> None:
        _write(sys.stderr, error_view.document(error))


def _write(stream: TextIO | None, document: JsonObject) -> None:
    streams.write(stream, json.dumps({"v": VERSION, **document}, default=str) + "\n")
