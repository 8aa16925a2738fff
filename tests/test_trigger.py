"""The trigger, told to EventBridge and to CloudTrail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.events import trigger


def test_via_cloudtrail_matches_every_successful_call_that_creates_an_object() -> None:
    assert trigger.event_pattern("acme-orders", Trigger(prefix=("in/",))) == {
        "source": ["aws.s3"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventSource": ["s3.amazonaws.com"],
            "eventName": ["PutObject", "CopyObject", "CompleteMultipartUpload", "PostObject"],
            "errorCode": [{"exists": False}],
            "requestParameters": {"bucketName": ["acme-orders"], "key": [{"prefix": "in/"}]},
        },
    }


def test_via_s3_matches_the_buckets_own_events() -> None:
    asked = Trigger(via="s3", events=("created", "deleted"), suffix=(".csv", ".json"))
    assert trigger.event_pattern("acme-orders", asked) == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created", "Object Deleted"],
        "detail": {
            "bucket": {"name": ["acme-orders"]},
            "object": {"key": [{"suffix": ".csv"}, {"suffix": ".json"}]},
        },
    }


def test_without_prefix_and_suffix_every_key_matches() -> None:
    pattern = trigger.event_pattern("acme-orders", Trigger(via="s3"))
    assert pattern["detail"] == {"bucket": {"name": ["acme-orders"]}}


def test_a_wildcard_is_used_only_for_prefix_and_suffix_together() -> None:
    """EventBridge allows 30 rules with a wildcard on a bus."""
    asked = Trigger(via="s3", prefix=("in*/",), suffix=(".csv",))
    keys = trigger.event_pattern("acme-orders", asked)["detail"]["object"]["key"]
    assert keys == [{"wildcard": "in\\*/*.csv"}]


def test_a_pattern_longer_than_aws_allows_is_refused_with_the_remedy() -> None:
    asked = Trigger(via="s3", prefix=tuple(f"{number:0100}/" for number in range(30)))
    with pytest.raises(UsageError, match="characters, AWS allows 2048") as refused:
        trigger.event_pattern("acme-orders", asked)
    assert "trigger.prefix" in refused.value.remedy


TEXT = st.text("ab/*\\.", max_size=4)
# The config refuses a * where it looks like a wildcard.
PREFIX = TEXT.filter(lambda text: text and not text.endswith("*"))
SUFFIX = TEXT.filter(lambda text: text and not text.startswith("*"))
PREFIXES, SUFFIXES = (
    st.lists(affix, max_size=2, unique=True).map(tuple) for affix in (PREFIX, SUFFIX)
)


@pytest.mark.parametrize("via", ["cloudtrail", "s3"])
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_key_matches_exactly_when_it_has_a_prefix_and_a_suffix(
    aws: Aws, via: Any, data: st.DataObject
) -> None:
    prefixes, suffixes = data.draw(PREFIXES), data.draw(SUFFIXES)
    near = [prefix + suffix for prefix in prefixes for suffix in suffixes] or [""]
    key = data.draw(st.one_of(TEXT, st.builds("".join, st.tuples(TEXT, st.sampled_from(near)))))
    pattern = trigger.event_pattern(
        "acme-orders", Trigger(via=via, prefix=prefixes, suffix=suffixes)
    )
    answer = aws.events.test_event_pattern(
        EventPattern=json.dumps(pattern), Event=json.dumps(event(via, key))
    )
    begins = not prefixes or key.startswith(prefixes)
    ends = not suffixes or key.endswith(suffixes)
    assert answer["Result"] == (begins and ends)


@pytest.mark.parametrize(
    ("detail", "matches"),
    [
        ({}, True),
        ({"eventName": "CopyObject"}, True),
        ({"eventName": "CompleteMultipartUpload"}, True),
        ({"eventName": "UploadPart"}, False),
        ({"eventName": "DeleteObject"}, False),
        ({"errorCode": "AccessDenied"}, False),
    ],
)
def test_failed_calls_and_parts_start_nothing(
    aws: Aws, detail: dict[str, str], matches: bool
) -> None:
    upload = event("cloudtrail", "in/a.json")
    upload["detail"] |= detail
    pattern = trigger.event_pattern("acme-orders", Trigger())
    answer = aws.events.test_event_pattern(
        EventPattern=json.dumps(pattern), Event=json.dumps(upload)
    )
    assert answer["Result"] is matches


def event(via: str, key: str) -> dict[str, Any]:
    """An upload to acme-orders, as far as patterns look at it."""
    envelope = {
        "id": "1",
        "account": "123456789012",
        "source": "aws.s3",
        "time": "2026-01-01T00:00:00Z",
        "region": "eu-west-1",
        "resources": [],
    }
    if via == "s3":
        detail: dict[str, Any] = {"bucket": {"name": "acme-orders"}, "object": {"key": key}}
        return {**envelope, "detail-type": "Object Created", "detail": detail}
    detail = {
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutObject",
        "requestParameters": {"bucketName": "acme-orders", "key": key},
    }
    return {**envelope, "detail-type": "AWS API Call via CloudTrail", "detail": detail}


def test_the_event_is_passed_as_it_is_unless_the_config_says_otherwise() -> None:
    assert trigger.input_transformer(Trigger()) is None


@pytest.mark.parametrize(
    ("asked", "members"),
    [
        (Trigger(input="object"), ["bucket", "event", "key", "time"]),
        (
            Trigger(input="object", via="s3"),
            ["bucket", "etag", "event", "key", "requester", "size", "time"],
        ),
        (
            Trigger(input="object", via="s3", events=("created", "deleted")),
            ["bucket", "event", "key", "time"],
        ),
    ],
)
def test_the_normalised_input_holds_only_what_every_event_has(
    asked: Trigger, members: list[str]
) -> None:
    transformer = trigger.input_transformer(asked)
    assert transformer is not None
    assert sorted(transformer["InputPathsMap"]) == members
    filled = transformer["InputTemplate"]
    for name in members:
        filled = filled.replace(f"<{name}>", '"value"')
    assert json.loads(filled) == {**dict.fromkeys(members, "value"), "via": asked.via}


def test_the_trail_logs_the_events_of_the_trigger_and_no_others() -> None:
    asked = Trigger(prefix=("in/", "up/"), suffix=(".json",), events=("deleted",))
    assert trigger.advanced_selector("sfnctl:orders", "arn:aws:s3:::acme-orders", asked) == {
        "Name": "sfnctl:orders",
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "eventName", "Equals": ["DeleteObject"]},
            {"Field": "readOnly", "Equals": ["false"]},
            {
                "Field": "resources.ARN",
                "StartsWith": ["arn:aws:s3:::acme-orders/in/", "arn:aws:s3:::acme-orders/up/"],
            },
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        ],
    }


def test_a_selector_for_every_key_does_not_match_a_bucket_with_a_longer_name() -> None:
    selector = trigger.basic_selector("arn:aws:s3:::acme-orders", Trigger())
    assert selector["DataResources"] == [
        {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::acme-orders/"]}
    ]
