from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.config.interpolate import interpolate

VARIABLES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@settings(deadline=None)
@given(TEXTS.filter(lambda text: "${" not in text))
def test_text_without_a_reference_is_left_alone(text: str) -> None:
    assert interpolate(text, {}) == (text, [])


@settings(deadline=None)
@given(TEXTS)
def test_a_doubled_dollar_gives_any_text_back(text: str) -> None:
    assert interpolate(text.replace("${", "$${"), {}) == (text, [])


@settings(deadline=None)
@given(VARIABLES, TEXTS, TEXTS.filter(lambda text: "$" not in text))
def test_a_value_stands_where_its_reference_stood(name: str, value: str, around: str) -> None:
    text = f"{around}${{{name}}}{around}"
    assert interpolate(text, {name: value}) == (f"{around}{value}{around}", [])


@settings(deadline=None)
@given(TEXTS, st.dictionaries(VARIABLES, TEXTS))
def test_no_text_is_too_odd(text: str, environ: dict[str, str]) -> None:
    interpolate(text, environ)


def test_a_default_stands_in_for_what_is_unset_or_empty() -> None:
    assert interpolate("${A:-x} ${B:-y} ${C:-z} ${C:-}", {"A": "", "B": "b"})[0] == "x b z "


def test_an_empty_variable_is_a_value_when_nothing_else_is_said() -> None:
    assert interpolate("<${A}>", {"A": ""}) == ("<>", [])


def test_bytes_that_are_no_text_are_refused() -> None:
    _, complaints = interpolate("${A}", {"A": "caf\udce9"})
    assert [complaint.message for complaint in complaints] == [
        "the environment variable A is not UTF-8"
    ]
