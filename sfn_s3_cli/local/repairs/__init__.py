"""Where the emulator differs from AWS in what sfnctl relies on, it is made to agree."""

from __future__ import annotations

from sfn_s3_cli.local.repairs import (
    cloudtrail,
    events,
    execution_logs,
    executions,
    s3,
    s3_integration,
    state_machines,
)

_PARTS = (cloudtrail, events, execution_logs, executions, s3, s3_integration, state_machines)


def install() -> None:
    """Repair the emulator in this process; once, before it serves."""
    for part in _PARTS:
        part.install()
