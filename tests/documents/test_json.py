from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.documents import json
from sfn_s3_cli.errors import ConfigError


def list_problems(text: str) -> list[str]:
    """The problems of the text, each as `line:column message (remedy)`."""
    try:
        document = json.parse(text, "f")
    except ConfigError as error:
        found = list(error.problems)
    else:
        found = document.problems(document.findings)
    return [f"{each.line}:{each.column} {each.message} ({each.remedy})" for each in found]


NO_VALUE = "not JSON: expecting value"
SUBSTITUTED = '"${Name}" takes the type of its substitution'
NO_PROPERTY = "not JSON: expecting property name enclosed in double quotes"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n", ["1:1 the file is empty (write a document into it)"]),
        ("a: 1", [f"1:1 {NO_VALUE} (begin it with `{{`; if it is YAML, name the file .yaml)"]),
        ('{"a":\n }', [f"2:2 {NO_VALUE} (correct this line, or the one before it)"]),
        ('{"a": 1,}', [f"1:9 {NO_PROPERTY} (remove the comma before it)"]),
        ('["a",\n]', [f"2:1 {NO_VALUE} (remove the comma before it)"]),
        ('{"a": 1, // one\n}', [f"1:10 {NO_PROPERTY} (remove the comment: JSON has none)"]),
        ("{'a': 1}", [f'1:2 {NO_PROPERTY} (write it in double quotes: "...")']),
        (
            '{"a": ${B}}',
            [f"1:7 {NO_VALUE} (write it in double quotes: {SUBSTITUTED})"],
        ),
        ("[" * 100_000 + "]" * 100_000, ["1:1 nested too deeply (use fewer levels of nesting)"]),
        ("[" * 300 + "]" * 300, ["1:202 nested too deeply (use fewer levels of nesting)"]),
        ('{"a": 1, "a": 2}', ["1:10 the key 'a' is defined twice (remove one of them)"]),
        ('["\\ud800"]', ["1:2 half a surrogate pair is not a character (write both halves)"]),
        (
            "[NaN,\n 1e999]",
            [
                "1:2 cannot read the number NaN (write another number or a string)",
                "2:2 cannot read the number 1e999 (write another number or a string)",
            ],
        ),
    ],
)
def test_broken_json_is_refused_at_its_place(text: str, expected: list[str]) -> None:
    assert list_problems(text) == expected


def test_every_value_and_key_has_its_place() -> None:
    document = json.parse('{"a":\n [1, {"b": 2}]}', "f")
    assert document.values == {
        (): (1, 1),
        ("a",): (2, 2),
        ("a", 0): (2, 3),
        ("a", 1): (2, 6),
        ("a", 1, "b"): (2, 12),
    }
    assert document.keys == {("a",): (1, 2), ("a", 1, "b"): (2, 7)}


@settings(deadline=None)
@given(st.text(st.sampled_from('{}[],:"\\ \n01e.-aNu$tfé\ud7ff')))
def test_no_json_raises_anything_but_a_config_error(text: str) -> None:
    with contextlib.suppress(ConfigError):
        json.parse(text, "f")
