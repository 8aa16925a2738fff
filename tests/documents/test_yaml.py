from __future__ import annotations

import contextlib

import pytest
import yaml as reference
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.documents import tokens, yaml
from sfn_s3_cli.documents.tokens import JsonValue
from sfn_s3_cli.errors import ConfigError


def parse(text: str) -> JsonValue:
    document = yaml.parse(text, "f.yaml")
    assert document.findings == []
    value: JsonValue = document.value
    return value


def list_problems(text: str) -> list[str]:
    """The findings of the document, or the problems of the error."""
    try:
        document = yaml.parse(text, "f.yaml")
    except ConfigError as error:
        found = list(error.problems)
    else:
        found = document.problems(document.findings)
    return [f"{each.location} {each.message}" for each in found]


@pytest.mark.parametrize("text", ["9" * 5000, "-" + "1" * 20, f"1.{'1' * 20}"])
def test_a_number_with_many_digits_is_no_string(text: str) -> None:
    document = yaml.parse(f"a: {text}\nb: '{text}'\n", "f.yaml")
    [finding] = document.findings
    assert finding.message == f"the number {text[:20]}… is too long"
    assert document.mark(finding.path) == (1, 4)


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
        *((text, text) for text in ("+1", "1.", ".5", "=", f"{'9' * 50}a")),
        ("'1'", "1"),
        ('"true"', "true"),
        ("|\n  1\n", "1\n"),
    ],
)
def test_only_plain_scalars_are_not_strings(text: str, expected: object) -> None:
    value = parse(text)
    assert (value, type(value)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", ["f.yaml:3:1 the key 'a' is defined twice"]),
        ("a: !!python/object:os.system x\n", ["f.yaml:1:4 tags are not allowed"]),
        (
            "a: !Sub x\nb: !!str 1\n",
            ["f.yaml:1:4 tags are not allowed", "f.yaml:2:4 tags are not allowed"],
        ),
        ("&x [*x]", ["f.yaml:1:1 anchors are not allowed", "f.yaml:1:5 aliases are not allowed"]),
        ("<<: {a: 1}", ["f.yaml:1:1 merge keys are not allowed"]),
        ("*x : 1", ["f.yaml:1:1 aliases are not allowed"]),
        ("1: a", ["f.yaml:1:1 expected a string as a key, found the number 1"]),
        ("a: {true: b}", ["f.yaml:1:5 expected a string as a key, found true"]),
        ("? [a]\n: b", ["f.yaml:1:3 expected a string as a key, found a list"]),
        ("a: 1\n---\nb: 2\n", ["f.yaml:2:1 the file has more than one document"]),
        ("a: b: c", ["f.yaml:1:5 not YAML: mapping values are not allowed here"]),
        ("a:\n\tb: 1", ["f.yaml:2:1 not YAML: found character '\\t' that cannot start any token"]),
        ("a: \x07", ["f.yaml:1:4 the character U+0007 is not allowed"]),
        ('a: "\\ud800"', ["f.yaml:1:4 half a surrogate pair is not a character"]),
        ('a: "\\UFFFFFFFF"', ["f.yaml:1:1 not YAML: an escape does not name a character"]),
        ("[" * 300, ["f.yaml:1:202 nested too deeply"]),
    ],
)
def test_unsupported_or_broken_yaml_is_refused_at_its_place(text: str, expected: list[str]) -> None:
    assert list_problems(text) == expected


@pytest.mark.parametrize("text", ["[1, 2, 3, 4, 5, 6]", "{a: [1, 2], b: {c: 3, d: 4}}"])
def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(tokens, "_MOST_VALUES", 5)
    (problem,) = list_problems(text)
    assert problem.endswith("the file has more than 5 values")


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("a:\n\tb: 1", "indent with spaces"),
        ("a: {b: ${C}}", "a ${VAR} inside { } or [ ] needs quotes"),
    ],
)
def test_common_syntax_mistakes_have_a_remedy(text: str, remedy: str) -> None:
    with pytest.raises(ConfigError) as caught:
        yaml.parse(text, "f.yaml")
    assert caught.value.problems[0].remedy == remedy


def test_every_value_and_key_has_its_place() -> None:
    document = yaml.parse("a:\n  - x\n  - {b: y}\n", "f.yaml")
    assert document.values == {
        (): (1, 1),
        ("a",): (2, 3),
        ("a", 0): (2, 5),
        ("a", 1): (3, 5),
        ("a", 1, "b"): (3, 9),
    }
    assert document.keys == {("a",): (1, 1), ("a", 1, "b"): (3, 6)}


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab<", min_size=1), inner),
    max_leaves=8,
)


@settings(deadline=None)
@given(JSON_VALUES, st.booleans())
def test_yaml_from_other_writers_is_read_back(value: JsonValue, flow: bool) -> None:
    text = reference.safe_dump(
        value, default_flow_style=flow, allow_unicode=True, default_style='"'
    )
    if "!!" not in text:
        assert parse(text) == value


@settings(deadline=None)
@given(st.text(st.sampled_from("ab01:-?[]{},&*!|>'\"%@`#<$ \n\t\\~.\x00\x85é\ud800Uxu")))
def test_no_yaml_raises_anything_but_a_config_error(text: str) -> None:
    with contextlib.suppress(ConfigError):
        yaml.parse(text, "f.yaml")
