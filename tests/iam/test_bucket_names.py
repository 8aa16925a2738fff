"""Names of buckets in the account's own regional namespace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.iam.bucket_names import find_fault, is_in_namespace, make_name

ACCOUNT = "123456789012"
REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-7", "us-gov-east-1", "cn-northwest-1")


@pytest.mark.parametrize(
    ("partition", "region", "name"),
    [
        ("aws", "eu-west-1", f"logs-{ACCOUNT}-eu-west-1-an"),
        ("aws-cn", "cn-north-1", f"logs-{ACCOUNT}-cn-north-1-an"),
        ("aws-us-gov", "us-gov-west-1", f"logs-{ACCOUNT}-us-gov-west-1-an"),
        ("aws-eusc", "eusc-de-east-1", f"logs-{ACCOUNT}-eusc-de-east-1-an"),
        ("aws", "me-south-1", f"logs-{ACCOUNT}-me-south-1"),
        ("aws", "me-central-1", f"logs-{ACCOUNT}-me-central-1"),
        ("aws-iso-b", "us-isob-east-1", f"logs-{ACCOUNT}-us-isob-east-1"),
    ],
)
def test_a_region_without_namespace_gets_a_global_name(
    partition: str, region: str, name: str
) -> None:
    assert make_name("logs", Place(partition, ACCOUNT, region)) == name
    assert find_fault(name, ACCOUNT, region) is None


@given(
    prefix=st.from_regex(r"[a-z0-9][a-z0-9-]{0,61}", fullmatch=True),
    account=st.sampled_from([ACCOUNT, None]),
    region=st.sampled_from([*REGIONS, None]),
)
def test_the_name_in_a_remedy_is_accepted(
    prefix: str, account: str | None, region: str | None
) -> None:
    fault = find_fault(f"{prefix}-an"[-63:], account, region)
    if fault is None:
        assert account is None or region is None
        return
    suggested = fault[1].removeprefix("use ").partition(",")[0]
    assert is_in_namespace(suggested)
    assert len(suggested) <= 63
    if account and region:
        assert find_fault(suggested, account, region) is None
