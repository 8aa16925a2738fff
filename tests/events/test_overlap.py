"""Two patterns have objects in common exactly if some key of the bucket matches both."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.overlap import can_watch, find_common
from sfn_s3_cli.events.pattern import build_pattern
from sfn_s3_cli.json_types import JsonObject

ENDS = st.lists(st.text("a*\\", max_size=2), max_size=2, unique=True)
TRIGGERS = st.builds(
    lambda via, events, prefix, suffix, size: make_trigger(
        via=via,
        events=events,
        prefix=[each for each in prefix if each and not each.endswith("*")],
        suffix=[each for each in suffix if each and not each.startswith("*")],
        min_size=size if via == "s3" and "created" in events else 0,
    ),
    st.sampled_from([*SOURCES]),
    st.sampled_from([["created"], ["deleted"], ["created", "deleted"]]),
    ENDS,
    ENDS,
    st.sampled_from([0, 5]),
)
KEYS = ["".join(letters) for length in range(1, 5) for letters in product("a*\\", repeat=length)]


def make_trigger(**settings: Any) -> Trigger:
    return Trigger.model_validate(settings)


def matches(trigger: Trigger, key: str) -> bool:
    return key.startswith(trigger.prefix or ("",)) and key.endswith(trigger.suffix or ("",))


def build(trigger: Trigger, bucket: str = "acme") -> JsonObject:
    return build_pattern(bucket, trigger, "aws")


@given(TRIGGERS, TRIGGERS)
def test_common_objects_are_found_exactly(one: Trigger, other: Trigger) -> None:
    events = {*one.events} & {*other.events}
    common = [key for key in KEYS if matches(one, key) and matches(other, key)]
    found = find_common(build(one), build(other))
    assert bool(found) is bool(events and common)
    assert found == find_common(build(other), build(one))
    assert {each.event for each in found} == (events if common else set())


def test_common_objects_are_the_narrower_of_both() -> None:
    one = make_trigger(prefix=["in/", "out/"], suffix=[".csv"])
    other = make_trigger(via="s3", prefix=["in/a/"], events=["created", "deleted"])
    (found,) = find_common(build(one), build(other))
    assert (found.bucket, found.event, str(found.keys)) == ("acme", "created", "in/a/*.csv")


@pytest.mark.parametrize(
    "pattern",
    [
        {},
        {"source": ["aws.s3"]},
        {"detail": "text"},
        {"detail": {"bucket": {"name": [{"prefix": "acme"}]}}},
        {"detail": {"bucket": {"name": "acme"}}},
        build(make_trigger(via="s3"), "other"),
    ],
    ids=str,
)
def test_patterns_of_others_have_nothing_in_common(pattern: JsonObject) -> None:
    assert find_common(build(make_trigger(via="s3")), pattern) == ()


def test_an_unknown_condition_may_match_every_key() -> None:
    bucket = {"bucket": {"name": ["acme"]}}
    for key in ([{"anything-but": "a"}], [{"equals-ignore-case": "B"}], "text", [None]):
        theirs = {
            "detail-type": [{"prefix": "Object"}],
            "detail": {**bucket, "object": {"key": key}},
        }
        (found,) = find_common(build(make_trigger(prefix=["in/"])), theirs)
        assert str(found.keys) == "in/*"


@given(TRIGGERS)
def test_a_pattern_can_watch_the_bucket_that_it_names(trigger: Trigger) -> None:
    assert can_watch(build(trigger), "acme")
    assert not can_watch(build(trigger), "acme-2")


def test_an_operator_on_the_name_can_watch_any_bucket() -> None:
    assert can_watch({"detail": {"bucket": {"name": ["b", {"prefix": "acme"}]}}}, "acme-2")
    assert not can_watch({"source": ["aws.s3"]}, "acme")


KEY = st.text("ab", min_size=1, max_size=4)
CONDITIONS = st.one_of(
    KEY,
    st.builds(lambda text: {"prefix": text}, KEY),
    st.builds(lambda text: {"suffix": text}, KEY),
    st.builds(lambda start, end: {"wildcard": f"{start}*{end}"}, KEY, KEY),
    st.builds(lambda text: {"wildcard": text}, KEY),
)


def meets(condition: Any, key: str) -> bool:
    match condition:
        case {"prefix": prefix}:
            return key.startswith(prefix)
        case {"suffix": suffix}:
            return key.endswith(suffix)
        case {"wildcard": text}:
            start, star, end = text.partition("*")
            is_long = len(key) >= len(start) + len(end)
            return is_long and key.startswith(start) and key.endswith(end) if star else key == text
    return bool(key == condition)


@given(CONDITIONS, CONDITIONS)
def test_conditions_on_keys_have_common_keys(one: Any, other: Any) -> None:
    def watch(condition: Any) -> JsonObject:
        names = {"bucket": {"name": ["acme"]}, "object": {"key": [condition]}}
        return {"detail-type": ["Object Created"], "detail": names}

    keys = ["".join(each) for length in range(1, 9) for each in product("ab", repeat=length)]
    common = any(meets(one, key) and meets(other, key) for key in keys)
    assert bool(find_common(watch(one), watch(other))) is common
