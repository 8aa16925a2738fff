"""What is written as YAML is read as the same value."""

from __future__ import annotations

from typing import Any

import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.documents.yaml import parse
from sfn_s3_cli.documents.yaml_writer import write_lines

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
NUMBERS = st.integers(-(10**17), 10**17) | st.decimals(-1000, 1000, places=3).map(float)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(VALUES)
def test_a_written_value_is_read_as_the_same(value: Any) -> None:
    text = "".join(f"{line}\n" for line in write_lines({"value": value}))
    document = parse(text, "")
    assert document.findings == []
    assert repr(document.value) == repr({"value": value})


@settings(deadline=None)
@given(VALUES)
def test_other_readers_read_the_same(value: Any) -> None:
    text = "".join(f"{line}\n" for line in write_lines({"value": value}))
    assert repr(pyyaml.safe_load(text)) == repr({"value": value})


def test_what_fits_is_in_one_line() -> None:
    value = {
        "object": {"key": "incoming/a b.json", "size": 34},
        "words": ["no", "a: b", "", "-", "{% x %}", "a\nb", "é"],
        "long": [{"name": "x" * 60, "more": "y" * 60}],
    }
    assert [*write_lines(value)] == [
        "object: {key: incoming/a b.json, size: 34}",
        'words: ["no", "a: b", "", "-", "{% x %}", "a\\nb", "é"]',
        "long:",
        "  - name: " + "x" * 60,
        "    more: " + "y" * 60,
    ]
