"""The search by tags answers in pages, as on AWS."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from local.local_account import Account

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.client import Aws, connect_locally

TAGS = {"sfnctl:pipeline": "orders", "sfnctl:managed": "true"}


@pytest.fixture
def aws(account: Account) -> Aws:
    return connect_locally(account.endpoint_url, account=account.id)


@pytest.fixture
def names(aws: Aws) -> list[str]:
    """Three buckets with tags, and others that a search for them must not find."""
    account = aws.place.account
    names = [f"tagged{number}-{account}" for number in range(4)]
    for name in names:
        aws.s3.create_bucket(Bucket=name)
        buckets.retag(aws, name, {}, {**TAGS, "more": "x"})
    aws.s3.delete_bucket(Bucket=names.pop())
    for number, tags in enumerate(({}, {**TAGS, "sfnctl:pipeline": "other"})):
        aws.s3.create_bucket(Bucket=f"other{number}-{account}")
        buckets.retag(aws, f"other{number}-{account}", {}, tags)
    return names


def test_a_search_finds_the_buckets_of_the_region(aws: Aws, names: list[str]) -> None:
    found = buckets.find_by_tag(aws, "sfnctl:pipeline", "orders")
    assert found == {name: {**TAGS, "more": "x"} for name in names}
    endpoint, account = aws.sts.meta.endpoint_url, aws.place.account
    elsewhere = connect_locally(endpoint, region="eu-west-1", account=account)
    assert buckets.find_by_tag(elsewhere, "sfnctl:managed", "true") == {}


def test_a_search_has_pages(aws: Aws, names: list[str]) -> None:
    search = aws.tagging_short_timeout.get_resources
    first = search(ResourceTypeFilters=["s3:bucket"], ResourcesPerPage=2)
    found = [each["ResourceARN"] for each in first["ResourceTagMappingList"]]
    token = first["PaginationToken"]
    rest = search(ResourceTypeFilters=["s3"], ResourcesPerPage=100, PaginationToken=token)
    found += [each["ResourceARN"] for each in rest["ResourceTagMappingList"]]
    assert found == sorted(found)
    assert {f"arn:aws:s3:::{name}" for name in names} < set(found)
    assert rest["PaginationToken"] == ""
    with pytest.raises(ClientError, match="PaginationTokenExpiredException"):
        search(PaginationToken="other")
