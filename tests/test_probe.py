"""Made-up events: AWS's own test of a pattern agrees on which of them match."""

from __future__ import annotations

import json
from string import ascii_lowercase
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.events import samples
from sfn_s3_cli.events.trigger import event_pattern

AFFIXES = st.lists(st.text("ab/{.", min_size=1, max_size=3), max_size=3, unique=True).map(tuple)
LETTERS = tuple(ascii_lowercase)
NEEDED = {"id", "account", "source", "time", "region", "resources", "detail-type"}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    via=st.sampled_from(["cloudtrail", "s3"]),
    events=st.sampled_from([("created",), ("deleted",), ("created", "deleted")]),
    prefix=AFFIXES,
    suffix=AFFIXES,
)
def test_a_wanted_event_matches_and_an_unwanted_one_does_not(
    aws: Aws, via: Any, events: Any, prefix: tuple[str, ...], suffix: tuple[str, ...]
) -> None:
    trigger = Trigger(via=via, events=events, prefix=prefix, suffix=suffix)
    pattern = json.dumps(event_pattern("acme", trigger))
    for make, matches in ((samples.wanted, True), (samples.unwanted, False)):
        event = make("acme", trigger)
        assert event.keys() >= NEEDED
        answer = aws.events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))
        assert answer["Result"] is matches, event


@pytest.mark.parametrize(
    "trigger", [Trigger(via="s3", prefix=LETTERS), Trigger(via="s3", suffix=LETTERS)]
)
def test_there_is_always_a_key_that_is_unwanted(trigger: Trigger) -> None:
    assert samples.unwanted("acme", trigger)["detail"]["object"]["key"] == "{"
