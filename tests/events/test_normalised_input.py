"""The input transformer of `input: object`, filled in as EventBridge does it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.execution_input import describe_input
from sfn_s3_cli.events.normalised import build_transformer
from sfn_s3_cli.events.reader import read_object

KEYS = (
    'a"b',
    "a\\",
    'x","bucket":"other',
    '"},"bucket":"other","x":{"y":"',
    "a\nb",
    "日本語 +%20",
    "<time>",
    "<object>",
    "</script>",
)
ANY_KEY = st.text(min_size=1, max_size=40) | st.sampled_from(KEYS)
EVENTS = st.sampled_from([("created",), ("deleted",), ("created", "deleted")])


def transform(trigger: Trigger, event: dict[str, Any]) -> str:
    """Fill in the template as EventBridge's guide says it: nothing in a string is escaped."""
    transformer = build_transformer("acme", trigger)
    assert transformer is not None

    def insert(found: re.Match[str]) -> str:
        value: Any = event
        for name in transformer["InputPathsMap"][found[1]].split(".")[1:]:
            value = value[name]
        return f'"{value}"' if isinstance(value, str) else json.dumps(value)

    return re.sub("<([a-z]+)>", insert, transformer["InputTemplate"])


def build_event(via: str, key: str, trigger: Trigger) -> dict[str, Any]:
    event = SOURCES[via].build_samples("acme", key, trigger, "aws")[0]
    event["detail"] |= {"reason": "PutObject", "requester": '","via":"forged'}
    return event


def test_event_is_not_transformed_by_default() -> None:
    assert build_transformer("acme", Trigger()) is None


@pytest.mark.parametrize(
    ("via", "paths"),
    [
        (
            "cloudtrail",
            {"object": "$.detail.requestParameters", "event": "$.detail.eventName"},
        ),
        ("s3", {"object": "$.detail.object", "event": "$.detail.reason"}),
    ],
)
@pytest.mark.parametrize("events", [("created",), ("created", "deleted")])
def test_only_objects_and_texts_of_aws_are_inserted(
    via: str, paths: dict[str, str], events: Any
) -> None:
    assert build_transformer("acme", Trigger(via=via, input="object", events=events)) == {
        "InputPathsMap": {**paths, "time": "$.time"},
        "InputTemplate": (
            '{"bucket": "acme", "object": <object>, "event": <event>, "time": <time>,'
            f' "via": "{via}"}}'
        ),
    }


@pytest.mark.parametrize("via", SOURCES)
@given(key=ANY_KEY, events=EVENTS)
def test_no_key_breaks_or_forges_the_input(via: str, key: str, events: Any) -> None:
    trigger = Trigger(via=via, input="object", events=events)
    event = build_event(via, key, trigger)
    document = json.loads(transform(trigger, event))
    sent = event["detail"]
    assert document == {
        "bucket": "acme",
        "object": sent.get("object") or sent["requestParameters"],
        "event": sent.get("eventName") or sent["reason"],
        "time": "2026-01-01T00:00:00Z",
        "via": via,
    }
    assert document["object"]["key"] == key
    found = read_object(document)
    assert found
    assert (found.bucket, found.key, found.via) == ("acme", key, via)


@pytest.mark.parametrize("via", SOURCES)
def test_input_has_the_fields_that_it_is_known_to_have(via: str) -> None:
    trigger = Trigger(via=via, input="object")
    given_fields = describe_input(trigger)
    assert given_fields.list_fields(()) == ["bucket", "event", "object", "time", "via"]
    document = json.loads(transform(trigger, build_event(via, "a", trigger)))
    for name in document["object"]:
        assert given_fields.find_missing(("object", name)) is None
    for path in given_fields.fields.values():
        assert given_fields.find_missing(tuple(path.split("."))) is None
