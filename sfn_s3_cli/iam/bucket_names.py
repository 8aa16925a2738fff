"""Names of buckets in the account's own regional namespace, where nobody else can take them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfn_s3_cli.iam.arns import Place

HEADER, NAMESPACE = "x-amz-bucket-namespace", "account-regional"
"""CreateBucket needs it for such a name, and must not have it for any other."""

_WITHOUT = frozenset({"me-central-1", "me-south-1"})
"""The regions that do not have the namespace."""
_LONGEST = 63


def make_name(prefix: str, place: Place) -> str:
    """A name in the account's namespace; in regions without it, one that others could take."""
    name = f"{prefix}-{place.account}-{place.region}"
    return f"{name}-an" if _is_available(place.region) else name


def is_in_namespace(name: str) -> bool:
    """Whether S3 treats a name as one in the namespace of some account and region.

    >>> is_in_namespace("logs-123456789012-eu-west-1-an"), is_in_namespace("plan")
    (True, False)
    """
    return name.endswith("-an")


def find_fault(name: str, account: str | None, region: str | None) -> tuple[str, str] | None:
    """Why this account cannot create that bucket in this region, with a remedy; None if it can.

    None for an account or region that is not known yet.
    """
    if not is_in_namespace(name):
        return None
    if region and not _is_available(region):
        message = f"S3 reserves names that end with -an, and {region} does not support them"
        return message, "choose a name with another ending"
    parts = (account or "[0-9]{12}", region or "[a-z]+(-[a-z]+)+-[0-9]+")
    if re.fullmatch(".+-{}-{}-an".format(*parts), name):
        return None
    suffix = f"-{account or 'ACCOUNT'}-{region or 'REGION'}-an"
    prefix = re.sub(r"-[0-9]{6,}(-[a-z]+)*(-[0-9]+)?-an$|-an$", "", name)
    message = f"the bucket {name} ends with -an, so S3 creates it only if it ends with {suffix}"
    fitting = prefix[: _LONGEST - len(suffix)] + suffix
    return message, f"use {fitting}, or a name with another ending"


def _is_available(region: str) -> bool:
    """In the regions of `aws-iso…`, such as us-isob-east-1, it is not documented."""
    return region not in _WITHOUT and "-iso" not in region
