"""Partitions: which part of AWS a region belongs to."""

from __future__ import annotations

import os

import botocore.session

_NO_USER = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
}
"""Session variables that leave the user's profile and files out: an error in them would be ours."""


def partition_of(region: str) -> str:
    """The partition of a region; from its name if this botocore does not know the region yet.

    >>> partition_of("eu-west-1"), partition_of("cn-north-1")
    ('aws', 'aws-cn')
    """
    session = botocore.session.get_session(_NO_USER)
    return str(session.get_partition_for_region(region))
