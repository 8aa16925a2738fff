"""The input transformer of `input: object`."""

from __future__ import annotations

import json

import pytest

from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.events.normalised import build_transformer


def test_event_is_not_transformed_by_default() -> None:
    assert build_transformer(Trigger()) is None


@pytest.mark.parametrize(
    ("trigger", "members"),
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
def test_normalised_input_has_what_every_event_has(trigger: Trigger, members: list[str]) -> None:
    transformer = build_transformer(trigger)
    assert transformer is not None
    assert sorted(transformer["InputPathsMap"]) == members
    filled = transformer["InputTemplate"]
    for name in members:
        filled = filled.replace(f"<{name}>", '"value"')
    assert json.loads(filled) == {**dict.fromkeys(members, "value"), "via": trigger.via}


def test_normalised_time_is_that_of_eventbridge() -> None:
    transformer = build_transformer(Trigger(input="object"))
    assert transformer is not None
    assert transformer["InputPathsMap"] == {
        "bucket": "$.detail.requestParameters.bucketName",
        "key": "$.detail.requestParameters.key",
        "event": "$.detail.eventName",
        "time": "$.time",
    }
