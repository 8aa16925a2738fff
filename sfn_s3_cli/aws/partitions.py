"""Partitions: which part of AWS a region belongs to."""

from __future__ import annotations

import botocore.session


def partition_of(region: str) -> str:
    """The partition of a region; from its name if this botocore does not know the region yet.

    >>> partition_of("eu-west-1"), partition_of("cn-north-1")
    ('aws', 'aws-cn')
    """
    return str(botocore.session.get_session().get_partition_for_region(region))
