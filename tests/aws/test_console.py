"""Pages of the AWS console, in the partition and the region of the pipeline."""

from __future__ import annotations

import pytest
from pipelines import connect_to_nowhere

from sfn_s3_cli.aws import console
from sfn_s3_cli.iam.arns import Place

ACCOUNT = "123456789012"


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
    page = console.find_page(
        connect_to_nowhere(Place(partition, ACCOUNT, region)), "states/home", "/statemachines"
    )
    assert page == f"https://{host}/states/home?region={region}#/statemachines"


def test_an_unknown_partition_has_no_page() -> None:
    aws = connect_to_nowhere(Place("aws-iso", ACCOUNT, "us-iso-east-1"))
    assert console.find_page(aws, "states/home", "") is None


@pytest.mark.parametrize(
    "endpoint_url",
    [
        *("http://127.0.0.1:4566", "http://localhost:4566", "http://moto:5000", "http://[::1]:1"),
        *("http://host.docker.internal:4566", "http://192.168.1.2:4566", "http://10.0.0.2"),
        *("https://localhost.localstack.cloud:4566", "http://notamazonaws.com"),
    ],
)
def test_an_emulator_has_no_page(endpoint_url: str) -> None:
    aws = connect_to_nowhere(Place("aws", ACCOUNT, "us-east-1"), endpoint_url)
    assert console.find_page(aws, "states/home", "") is None


@pytest.mark.parametrize(
    "endpoint_url",
    [
        "https://states.us-east-1.api.aws",
        "https://states-fips.us-east-1.amazonaws.com",
        "https://vpce-1-2.states.us-east-1.vpce.amazonaws.com",
    ],
)
def test_every_endpoint_of_aws_has_pages(endpoint_url: str) -> None:
    aws = connect_to_nowhere(Place("aws", ACCOUNT, "us-east-1"), endpoint_url)
    assert console.find_page(aws, "states/home", "") is not None
