"""Fields inside a state by the names that Step Functions gives them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.asl.language.locations import (
    find_expression,
    find_path,
    read_location,
    write_location,
)

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.just("{% 1 %}"),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.text("ab", min_size=1), inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.text("ab", min_size=1), VALUES, min_size=1))
def test_a_location_leads_back_to_its_expression(state: dict[str, Any]) -> None:
    location = find_expression(state, "1")
    assert location is not None
    path = find_path(state, location)
    assert write_location(path) == location
    found: Any = state
    for each in path:
        found = found[each]
    assert found == "{% 1 %}"


def test_the_first_evaluated_field_is_named() -> None:
    state = {"Output": "{% $a %}", "Arguments": {"Key": "{% $a %}"}}
    assert find_expression(state, "$a") == "Arguments/Key"


def test_states_inside_a_state_are_not_searched() -> None:
    inner = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Output": "{% $a %}"}}}
    assert find_expression({"Type": "Map", "ItemProcessor": inner}, "$a") is None


@pytest.mark.parametrize(
    ("cause", "location"),
    [
        ("The JSONata expression '$a' specified for the field 'Output/v' returned x", "Output/v"),
        ("At 'E' (#2). The JSONata expression '$a' specified for the field 'A' threw x", "A"),
        ("The JSONata expression '$a' threw an error", None),
        ("specified for the field 'A' threw x", None),
    ],
)
def test_a_cause_names_its_field(cause: str, location: str | None) -> None:
    assert read_location(cause) == location
