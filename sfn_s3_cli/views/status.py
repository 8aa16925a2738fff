"""The state of a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.views import execution
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.reconcile.status import Status
    from sfn_s3_cli.views import JsonObject

_STYLES = {"ok": "green", "missing": "red", "not ours": "red"}


def lines(status: Status) -> Iterator[Line]:
    for row in status.rows:
        detail = f"  {escape(row.detail)}" if row.detail else ""
        text = f"{row.state:<9} {row.address.kind:<19} {escape(row.address.name)}{detail}"
        yield Line(text, _STYLES.get(row.state, "yellow"))
    if status.dead_letters is not None:
        yield Line(f"Dead letters: {status.dead_letters}")
    if status.executions is None:
        yield Line("Executions: AWS lists none of EXPRESS; `logging: {level: all}` logs them")
    elif not status.executions:
        yield Line("Executions: none yet")
    for each in status.executions or ():
        yield execution.format_line(each, "summary")


def document(status: Status) -> JsonObject:
    executions = status.executions
    return {
        "type": "status",
        "resources": [
            {**row.address._asdict(), "state": row.state, "detail": row.detail}
            for row in status.rows
        ],
        "dead_letters": status.dead_letters,
        "executions": executions
        if executions is None
        else [execution.document(each, "summary") for each in executions],
    }
