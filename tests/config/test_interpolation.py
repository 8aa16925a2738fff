from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.config.interpolate import interpolate

VARIABLES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@settings(deadline=None)
@given(TEXTS.filter(lambda text: "${" not in text))
def test_text_without_a_reference_is_unchanged(text: str) -> None:
    assert interpolate(text, {}) == (text, [])


@settings(deadline=None)
@given(TEXTS)
def test_a_doubled_dollar_keeps_any_text(text: str) -> None:
    assert interpolate(text.replace("${", "$${"), {}) == (text, [])


@settings(deadline=None)
@given(VARIABLES, TEXTS, TEXTS.filter(lambda text: "$" not in text))
def test_a_value_replaces_its_reference(name: str, value: str, around: str) -> None:
    text = f"{around}${{{name}}}{around}"
    assert interpolate(text, {name: value}) == (f"{around}{value}{around}", [])


@settings(deadline=None)
@given(st.text(st.sampled_from("$${}:-?AB_ é")))
def test_no_text_raises_an_error(text: str) -> None:
    interpolate(text, {"A": "", "B": "b"})


def test_a_default_replaces_an_unset_or_empty_variable() -> None:
    assert interpolate("${A:-x} ${B:-y} ${C:-z} ${C:-}", {"A": "", "B": "b"})[0] == "x b z "


def test_an_empty_variable_is_a_value() -> None:
    assert interpolate("<${A}>", {"A": ""}) == ("<>", [])


def test_a_variable_that_is_not_utf_8_is_refused() -> None:
    _, findings = interpolate("${A}", {"A": "caf\udce9"})
    assert [each.message for each in findings] == ["the environment variable A is not UTF-8"]
