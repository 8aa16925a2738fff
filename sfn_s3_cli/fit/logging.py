"""Checks whether the executions of an EXPRESS workflow can be watched: only its log has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.config.schema import StateMachine

FULL = "logging: {level: all, include_data: true}"


def check_logging(settings: StateMachine) -> Iterator[Finding]:
    """Find what an EXPRESS workflow does not log."""
    logging = settings.logging
    if settings.type != "express" or (logging.level == "all" and logging.include_data):
        return
    missing = "their inputs" if logging.level == "all" else "their starts and inputs"
    is_set = "logging" in settings.model_fields_set
    yield Finding(
        "EXPRESS_LOGGING",
        ("state_machine", "logging" if is_set else "type"),
        f"`watch-executions` reads EXPRESS executions from the log, and this is without {missing}",
        f"set `state_machine.{FULL}`",
        Severity.WARNING,
    )
