"""Which rules need the events of a bucket."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_s3_cli.resources.bucket_notification import can_match


@pytest.mark.parametrize(
    ("pattern", "reads"),
    [
        ({}, False),
        ({"source": ["aws.s3"]}, True),
        ({"source": ["aws.s3"], "detail-type": ["Object Created"]}, True),
        ({"source": ["aws.s3"], "detail-type": ["AWS API Call via CloudTrail"]}, False),
        ({"source": [{"prefix": "aws."}], "detail": {"bucket": {"name": ["orders"]}}}, True),
        ({"source": ["aws.s3"], "detail": {"bucket": {"name": ["orders-archive"]}}}, False),
        ({"source": ["my.app"], "detail": {"bucket": ["orders"]}}, False),
    ],
)
def test_a_rule_reads_a_bucket_whose_events_it_can_match(
    pattern: dict[str, Any], reads: bool
) -> None:
    assert can_match(pattern, "orders") is reads
