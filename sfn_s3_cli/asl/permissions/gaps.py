"""What calls may need that does not follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.grants import Gap
from sfn_s3_cli.asl.permissions.requirements import absent, given

if TYPE_CHECKING:
    from collections.abc import Mapping


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
"""By service and operation in lower case."""
