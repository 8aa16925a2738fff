"""The warnings about permissions that a call may lack: they do not follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.permissions.calls import StateCall
    from sfn_s3_cli.asl.permissions.user_statements import UserStatements


def warn_about_missing(call: StateCall, user: UserStatements) -> Iterator[Finding]:
    """A warning for each gap that the user's statements do not fill."""
    for gap in call.integration.gaps:
        if all(each.is_met(call.arguments) for each in gap.when) and not user.allow_any(
            gap.covered_by
        ):
            yield Finding(
                "MISSING_PERMISSION",
                (*call.state.path, "Resource"),
                f"the state {describe(call.state.name)} may lack permissions, because {gap.reason}",
                gap.remedy,
                Severity.WARNING,
            )
