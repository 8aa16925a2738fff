"""Two rules share the events by their time: none is lost, and only a minute's may match both."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from upload_history import matches_time

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.events.cutover import Cutover, Side
from sfn_s3_cli.events.pattern import limit, without

MINUTES = st.integers(0, 60 * 24 * 365 * 50).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
SECONDS = st.integers(-4 * 3600, 4 * 3600)
PATTERN: Any = {"source": ["aws.s3"], "detail": {"bucket": {"name": ["orders"]}}}


def split(moment: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = (limit(PATTERN, Cutover(moment, side)) for side in (Side.BEFORE, Side.AFTER))
    return before, after


@given(MINUTES, SECONDS)
@example(datetime(2026, 1, 1, tzinfo=UTC), -1)
@example(datetime(2026, 1, 1, 0, 1, tzinfo=UTC), -60)
def test_every_event_matches_one_rule(moment: datetime, seconds: int) -> None:
    time = moment + timedelta(seconds=seconds)
    before, after = (
        matches_time(rule, time.strftime("%Y-%m-%dT%H:%M:%SZ")) for rule in split(moment)
    )
    assert before or after
    assert (before and after) == (-60 <= seconds < 0)
    if seconds >= 0:
        assert not before
    if -3600 <= seconds < -60:
        assert not after


@given(MINUTES)
def test_the_conditions_are_short(moment: datetime) -> None:
    longest = max(len(json.dumps(rule["time"])) for rule in split(moment))
    assert longest <= 500


@given(MINUTES, st.sampled_from(Side), st.none() | st.integers(2, 12))
def test_a_cutover_is_read_as_it_was_written(
    moment: datetime, side: Side, minutes: int | None
) -> None:
    is_split = side is not Side.BOTH
    since = moment - timedelta(minutes=minutes) if minutes and is_split else None
    cutover = Cutover(moment, side, since)
    pattern = limit(PATTERN, cutover)
    assert Cutover.read(cutover.tag, pattern) == cutover
    assert Cutover.parse(str(cutover)) == cutover
    assert without(pattern, cutover) == PATTERN


def test_a_wrong_tag_is_no_cutover() -> None:
    assert Cutover.read("soon", PATTERN) is None
    assert Cutover.read("", PATTERN) is None


@pytest.mark.parametrize(
    "conditions",
    [
        [{"prefix": "2026"}],
        [{"prefix": "2026-01-02T12:1"}, {"suffix": "Z"}],
        [{"prefix": "2001-01-02T12"}, {"prefix": "2026-01-02T12"}],
        [{"anything-but": {"prefix": []}}],
        [{"anything-but": "x"}],
        ["2026-01-02T12:10:00Z"],
        [],
        {"unexpected": []},
    ],
)
def test_conditions_of_others_are_no_cutover(conditions: Any) -> None:
    pattern = {**PATTERN, "time": conditions}
    assert Cutover.read("2026-01-02T12:10Z", pattern) is None


@given(MINUTES, st.integers(2, 12))
def test_a_change_back_leaves_earlier_events_to_the_rule(moment: datetime, minutes: int) -> None:
    """Between two moments the other rule is in charge; before the first, each keeps its own."""
    since, minute = moment - timedelta(minutes=minutes), timedelta(minutes=1)
    before, after = (
        limit(PATTERN, Cutover(moment, side, begin))
        for side, begin in ((Side.BEFORE, since - minute), (Side.AFTER, since))
    )
    for second in range(-60 * 30, 60 * 5, 7):
        time = (moment + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")
        is_between = -60 * minutes <= second < -60
        assert matches_time(after, time) == (not is_between)
        assert matches_time(before, time) == (-60 * (minutes + 1) <= second < 0)


def test_the_blocks_are_hours_tens_and_minutes() -> None:
    before, after = split(datetime(2026, 1, 2, 12, 12, tzinfo=UTC))
    assert [each["prefix"] for each in before["time"]] == [
        *("2026-01-02T10", "2026-01-02T11", "2026-01-02T12:0"),
        *("2026-01-02T12:10", "2026-01-02T12:11"),
    ]
    assert after["time"] == [
        {
            "anything-but": {
                "prefix": [
                    *("2026-01-02T10", "2026-01-02T11", "2026-01-02T12:0"),
                    "2026-01-02T12:10",
                ]
            }
        }
    ]


@given(MINUTES)
def test_blocks_do_not_overlap(moment: datetime) -> None:
    texts = [each["prefix"] for each in split(moment)[0]["time"]]
    assert texts == sorted(texts)
    assert not [(a, b) for a in texts for b in texts if a != b and b.startswith(a)]


def test_the_embedded_cloud_agrees(aws: Aws) -> None:
    moment = datetime(2026, 1, 2, 12, 12, tzinfo=UTC)
    event: Any = {
        "id": "1",
        "account": aws.place.account,
        "source": "aws.s3",
        "region": aws.region,
        "resources": [],
        "detail-type": "Object Created",
        "detail": {"bucket": {"name": "orders"}},
    }
    for seconds in (-5000, -3600, -61, -60, -1, 0, 3600):
        time = (moment + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
        for rule in split(moment):
            answer = aws.events.test_event_pattern(
                EventPattern=json.dumps(rule), Event=json.dumps({**event, "time": time})
            )
            assert answer["Result"] == matches_time(rule, time)
