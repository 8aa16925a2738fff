"""The warnings about permissions that a call may need, but that do not follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.grants import Gap
from sfn_s3_cli.asl.permissions.requirements import absent, given
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.asl.permissions.calls import StateCall
    from sfn_s3_cli.asl.permissions.user_statements import UserStatements


def _use_role_of_workflow(parameter: str, who: str, what: str) -> Gap:
    shown = parameter.partition("[")[0]
    return Gap(
        absent(parameter),
        f"without `{shown}` {who} uses the role of the workflow",
        f"name a role in `{shown}`, or allow what {what} needs under `role.statements`",
    )


# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
_OF_STACK = _use_role_of_workflow("RoleARN", "CloudFormation", "the stack")
# https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/security.html
_OF_RESOURCE = _use_role_of_workflow("RoleArn", "Cloud Control API", "the resource")
_OF_RUNBOOK = _use_role_of_workflow(
    "Parameters.AutomationAssumeRole[]", "the runbook", "the runbook"
)
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permissions-for-launch-templates.html
_OF_TEMPLATE = Gap(
    given(
        "LaunchTemplate|MixedInstancesPolicy|LaunchTemplateConfigs[].LaunchTemplateSpecification"
    ),
    "the launch template may pass a role, use a key or have tags",
    "allow what it needs, such as `iam:PassRole`, under `role.statements`",
)
GAPS: Mapping[str, Gap] = {
    **dict.fromkeys(
        (
            f"cloudformation:{each}"
            for each in ("createchangeset", "createstack", "deletestack", "updatestack")
        ),
        _OF_STACK,
    ),
    **dict.fromkeys(
        (
            f"cloudcontrol:{verb}{noun}"
            for verb, noun in (
                ("create", "resource"),
                ("delete", "resource"),
                ("get", "resource"),
                ("list", "resources"),
                ("update", "resource"),
            )
        ),
        _OF_RESOURCE,
    ),
    **dict.fromkeys(("ec2:createfleet", "ec2:runinstances"), _OF_TEMPLATE),
    **dict.fromkeys(
        ("autoscaling:createautoscalinggroup", "autoscaling:updateautoscalinggroup"), _OF_TEMPLATE
    ),
    "ssm:startautomationexecution": _OF_RUNBOOK,
}
"""What calls may need besides, by service and operation in lower case."""


def warn_about_gaps(call: StateCall, user: UserStatements) -> Iterator[Finding]:
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
