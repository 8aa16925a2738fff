"""Pages of the AWS console, in the partition and the region of the pipeline."""

from __future__ import annotations

import boto3
import pytest

from sfn_s3_cli.aws import console
from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam.arns import Place


def connect(partition: str, region: str, endpoint_url: str | None = None) -> Aws:
    """A connection that makes no call."""
    session = boto3.Session("key", "secret", region_name=region)
    aws = Aws(session, endpoint_url=endpoint_url)
    vars(aws)["place"] = Place(partition, "123456789012", region)
    return aws


@pytest.mark.parametrize(
    ("partition", "region", "host"),
    [
        ("aws", "eu-west-1", "eu-west-1.console.aws.amazon.com"),
        ("aws-cn", "cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("aws-us-gov", "us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
        ("aws-eusc", "eusc-de-east-1", "eusc-de-east-1.console.amazonaws-eusc.eu"),
    ],
)
def test_every_partition_has_its_own_host(partition: str, region: str, host: str) -> None:
    page = console.find_page(connect(partition, region), "states/home", "/statemachines")
    assert page == f"https://{host}/states/home?region={region}#/statemachines"


def test_an_unknown_partition_has_no_page() -> None:
    assert console.find_page(connect("aws-iso", "us-iso-east-1"), "states/home", "") is None


@pytest.mark.parametrize(
    "endpoint_url",
    ["http://127.0.0.1:4566", "http://localhost:4566", "http://moto:5000", "http://[::1]:1"],
)
def test_an_emulator_has_no_page(endpoint_url: str) -> None:
    aws = connect("aws", "us-east-1", endpoint_url)
    assert console.find_page(aws, "states/home", "") is None
