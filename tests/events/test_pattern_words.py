"""Event patterns in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.pattern import build_pattern
from sfn_s3_cli.events.pattern_words import describe_pattern, summarize

LEAVES = st.lists(
    st.text() | st.none() | st.integers() | st.fixed_dictionaries({"prefix": st.text()}),
    min_size=1,
    max_size=3,
)


@pytest.mark.parametrize(
    ("pattern", "lines"),
    [
        ({"a": [1, None, "x, y"]}, ['a: 1, null, "x, y"']),
        (
            {"a": {"b": [{"exists": True}], "c": [{"exists": False}]}},
            ["a.b: present", "a.c: absent"],
        ),
        ({"size": [{"numeric": [">=", 1, "<", 5]}]}, ["size: >= 1 < 5"]),
        ({"a": [{"anything-but": ["x"]}]}, ['a: anything but ["x"]']),
        ({"a": [{"anything-but": {"suffix": "x"}}]}, ['a: anything but suffix "x"']),
        (
            {"a": ["x"], "$or": [{"b": ["y"], "c": ["z"]}, {"d": [{"wildcard": "*z"}]}]},
            ['a: "x"', "one of these", '- b: "y"', '  c: "z"', '- d: wildcard "*z"'],
        ),
        ({"$or": ["x"]}, ['$or: "x"']),
        ({"$or": [{}, {"a": ["x"]}]}, ["one of these", "- anything", '- a: "x"']),
    ],
)
def test_each_field_is_a_line(pattern: dict[str, Any], lines: list[str]) -> None:
    assert describe_pattern(pattern) == lines


@given(
    st.recursive(
        st.dictionaries(st.text(), LEAVES, min_size=1, max_size=3),
        lambda inner: st.dictionaries(st.text(), LEAVES | inner, min_size=1, max_size=3),
        max_leaves=5,
    )
)
def test_no_value_of_a_pattern_is_left_out(pattern: dict[str, Any]) -> None:
    words = "\n".join(describe_pattern(pattern))

    def check(value: Any) -> None:
        match value:
            case dict():
                for each in value.values():
                    check(each)
            case list():
                for each in value:
                    check(each)
            case _:
                assert json.dumps(value, ensure_ascii=False) in words

    check(pattern)


@pytest.mark.parametrize("via", SOURCES)
def test_summary_names_bucket_and_keys(via: Any) -> None:
    def summarize_trigger(**settings: Any) -> str:
        return summarize(build_pattern("acme", Trigger(via=via, **settings), "aws"))

    assert summarize_trigger() == "s3://acme, every key"
    both = summarize_trigger(events=["created", "deleted"], prefix=["in/", "up/"])
    assert both == 's3://acme, key prefix "in/", prefix "up/"'
    assert summarize_trigger(suffix=[".csv"]) == 's3://acme, key suffix ".csv"'
    assert summarize({"source": ["theirs"]}) == ""
