from __future__ import annotations

import contextlib
from typing import Any

import pytest
import yaml as reference
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.documents import yaml
from sfn_s3_cli.errors import ConfigError


def value(text: str) -> Any:
    document = yaml.parse(text, "f.yaml")
    assert document.faults == []
    return document.value


def faults(text: str) -> list[str]:
    """What is wrong with the text, be it a fault of the document or an error at once."""
    try:
        document = yaml.parse(text, "f.yaml")
    except ConfigError as error:
        problems = error.problems
    else:
        problems = document.error(document.faults).problems
    return [f"{each.location} {each.message}" for each in problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null", None),
        ("~", None),
        ("true", True),
        ("FALSE", False),
        ("10", 10),
        ("-1.5", -1.5),
        ("0", 0),
        *((text, text) for text in ("no", "off", "Yes", "012", "0x1F", "1_000", "1:30", "1:30:00")),
        *((text, text) for text in ("2026-01-01", "2026-01-01T00:00:00Z", ".nan", ".inf", "1e3")),
        *((text, text) for text in ("+1", "1.", ".5", "9" * 5000, "=")),
        ("'1'", "1"),
        ('"true"', "true"),
        ("|\n  1\n", "1\n"),
    ],
)
def test_a_scalar_is_what_it_looks_like(text: str, expected: object) -> None:
    found = value(text)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", ["f.yaml:3:1 the key 'a' stands here twice"]),
        ("a: !!python/object:os.system x\n", ["f.yaml:1:4 tags are not allowed"]),
        (
            "a: !Sub x\nb: !!str 1\n",
            ["f.yaml:1:4 tags are not allowed", "f.yaml:2:4 tags are not allowed"],
        ),
        ("&x [*x]", ["f.yaml:1:1 anchors are not allowed", "f.yaml:1:5 aliases are not allowed"]),
        ("<<: {a: 1}", ["f.yaml:1:1 merge keys are not allowed"]),
        ("*x : 1", ["f.yaml:1:1 aliases are not allowed"]),
        ("1: a", ["f.yaml:1:1 a key is a string, but here stands the number 1"]),
        ("a: {true: b}", ["f.yaml:1:5 a key is a string, but here stands true"]),
        ("? [a]\n: b", ["f.yaml:1:3 a key is a string, but here stands a list"]),
        ("a: 1\n---\nb: 2\n", ["f.yaml:2:1 the file holds more than one document"]),
        ("a: b: c", ["f.yaml:1:5 not YAML: mapping values are not allowed here"]),
        ("a:\n\tb: 1", ["f.yaml:2:1 not YAML: found character '\\t' that cannot start any token"]),
        ("a: \x07", ["f.yaml:1:4 the character U+0007 is not allowed"]),
        ('a: "\\ud800"', ["f.yaml:1:4 half a surrogate pair is no character"]),
        ('a: "\\UFFFFFFFF"', ["f.yaml:1:1 not YAML: an escape stands for no character"]),
        ("[" * 5000, ["f.yaml:1:202 nested too deeply"]),
    ],
)
def test_what_is_clever_or_broken_is_refused_in_its_place(text: str, expected: list[str]) -> None:
    assert faults(text) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a:\n\tb: 1", "indent with spaces"),
        ("a: {b: ${C}}", "a ${VAR} inside { } or [ ] needs quotes"),
    ],
)
def test_common_slips_of_syntax_have_a_remedy(text: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        yaml.parse(text, "f.yaml")
    assert caught.value.problems[0].remedy == hint


def test_every_value_and_key_knows_its_place() -> None:
    document = yaml.parse("a:\n  - x\n  - {b: y}\n", "f.yaml")
    places = {path: tuple(mark) for path, mark in document.values.items()}
    assert places == {
        (): (1, 1),
        ("a",): (2, 3),
        ("a", 0): (2, 5),
        ("a", 1): (3, 5),
        ("a", 1, "b"): (3, 9),
    }
    keys = {path: tuple(mark) for path, mark in document.keys.items()}
    assert keys == {("a",): (1, 1), ("a", 1, "b"): (3, 6)}


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab<", min_size=1), inner),
    max_leaves=20,
)


@settings(deadline=None)
@given(JSON_VALUES, st.booleans())
def test_what_yaml_writers_write_is_read_back(written: Any, flow: bool) -> None:
    text = reference.safe_dump(
        written, default_flow_style=flow, allow_unicode=True, default_style='"'
    )
    if "!!" not in text:
        assert value(text) == written


@settings(deadline=None)
@given(st.text(st.sampled_from("ab01:-?[]{},&*!|>'\"%@`#<$ \n\t\\~.\x00\x85é\ud800Uxu")))
def test_no_text_raises_anything_but_a_config_error(text: str) -> None:
    with contextlib.suppress(ConfigError):
        yaml.parse(text, "f.yaml")
