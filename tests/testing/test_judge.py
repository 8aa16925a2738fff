"""How what an execution did is compared with what its case expects."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.testing.judge import compare, find_split

NUMBERS = st.integers(-5, 5) | st.sampled_from([0.5, 1.0])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=8,
)
PATHS: st.SearchStrategy[Any] = st.recursive(
    st.lists(st.sampled_from("AB"), max_size=3),
    lambda inner: st.lists(st.sampled_from("AB") | inner, max_size=3),
    max_leaves=6,
)


@given(VALUES)
def test_a_value_is_as_expected_of_itself(value: Any) -> None:
    assert [*compare(value, value, "output")] == []
    assert [*compare(value, value, "output", is_exact=True)] == []


@given(st.dictionaries(st.text("ab"), VALUES, min_size=1), VALUES)
def test_more_keys_than_expected_are_fine_unless_exact(value: dict[str, Any], more: Any) -> None:
    found = {**value, "more": more}
    assert [*compare(value, found, "output")] == []
    [difference] = compare(value, found, "output", is_exact=True)
    assert (difference.where, difference.found) == ("output.more", more)
    [difference] = compare(found, value, "output")
    assert (difference.where, difference.expected) == ("output.more", more)


@given(VALUES, VALUES)
def test_different_values_have_a_difference(one: Any, other: Any) -> None:
    exact = [*compare(one, other, "output", is_exact=True)]
    is_equal = one == other and str(one).count("T") == str(other).count("T")
    if one != other:
        assert exact
    elif is_equal and "True" not in f"{one}{other}" and "False" not in f"{one}{other}":
        assert exact == []


@pytest.mark.parametrize(
    ("expected", "found"), [(True, 1), (0, False), ({}, []), ("1", 1), (None, {}), ([1], [1, 1])]
)
def test_types_and_lengths_count(expected: Any, found: Any) -> None:
    assert [*compare(expected, found, "output")]


@given(PATHS, PATHS)
def test_two_different_paths_part_somewhere(one: Any, other: Any) -> None:
    assert bool(find_split(one, other)) == (one != other)


@pytest.mark.parametrize(
    ("expected", "found", "words"),
    [
        (["A"], [], "left the expected path after the start: expected 'A', found the end"),
        (["A", "B"], ["A", "C"], "left the expected path after 'A': expected 'B', found 'C'"),
        (
            ["M", ["A"], ["A"]],
            ["M", ["A"]],
            "left the expected path after 'M': expected an iteration or branch ['A'], found the en",
        ),
        (
            ["M", ["P", ["A"], ["B"]]],
            ["M", ["P", ["A"], ["C"]]],
            "left the expected path after the start in 'P'[1] in 'M'[0]: expected 'B', found 'C'",
        ),
    ],
)
def test_the_split_says_where_it_is(expected: Any, found: Any, words: str) -> None:
    assert find_split(expected, found).startswith(words)
