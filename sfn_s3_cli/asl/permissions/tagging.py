"""The permissions of the Resource Groups Tagging API: a call also needs the service's own action.

https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.computed_text import WILD
from sfn_s3_cli.asl.permissions.grants import Gap, Grant, Integration
from sfn_s3_cli.asl.permissions.placeholders import escape
from sfn_s3_cli.asl.permissions.sdk_operations import find_action
from sfn_s3_cli.asl.permissions.statements import Need, Permission

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.asl.permissions.arguments import Arguments
    from sfn_s3_cli.iam.arns import Place

_ARNS = "ResourceARNList[]"
_SERVICE = re.compile(rf"arn:[^:{WILD}]*:(?P<service>[a-z0-9-]+):[^:]*:[^:]*:(?P<kind>[a-zA-Z-]*)")

# Each with the action that tags, and the one that removes tags.
_TO_RESOURCE = ("AddTagsToResource", "RemoveTagsFromResource")
_ADD, _CREATE = ("AddTags", "RemoveTags"), ("CreateTags", "DeleteTags")
OTHER_TAGGING_ACTIONS: Mapping[str, tuple[str, str]] = {
    "acm": ("AddTagsToCertificate", "RemoveTagsFromCertificate"),
    "acm-pca": ("TagCertificateAuthority", "UntagCertificateAuthority"),
    "apigateway": ("PUT", "DELETE"),
    "autoscaling": ("CreateOrUpdateTags", "DeleteTags"),
    "cloudtrail": _ADD,
    "dms": _TO_RESOURCE,
    "ds": _TO_RESOURCE,
    "ec2": _CREATE,
    "elasticache": _TO_RESOURCE,
    "elasticbeanstalk": _ADD,
    "elasticloadbalancing": _ADD,
    "elasticmapreduce": _ADD,
    "es": _ADD,
    "firehose": ("TagDeliveryStream", "UntagDeliveryStream"),
    "glacier": ("AddTagsToVault", "RemoveTagsFromVault"),
    "kinesis:stream": ("AddTagsToStream", "RemoveTagsFromStream"),
    "kinesisvideo:stream": ("TagStream", "UntagStream"),
    "iam:instance-profile": ("TagInstanceProfile", "UntagInstanceProfile"),
    "iam:mfa": ("TagMFADevice", "UntagMFADevice"),
    "iam:oidc-provider": ("TagOpenIDConnectProvider", "UntagOpenIDConnectProvider"),
    "iam:policy": ("TagPolicy", "UntagPolicy"),
    "iam:role": ("TagRole", "UntagRole"),
    "iam:saml-provider": ("TagSAMLProvider", "UntagSAMLProvider"),
    "iam:server-certificate": ("TagServerCertificate", "UntagServerCertificate"),
    "iam:user": ("TagUser", "UntagUser"),
    "machinelearning": ("AddTags", "DeleteTags"),
    "medialive": _CREATE,
    "mq": _CREATE,
    "rds": _TO_RESOURCE,
    "redshift": _CREATE,
    "resource-groups": ("Tag", "Untag"),
    "route53": ("ChangeTagsForResource", "ChangeTagsForResource"),
    "s3": ("PutBucketTagging GetBucketTagging", "PutBucketTagging GetBucketTagging"),
    "sagemaker": ("AddTags", "DeleteTags"),
    "sqs": ("TagQueue", "UntagQueue"),
    "ssm": _TO_RESOURCE,
    "storagegateway": _TO_RESOURCE,
    "workspaces": _CREATE,
}
"""By prefix, and by type of resource where that matters; the usual ones are TagResource and
UntagResource."""


@cache
def list_tagging_actions(service: str, kind: str, *, removes: bool) -> tuple[str, ...]:
    """The actions that tag a resource of this service and type; empty if they are unknown."""
    other = OTHER_TAGGING_ACTIONS.get(f"{service}:{kind}") or OTHER_TAGGING_ACTIONS.get(service)
    if other:
        return tuple(f"{service}:{each}" for each in other[removes].split())
    usual = find_action(service, "UntagResource" if removes else "TagResource")
    more = ["glue:GetConnection"] if (service, kind) == ("glue", "connection") and removes else []
    return (f"{service}:{usual}", *more) if usual else ()


def _find_needs(arguments: Arguments, place: Place, *, removes: bool) -> Iterator[Need]:
    for arn in arguments.read(_ARNS):
        if not isinstance(arn, str) or not (known := _SERVICE.match(arn)):
            continue
        for action in list_tagging_actions(known["service"], known["kind"], removes=removes):
            resource = escape(arn)
            if known["service"] == "apigateway":
                resource = f"arn:{place.partition}:apigateway:{place.region}::/tags/*"
            yield Need(Permission(action, resource), ())


@dataclass(frozen=True)
class _Untraceable:
    """A resource that is unknown, or one of a service whose tagging action is unknown."""

    removes: bool

    def is_met(self, arguments: Arguments) -> bool:
        for arn in arguments.read(_ARNS):
            known = _SERVICE.match(arn) if isinstance(arn, str) else None
            if not known:
                return True
            service, kind = known["service"], known["kind"]
            if not list_tagging_actions(service, kind, removes=self.removes):
                return True
        return False


def _tag(operation: str, action: str, *, removes: bool) -> Integration:
    gap = Gap(
        (_Untraceable(removes),),
        f"`{_ARNS.removesuffix('[]')}` does not show which actions tag the resources",
        "allow the tagging actions of their services, such as `ec2:CreateTags`,"
        " under `role.statements`",
        r".*tag.*|.*:(?:put|delete|\*)|\*",
    )
    return Integration(
        f"resourcegroupstaggingapi:{operation}",
        (Grant(f"tag:{action}", "*"),),
        gaps=(gap,),
        find_needs=partial(_find_needs, removes=removes),
    )


TAGGING_CALLS = (
    _tag("tagResources", "TagResources", removes=False),
    _tag("untagResources", "UntagResources", removes=True),
)
