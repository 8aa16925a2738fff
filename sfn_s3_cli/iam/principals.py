"""Service principals: the names that services have in policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfn_s3_cli.iam.arns import Place


def list_names(principal: str, place: Place) -> tuple[str, ...]:
    """The names that a service may have when it receives a role.

    In China some services have the principal `NAME.amazonaws.com.cn`, and others do not
    (https://github.com/aws/karpenter-provider-aws/issues/6843).

    >>> from sfn_s3_cli.iam.arns import Place
    >>> list_names("ec2.amazonaws.com", Place("aws-cn", "123456789012", "cn-north-1"))
    ('ec2.amazonaws.com', 'ec2.amazonaws.com.cn')
    """
    return (principal, f"{principal}.cn") if place.partition == "aws-cn" else (principal,)
