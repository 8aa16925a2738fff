"""Fields inside a state by the names that Step Functions gives them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.asl.language.locations import (
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
def test_a_location_leads_to_its_value(state: dict[str, Any]) -> None:
    path: tuple[str | int, ...] = ()
    found: Any = state
    while not isinstance(found, str):
        key = next(iter(found)) if isinstance(found, dict) else len(found) - 1
        path, found = (*path, key), found[key]
    assert find_path(state, write_location(path)) == path


def test_states_inside_a_state_are_not_searched() -> None:
    inner = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Output": "{% $a %}"}}}
    assert find_path({"ItemProcessor": inner}, "ItemProcessor/StartAt") == ()


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
