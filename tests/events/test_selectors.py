"""What a trigger makes a trail log."""

from __future__ import annotations

from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.events.cloudtrail import build_advanced_selector, build_basic_selector


def test_trail_logs_only_the_events_of_the_trigger() -> None:
    trigger = Trigger(prefix=("in/", "up/"), suffix=(".json",), events=("deleted",))
    assert build_advanced_selector("sfnctl:orders", "arn:aws:s3:::acme-orders", trigger) == {
        "Name": "sfnctl:orders",
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "eventName", "Equals": ["DeleteObject"]},
            {
                "Field": "resources.ARN",
                "StartsWith": ["arn:aws:s3:::acme-orders/in/", "arn:aws:s3:::acme-orders/up/"],
            },
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        ],
    }


def test_selector_does_not_match_longer_bucket_names() -> None:
    selector = build_basic_selector("arn:aws:s3:::acme-orders", Trigger())
    assert selector["DataResources"] == [
        {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::acme-orders/"]}
    ]
