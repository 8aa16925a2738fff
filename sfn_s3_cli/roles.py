"""The two roles of a pipeline: who may take them on, and what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.aws import policies
from sfn_s3_cli.resources.role import Role

if TYPE_CHECKING:
    from sfn_s3_cli.aws.policies import Document
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.names import Names


def events_role(pipeline: Pipeline, names: Names, own: dict[str, str]) -> Role:
    """Lets our rule, and nothing else, start our state machine."""
    role, place = pipeline.state_machine.role, names.place
    return Role(
        name=names.events_role,
        path=role.path,
        trust=policies.assumable_by(
            "events.amazonaws.com",
            account=place.account,
            source_arn=names.rule_arn if role.trust_conditions else None,
        ),
        policy=policies.document(
            {
                "Sid": "StartExecution",
                "Effect": "Allow",
                "Action": "states:StartExecution",
                "Resource": [names.state_machine_arn, names.alias_arn],
            }
        ),
        boundary=role.boundary,
        tags=own,
    )


def states_role(pipeline: Pipeline, names: Names, own: dict[str, str]) -> Role:
    """Lets the state machine do what the config says, log and trace."""
    role, place = pipeline.state_machine.role, names.place
    statements = list(role.statements)
    if pipeline.state_machine.logging.level != "off":
        statements.append(_LOG_DELIVERY)
    if pipeline.state_machine.tracing:
        statements.append(_TRACING)
    machine = names.state_machine_arn
    return Role(
        name=names.states_role,
        path=role.path,
        trust=policies.assumable_by(
            "states.amazonaws.com",
            account=place.account,
            # Executions of versions and of map runs come with longer ARNs.
            source_arn=f"{machine}*" if role.trust_conditions else None,
        ),
        policy=policies.document(*statements) if statements else None,
        boundary=role.boundary,
        tags=own,
    )


# Neither set of actions knows resources: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
_LOG_DELIVERY: Document = {
    "Sid": "SfnctlLogDelivery",
    "Effect": "Allow",
    "Action": [
        "logs:CreateLogDelivery",
        "logs:CreateLogStream",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutLogEvents",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
    ],
    "Resource": "*",
}
# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html
_TRACING: Document = {
    "Sid": "SfnctlTracing",
    "Effect": "Allow",
    "Action": [
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ],
    "Resource": "*",
}
