"""The actions of IAM that have no resources: only a statement on `*` allows them.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from functools import cache

from sfn_s3_cli.asl.permissions.sdk_operations import find_services

# Of the actions that no operation has, those that a table of this package grants.
_OTHERS = frozenset(
    (
        "backup-storage:MountCapsule",
        "lakeformation:GetDataAccess",
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "s3-outposts:ListRegionalBuckets",
        "s3:GetAccountPublicAccessBlock",
        "s3:ListAllMyBuckets",
        "s3:PutAccountPublicAccessBlock",
        "s3express:ListAccessPointsForDirectoryBuckets",
        "s3express:ListAllMyDirectoryBuckets",
        "states:RevealSecrets",
        "sts:GetServiceBearerToken",
    )
)


def has_resources(action: str) -> bool:
    """Whether a policy can allow the action on some resources only.

    >>> has_resources("s3:GetObject"), has_resources("s3:ListAllMyBuckets")
    (True, False)
    """
    prefix, _, name = action.partition(":")
    return action not in _OTHERS and name not in _list_unscoped(prefix)


@cache
def _list_unscoped(prefix: str) -> frozenset[str]:
    return frozenset(
        operation.action
        for service in find_services(prefix)
        for operation in service.operations.values()
        if not operation.has_resources
    )
