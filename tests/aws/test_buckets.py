"""Counts, empties and deletes buckets."""

from __future__ import annotations

import pytest

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.aws.reads import Reads
from sfn_s3_cli.counts import Count, Size
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.resources.bucket import describe_holdings

TWO = (Count(2), Count(2), Size(0))


@pytest.fixture
def bucket(aws: Aws, account: str) -> str:
    """A bucket with two objects."""
    name = f"made-{account}"
    aws.s3.create_bucket(Bucket=name)
    for key in ("a", "b\x1b"):
        aws.s3.put_object(Bucket=name, Key=key)
    return name


def test_counting_stops_at_the_limit(
    aws: Aws, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for body in ("12345", "1234567"):
        aws.s3.put_object(Bucket=bucket, Key="c", Body=body)
    aws.s3.put_object(Bucket=bucket, Key="d", Body="gone")
    aws.s3.delete_object(Bucket=bucket, Key="d")
    everything = (Count(3), Count(6), Size(16))
    assert buckets.count_objects(aws, bucket) == everything
    monkeypatch.setattr(buckets, "_PAGE", 1)
    assert buckets.count_objects(aws, bucket) == everything
    monkeypatch.setattr(buckets, "LIMIT", 3)
    assert buckets.count_objects(aws, bucket) == (
        Count(3, has_more=True),
        Count(3, has_more=True),
        Size(7, has_more=True),
    )
    reason = describe_holdings(buckets.count_objects(aws, bucket))
    assert reason.message == "it holds more than 3 objects (more than 7 B)"
    assert {*reason.facts} == {"objects", "versions", "size"}


def test_a_missing_bucket_has_no_objects(aws: Aws, account: str) -> None:
    assert not buckets.count_objects(aws, f"missing-{account}")


def test_a_bucket_with_objects_is_deleted_only_with_purge(aws: Aws, bucket: str) -> None:
    assert buckets.try_delete(aws, bucket, purge=False) == TWO
    assert buckets.try_delete(aws, bucket, purge=True) is None
    assert buckets.try_delete(aws, bucket, purge=True) is None


def test_an_interruption_stops_emptying_a_bucket(aws: Aws, bucket: str) -> None:
    aws.calls.interrupted.set()
    with pytest.raises(AwsError, match="interrupted"):
        buckets.empty(aws, bucket)
    assert buckets.count_objects(aws, bucket) == TWO


def test_tags_change_on_a_bucket_with_abac(aws: Aws, bucket: str) -> None:
    aws.s3.put_bucket_abac(Bucket=bucket, AbacStatus={"Status": "Enabled"})
    buckets.retag(aws, bucket, {}, {"theirs": "1", "old": "2"})
    buckets.retag(aws, bucket, {"old": "2"}, {"new": "3 / ü"})
    with Reads(aws) as reads:
        assert buckets.read_tags(reads, bucket) == {"theirs": "1", "new": "3 / ü"}


def test_an_old_boto3_creates_buckets_in_the_namespace(
    aws: Aws, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that knows neither BucketNamespace nor Tags of CreateBucket."""
    for shape, member in (
        ("CreateBucketRequest", "BucketNamespace"),
        ("CreateBucketConfiguration", "Tags"),
    ):
        monkeypatch.delitem(buckets._members_of(aws, shape), member)
    name = f"made-{account}-us-east-1-an"
    buckets.create(aws, name, {"team": "data"})
    with Reads(aws) as reads:
        assert buckets.read_tags(reads, name) == {"team": "data"}
