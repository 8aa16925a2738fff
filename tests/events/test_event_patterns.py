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
from sfn_s3_cli.events import SOURCES, cloudtrail
from sfn_s3_cli.events.pattern import build_pattern


def is_matched(aws: Aws, trigger: Trigger, event: dict[str, Any]) -> bool:
    pattern = json.dumps(build_pattern("acme-orders", trigger))
    answer = aws.events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))
    return answer["Result"]


def test_cloudtrail_pattern_matches_calls_and_keys() -> None:
    assert build_pattern("acme-orders", Trigger(prefix=("in/",))) == {
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
    assert build_pattern("acme-orders", trigger) == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created", "Object Deleted"],
        "detail": {
            "bucket": {"name": ["acme-orders"]},
            "object": {"key": [{"suffix": ".csv"}, {"suffix": ".json"}]},
        },
    }


def test_every_key_matches_without_prefix_and_suffix() -> None:
    pattern = build_pattern("acme-orders", Trigger(via="s3"))
    assert pattern["detail"] == {"bucket": {"name": ["acme-orders"]}}


def test_only_prefix_and_suffix_together_need_a_wildcard() -> None:
    """EventBridge allows 30 rules with a wildcard on a bus."""
    trigger = Trigger(via="s3", prefix=("in*/",), suffix=(".csv",))
    keys = build_pattern("acme-orders", trigger)["detail"]["object"]["key"]
    assert keys == [{"wildcard": "in\\*/*.csv"}]


def test_too_long_pattern_is_refused_with_a_remedy() -> None:
    trigger = Trigger(via="s3", prefix=tuple(f"{number:0100}/" for number in range(30)))
    with pytest.raises(UsageError, match="characters, but AWS allows 2,048") as refused:
        build_pattern("acme-orders", trigger)
    assert "trigger.prefix" in refused.value.remedy


TEXT = st.text("ab/*\\.", max_size=4)
# The config refuses a * where it looks like a wildcard.
PREFIX = TEXT.filter(lambda text: text and not text.endswith("*"))
SUFFIX = TEXT.filter(lambda text: text and not text.startswith("*"))
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
    prefixes, suffixes = data.draw(PREFIXES), data.draw(SUFFIXES)
    near = [prefix + suffix for prefix in prefixes for suffix in suffixes] or [""]
    key = data.draw(st.one_of(TEXT, st.builds("".join, st.tuples(TEXT, st.sampled_from(near)))))
    event = SOURCES[via].build_sample("acme-orders", key, "created")
    has_prefix = not prefixes or key.startswith(prefixes)
    has_suffix = not suffixes or key.endswith(suffixes)
    trigger = Trigger(via=via, prefix=prefixes, suffix=suffixes)
    assert is_matched(aws, trigger, event) == (has_prefix and has_suffix)


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
    event = cloudtrail.build_sample("acme-orders", "in/a.json", "created")
    event["detail"] |= detail
    assert is_matched(aws, Trigger(), event) is is_match
