"""Evaluates whether a resource's policy allows an AWS service to do something."""

from __future__ import annotations

from collections.abc import Mapping

from sfn_s3_cli.local.internals import IAM, RESPONSES


def allows(
    policy: str | None, service: str, action: str, resource: str, conditions: Mapping[str, str]
) -> bool:
    """Whether `policy` allows `service` (`events.amazonaws.com`) the action on the resource.

    `conditions` are the condition keys of the call, in lower case. Without a policy nothing is
    allowed.
    """
    context = IAM["EvalContext"](
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action=action,
        resource_arn=resource,
        region=RESPONSES["get_region"](),
        secure_transport=True,  # AWS's services use TLS to call each other
        service_context=dict(conditions),
    )
    result = IAM["evaluate_resource_policy"](policy, context, service=service)
    return bool(result.decision == "Allow")
