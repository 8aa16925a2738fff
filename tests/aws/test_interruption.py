"""Whoever interrupts a command does not wait for what it would still do."""

from __future__ import annotations

import pytest

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.errors import AwsError


def test_no_more_objects_are_deleted(aws: Aws, account: str) -> None:
    name = f"made-{account}"
    aws.s3.create_bucket(Bucket=name)
    aws.s3.put_object(Bucket=name, Key="a")
    aws.calls.interrupted.set()
    with pytest.raises(AwsError, match="interrupted"):
        buckets.empty(aws, name)
    assert aws.s3.list_objects_v2(Bucket=name)["KeyCount"] == 1
