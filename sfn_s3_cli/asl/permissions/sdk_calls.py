"""The permissions of `aws-sdk` calls: they follow a rule, with special cases and extras."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.extra_grants import EXTRA_GRANTS, EXTRA_GRANTS_OF_SERVICES
from sfn_s3_cli.asl.permissions.gaps import GAPS
from sfn_s3_cli.asl.permissions.grants import (
    ConditionTemplate,
    Grant,
    Integration,
    pass_instance_profile_role,
)
from sfn_s3_cli.asl.permissions.integrations import INTEGRATIONS
from sfn_s3_cli.asl.permissions.keys import grant_on_key, use_named_keys
from sfn_s3_cli.asl.permissions.notation import parse_templates
from sfn_s3_cli.asl.permissions.requirements import given
from sfn_s3_cli.asl.permissions.sdk_operations import find_service
from sfn_s3_cli.asl.permissions.sdk_resources import RESOURCES
from sfn_s3_cli.asl.permissions.sdk_special_cases import SPECIAL_CASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.resource import ServiceCall
    from sfn_s3_cli.asl.permissions.requirements import Requirements
    from sfn_s3_cli.asl.permissions.sdk_operations import Operation

_UNNAMED = "no parameter names the resource"
_TAGS = ("Tags", "TagList", "TagSpecifications")
# Optimised integrations have the same parameters. Some have other names in the SDK.
_OPTIMISED = {name.lower(): row for name, row in INTEGRATIONS.items()}
_OPTIMISED_NAMES = {"emr:runjobflow": "elasticmapreduce:createcluster"}
_OPTIMISED_SERVICES = {
    "emrcontainers": "emr-containers",
    "emrserverless": "emr-serverless",
    "eventbridge": "events",
    "sfn": "states",
}
_OTHER_RECIPIENTS = {
    # https://docs.aws.amazon.com/batch/latest/userguide/execution-IAM-role.html
    "batch": ("ecs-tasks", "spotfleet"),
    # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    "ec2": ("spotfleet", "vpc-flow-logs"),
    # https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cognito-auth.html
    "es": ("*opensearch*",),
    "mediapackage-vod": ("mediapackage",),
    # https://docs.aws.amazon.com/pinpoint/latest/developerguide/permissions-import-segment.html
    "mobiletargeting": ("pinpoint",),
    "snowball": ("importexport",),
    "ssm-quicksetup": ("cloudformation", "ssm"),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_Roles.html
    "synthetics": ("lambda",),
}
"""Services that receive a role without having the prefix in their names."""
_SAME_OPERATIONS = {
    "elasticmapreduce:createcluster": "emr:runjobflow",
    "elasticmapreduce:addstep": "emr:addjobflowsteps",
    **{
        name: f"{service}:{name.partition(':')[2]}"
        for service, optimised in _OPTIMISED_SERVICES.items()
        for name in _OPTIMISED
        if name.partition(":")[0] == optimised
    },
}
"""Operations of the SDK with the parameters of optimised integrations, if their names differ."""


@cache
def find_integration(call: ServiceCall) -> Integration | None:
    """What a call needs; None when the operation or its permissions are unknown."""
    service = find_service(call.service)
    operation = service.operations.get(call.operation.lower()) if service else None
    if not service or not operation:
        return None
    row = SPECIAL_CASES.get(call.key) or _find_optimised(call)
    if not row and operation.action:
        row = _apply_rule(service.prefix, operation)
    if not row:
        return None
    name = call.key.partition(":")[0]
    extra = (*EXTRA_GRANTS.get(call.key, ()), *EXTRA_GRANTS_OF_SERVICES.get(name, ()))
    keys = use_named_keys(call.key, service.prefix, operation.key_parameters)
    gaps = (*row.gaps, GAPS[call.key]) if call.key in GAPS else row.gaps
    return row._replace(grants=(*row.grants, *extra, *keys), gaps=gaps)


@cache
def find_optimised_integration(name: str) -> Integration | None:
    """What a call of an optimised integration needs; None when it is unknown."""
    row = INTEGRATIONS.get(name)
    known = _SAME_OPERATIONS.get(name.lower(), name.lower())
    service_name, _, operation_name = known.partition(":")
    service = find_service(service_name)
    operation = service.operations.get(operation_name) if service else None
    if not row or not service or not operation:
        return row
    keys = use_named_keys(known, service.prefix, operation.key_parameters)
    return row._replace(grants=(*row.grants, *keys))


def _find_optimised(call: ServiceCall) -> Integration | None:
    service, _, operation = call.key.partition(":")
    same = f"{_OPTIMISED_SERVICES.get(service, service)}:{operation}"
    return _OPTIMISED.get(_OPTIMISED_NAMES.get(call.key, same))


def _apply_rule(prefix: str, operation: Operation) -> Integration:
    """The action of the operation, the roles that it passes, and tagging what it creates."""
    action = f"{prefix}:{operation.action}"
    resources = [RESOURCES[prefix, each] for each in operation.resource_types]
    tagging, any_tagging = _tag(prefix, operation, resources)
    more = (*_pass_roles(prefix, operation), *tagging)
    if not operation.has_resources:
        return Integration(action, (Grant(action, "*"), *more), fallbacks=any_tagging)
    grants = (grant for each in resources for grant in _grant_on(action, each))
    anything = Grant(action, "*", why_wide=_UNNAMED)
    return Integration(action, (*grants, *more), fallbacks=(anything, *any_tagging))


def _grant_on(action: str, resources: str) -> Iterator[Grant]:
    when = _require_parameters(resources)
    if resources == RESOURCES["kms", "key"]:
        yield from grant_on_key(action, "KeyId", when)
    else:
        yield Grant(action, resources, when)


def _pass_roles(prefix: str, operation: Operation) -> Iterator[Grant]:
    """A role is passed to some service that has the prefix in its name, or to EC2 in a profile."""
    yield from map(pass_instance_profile_role, operation.profile_parameters)
    recipient = ConditionTemplate(
        "StringLike",
        "iam:PassedToService",
        f"*{prefix}*.amazonaws.com",
        tuple(f"{each}.amazonaws.com" for each in _OTHER_RECIPIENTS.get(prefix, ())),
    )
    for each in operation.role_parameters:
        role = f"iam::ACCOUNT:role/{{{each}}}"
        yield Grant("iam:PassRole", role, given(each), (recipient,))


def _tag(
    prefix: str, operation: Operation, resources: list[str]
) -> tuple[tuple[Grant, ...], tuple[Grant, ...]]:
    """Tagging what the call creates, when it has tags: with its name, or else without.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
    """
    if not operation.tag_action:
        return (), ()
    action = f"{prefix}:{operation.tag_action}"
    tags = given("|".join((*_TAGS, *operation.tag_parameters)))
    if prefix == "ec2":
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
        creating = ConditionTemplate("StringEquals", "ec2:CreateAction", operation.name)
        return (Grant(action, "*", tags, (creating,)),), ()
    if prefix == "apigateway":
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-iam-policy.html
        return (Grant(action, "apigateway:REGION::/tags/*", tags),), ()
    named = (Grant(action, each, tags + _require_parameters(each)) for each in resources)
    return tuple(named), (Grant(action, "*", tags, why_wide=_UNNAMED),)


def _require_parameters(resources: str) -> Requirements:
    """Every parameter of the templates must be given."""
    placeholders = (each for one in parse_templates(resources) for each in one.placeholders)
    choices = dict.fromkeys("|".join(each.paths) for each in placeholders)
    return tuple(each for choice in choices for each in given(choice))
