"""Histories as AWS writes them, from one short line for each event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sfn_s3_cli.executions.steps import HistoryEvent

START = datetime(2026, 1, 2, 12, tzinfo=UTC)


def make_events(*lines: tuple[Any, ...]) -> list[HistoryEvent]:
    """Each line is the previous id, the type and the details; an event takes a second."""
    return [
        HistoryEvent(number, line[0], line[1], START + timedelta(seconds=number - 1), {**details})
        for number, line in enumerate(lines, 1)
        for details in [line[2] if len(line) > 2 else {}]
    ]


def state(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, **more}
