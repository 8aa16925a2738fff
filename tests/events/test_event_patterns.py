"""Which events the pattern of a trigger matches."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.events import SOURCES, cloudtrail, s3
from sfn_s3_cli.events.pattern import (
    build_pattern,
    list_alternatives,
    read_pattern,
    write_pattern,
)
from sfn_s3_cli.resources.bucket_notification import can_match


def is_matched(aws: Aws, trigger: Trigger, event: dict[str, Any]) -> bool:
    pattern = json.dumps(build_pattern("acme-orders", trigger, "aws"))
    answer = aws.events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))
    return answer["Result"]


def test_cloudtrail_pattern_matches_calls_and_keys() -> None:
    assert build_pattern("acme-orders", Trigger(prefix=("in/",)), "aws") == {
        "source": ["aws.s3"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventSource": ["s3.amazonaws.com"],
            "eventName": ["PutObject", "CopyObject", "CompleteMultipartUpload", "PostObject"],
            "errorCode": [{"exists": False}],
            "requestParameters": {"bucketName": ["acme-orders"], "key": [{"prefix": "in/"}]},
        },
    }


def test_s3_pattern_matches_events_and_keys() -> None:
    trigger = Trigger(via="s3", events=("created", "deleted"), suffix=(".csv", ".json"))
    assert build_pattern("acme-orders", trigger, "aws") == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created", "Object Deleted"],
        "detail": {
            "bucket": {"name": ["acme-orders"]},
            "object": {"key": [{"suffix": ".csv"}, {"suffix": ".json"}]},
        },
    }


def test_deletions_also_match_the_records_of_batches() -> None:
    """One pattern, whose alternatives have nothing in common but bucket and key."""
    trigger = Trigger(events=("created", "deleted"), prefix=("in/",))
    assert build_pattern("acme-orders", trigger, "aws-cn") == {
        "source": ["aws.s3"],
        "detail-type": ["AWS API Call via CloudTrail", "AWS Service Event via CloudTrail"],
        "detail": {
            "eventSource": ["s3.amazonaws.com"],
            "errorCode": [{"exists": False}],
            "$or": [
                {
                    "eventType": [{"anything-but": "AwsServiceEvent"}],
                    "eventName": [
                        "PutObject",
                        "CopyObject",
                        "CompleteMultipartUpload",
                        "PostObject",
                        "DeleteObject",
                    ],
                    "requestParameters": {
                        "bucketName": ["acme-orders"],
                        "key": [{"prefix": "in/"}],
                    },
                },
                {
                    "eventName": ["DeleteObject"],
                    "eventType": ["AwsServiceEvent"],
                    "resources": {"ARN": [{"prefix": "arn:aws-cn:s3:::acme-orders/in/"}]},
                },
            ],
        },
    }


def test_batches_are_not_matched_if_the_key_is_inserted() -> None:
    pattern = build_pattern("acme", Trigger(events=("deleted",), input="object"), "aws")
    assert pattern["detail-type"] == ["AWS API Call via CloudTrail"]
    assert "resources" not in json.dumps(pattern)


def test_minimum_size_is_part_of_one_condition() -> None:
    trigger = Trigger(via="s3", prefix=("in/",), min_size=1)
    assert build_pattern("acme", trigger, "aws") == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": ["acme"]},
            "object": {"key": [{"prefix": "in/"}], "size": [{"numeric": [">=", 1]}]},
        },
    }


def test_minimum_size_does_not_concern_deletions() -> None:
    trigger = Trigger(via="s3", events=("created", "deleted"), min_size=1)
    assert build_pattern("acme", trigger, "aws") == {
        "source": ["aws.s3"],
        "detail": {"bucket": {"name": ["acme"]}},
        "$or": [
            {
                "detail-type": ["Object Created"],
                "detail": {"object": {"size": [{"numeric": [">=", 1]}]}},
            },
            {"detail-type": ["Object Deleted"]},
        ],
    }


@pytest.mark.parametrize("events", [("created",), ("created", "deleted")])
@pytest.mark.parametrize(
    ("size", "is_match"),
    [(0, False), (9, False), (10, True), (5 * 10**9 + 1, True), (5 * 10**13, True)],
)
def test_objects_of_any_size_are_compared(aws: Aws, events: Any, size: int, is_match: bool) -> None:
    trigger = Trigger(via="s3", events=events, min_size=10)
    event = s3.build_samples("acme-orders", "a", trigger, "aws")[0]
    event["detail"]["object"]["size"] = size
    assert is_matched(aws, trigger, event) is is_match


@pytest.mark.parametrize("attributes", [{}, {"size": 0}])
def test_deletions_match_whatever_their_size(aws: Aws, attributes: dict[str, int]) -> None:
    """Only the event of a delete marker can have a size."""
    trigger = Trigger(via="s3", events=("created", "deleted"), min_size=10)
    event = s3.build_samples("acme-orders", "a", trigger, "aws")[1]
    event["detail"]["object"] |= attributes
    assert event["detail-type"] == "Object Deleted"
    assert is_matched(aws, trigger, event)


def test_every_key_matches_without_prefix_and_suffix() -> None:
    pattern = build_pattern("acme-orders", Trigger(via="s3"), "aws")
    assert pattern["detail"] == {"bucket": {"name": ["acme-orders"]}}


def test_only_prefix_and_suffix_together_need_a_wildcard() -> None:
    """EventBridge allows 30 rules with a wildcard on a bus."""
    trigger = Trigger(via="s3", prefix=("in*/",), suffix=(".csv",))
    keys = build_pattern("acme-orders", trigger, "aws")["detail"]["object"]["key"]
    assert keys == [{"wildcard": "in\\*/*.csv"}]


def test_too_long_pattern_is_refused_with_a_remedy() -> None:
    trigger = Trigger(via="s3", prefix=tuple(f"{number:0100}/" for number in range(30)))
    with pytest.raises(UsageError, match="characters, but AWS allows 2,048") as refused:
        build_pattern("acme-orders", trigger, "aws")
    assert "trigger.prefix" in refused.value.remedy


TEXT = st.text("ab/*\\.", max_size=4)
# The config refuses a * where it looks like a wildcard.
PREFIX = TEXT.filter(lambda text: text and not text.endswith("*"))
SUFFIX = TEXT.filter(lambda text: text and not text.startswith("*"))
EVENTS = st.sampled_from([("created",), ("deleted",), ("created", "deleted")])
PREFIXES, SUFFIXES = (
    st.lists(affix, max_size=2, unique=True).map(tuple) for affix in (PREFIX, SUFFIX)
)


@pytest.mark.parametrize("via", SOURCES)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_key_matches_with_a_prefix_and_a_suffix(aws: Aws, via: Any, data: st.DataObject) -> None:
    """Also where only an ARN names the key: its bucket is no part of the key."""
    events: Any = data.draw(EVENTS)
    prefixes, suffixes = data.draw(PREFIXES), data.draw(SUFFIXES)
    near = [prefix + suffix for prefix in prefixes for suffix in suffixes] or [""]
    key = data.draw(st.one_of(TEXT, st.builds("".join, st.tuples(TEXT, st.sampled_from(near)))))
    has_prefix = not prefixes or key.startswith(prefixes)
    has_suffix = not suffixes or key.endswith(suffixes)
    trigger = Trigger(via=via, events=events, prefix=prefixes, suffix=suffixes)
    for event in SOURCES[via].build_samples("acme-orders", key, trigger, "aws"):
        assert is_matched(aws, trigger, event) == (has_prefix and has_suffix)


BATCH = Trigger(events=("created", "deleted"), suffix=("/a.json",))


@pytest.mark.parametrize(
    ("detail", "is_match"),
    [
        ({}, True),
        ({"requestParameters": {"bucketName": "acme-orders", "key": "in/a.json"}}, True),
        ({"requestParameters": None}, True),
        ({"errorCode": "AccessDenied"}, False),
        ({"eventName": "DeleteObjects"}, False),
        ({"eventName": "PutObject"}, False),
        ({"eventType": "AwsApiCall"}, False),
        ({"eventSource": "s3lifecycle.amazonaws.com"}, False),
        ({"resources": [{"ARN": "arn:aws:s3:::acme-orders/a.json"}]}, False),
        ({"resources": [{"ARN": "arn:aws:s3:::acme-orders-2/in/a.json"}]}, False),
        ({"resources": [{"ARN": "arn:aws-cn:s3:::acme-orders/in/a.json"}]}, False),
        (
            {
                "resources": [
                    {"ARN": "arn:aws:s3:::acme-orders/in/b.json"},
                    {"ARN": "arn:aws:s3:::another/in/a.json"},
                ]
            },
            False,
        ),
        ({"resources": []}, False),
    ],
)
def test_record_of_a_batch_matches_by_its_arn(
    aws: Aws, detail: dict[str, Any], is_match: bool
) -> None:
    *_, event = cloudtrail.build_samples("acme-orders", "in/a.json", BATCH, "aws")
    assert event["detail-type"] == "AWS Service Event via CloudTrail"
    event["detail"] |= detail
    assert is_matched(aws, BATCH, event) is is_match


@pytest.mark.parametrize(
    "detail",
    [
        {"requestParameters": {"bucketName": "acme-orders-2", "key": "in/a.json"}},
        {"requestParameters": {"bucketName": "acme-orders", "key": "in/b.json"}},
        {"errorCode": "AccessDenied"},
    ],
)
def test_arn_of_a_single_call_decides_nothing(aws: Aws, detail: dict[str, Any]) -> None:
    event = cloudtrail.build_samples("acme-orders", "in/a.json", BATCH, "aws")[1]
    resources = [{"ARN": "arn:aws:s3:::acme-orders/in/a.json"}]
    event["detail"] |= {"resources": resources}
    assert is_matched(aws, BATCH, event)
    event["detail"] |= detail
    assert not is_matched(aws, BATCH, event)


@pytest.mark.parametrize("via", SOURCES)
@pytest.mark.parametrize("min_size", [0, 1])
def test_pattern_says_what_it_watches(via: str, min_size: int) -> None:
    trigger = Trigger(via=via, events=("created", "deleted"), min_size=min_size * (via == "s3"))
    pattern = build_pattern("acme-orders", trigger, "aws")
    assert read_pattern(pattern) == (via, "acme-orders")
    assert can_match(pattern, "acme-orders") is (via == "s3")
    assert not can_match(pattern, "another")


@pytest.mark.parametrize(
    ("pattern", "alternatives"),
    [
        ({"a": ["1"]}, [{"a": ["1"]}]),
        (
            {"a": ["1"], "$or": [{"b": ["2"]}, {"c": {"d": ["3"]}}], "c": {"e": ["4"]}},
            [
                {"a": ["1"], "b": ["2"], "c": {"e": ["4"]}},
                {"a": ["1"], "c": {"d": ["3"], "e": ["4"]}},
            ],
        ),
        (
            {"a": {"$or": [{"b": ["1"]}, {"$or": [{"c": ["2"]}, {"d": ["3"]}]}]}},
            [{"a": {"b": ["1"]}}, {"a": {"c": ["2"]}}, {"a": {"d": ["3"]}}],
        ),
        ({"$or": [{"a": ["1"]}]}, [{"$or": [{"a": ["1"]}]}]),
    ],
)
def test_pattern_is_taken_apart(
    pattern: dict[str, Any], alternatives: list[dict[str, Any]]
) -> None:
    assert list_alternatives(pattern) == alternatives


def test_pattern_is_written_without_spaces() -> None:
    """AWS counts its characters."""
    assert write_pattern({"a": [{"exists": False}, "b"]}) == '{"a":[{"exists":false},"b"]}'


@pytest.mark.parametrize(
    ("detail", "is_match"),
    [
        ({"eventName": "CopyObject"}, True),
        ({"eventName": "CompleteMultipartUpload"}, True),
        ({"eventName": "UploadPart"}, False),
        ({"eventName": "DeleteObject"}, False),
        ({"errorCode": "AccessDenied"}, False),
    ],
)
def test_failed_calls_and_parts_start_nothing(
    aws: Aws, detail: dict[str, str], is_match: bool
) -> None:
    [event] = cloudtrail.build_samples("acme-orders", "in/a.json", Trigger(), "aws")
    event["detail"] |= detail
    assert is_matched(aws, Trigger(), event) is is_match
