"""Why a trigger does not match an object: the same answer as that of its pattern."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.mismatch import find_mismatch
from sfn_s3_cli.events.pattern import build_pattern

TEXTS = st.text("ab/.", min_size=1, max_size=3)
AFFIXES = st.lists(TEXTS, max_size=2, unique=True).map(tuple)
TRIGGERS = st.builds(
    Trigger, via=st.sampled_from(["cloudtrail", "s3"]), prefix=AFFIXES, suffix=AFFIXES
)


@given(TRIGGERS, st.text("ab/.", min_size=1, max_size=6))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_mismatch_is_what_the_pattern_refuses(aws: Aws, trigger: Trigger, key: str) -> None:
    [event] = SOURCES[trigger.via].build_samples("acme-orders", key, trigger, "aws")
    pattern = build_pattern("acme-orders", trigger, "aws")
    answer = aws.events.test_event_pattern(
        EventPattern=json.dumps(pattern), Event=json.dumps(event)
    )
    assert answer["Result"] == (not find_mismatch(trigger, key, event="created"))


def test_a_size_that_is_not_known_matches() -> None:
    trigger = Trigger(via="s3", min_size=1)
    assert find_mismatch(trigger, "a", event="created") == ""
    assert find_mismatch(trigger, "a", event="created", size=0)
