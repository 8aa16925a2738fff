"""Partitions: which part of AWS a region belongs to."""

from __future__ import annotations

import botocore.session


def partition_of(region: str) -> str:
    """Also works by name for a region that this botocore does not know yet.

    >>> partition_of("eu-west-1"), partition_of("cn-north-1")
    ('aws', 'aws-cn')
    """
    return str(botocore.session.get_session().get_partition_for_region(region))
