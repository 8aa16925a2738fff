"""The warnings about permissions that are wider than they could be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.arguments import UnknownParameter
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.asl.permissions.statements import Need, Permission, WideReason

_SHOWN = 3  # actions in a message


def warn_about_wide(state: State, needs: Iterable[Need]) -> Iterator[Finding]:
    """A warning for each reason why permissions of the state are wide."""
    permissions: dict[WideReason, set[Permission]] = {}
    for need in needs:
        for reason in need.reasons:
            permissions.setdefault(reason, set()).add(need.permission)
    for reason in sorted(permissions, key=str):
        actions = sorted({each.action for each in permissions[reason]})
        reach = _describe_reach({each.resource for each in permissions[reason]})
        shown = ", ".join(actions[:_SHOWN])
        more = f" and {len(actions) - _SHOWN} more" if len(actions) > _SHOWN else ""
        fix = f"{reason.remedy}, or " if isinstance(reason, UnknownParameter) else ""
        passing = " with a condition on `iam:PassedToService`" if "iam:PassRole" in actions else ""
        yield Finding(
            "WIDE_PERMISSION",
            (*state.path, "Resource") if "Resource" in state.value else state.path,
            f"the state {describe(state.name)} is allowed {shown}{more} on {reach},"
            f" because {reason}",
            f"{fix}allow {shown}{more} on specific resources under `role.statements`{passing}",
            Severity.WARNING,
        )


def _describe_reach(resources: Collection[str]) -> str:
    match [*resources]:
        case [str(arn)] if "*" not in arn:
            return f"{arn} without a condition"
        case [str(arn)] if arn != "*":
            return f"all of {arn}"
    return "any resource"
