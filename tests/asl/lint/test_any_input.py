"""Checks random values: no finding lacks its texts, and nothing raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH, to_container
from sfn_s3_cli.asl.lint import variables
from sfn_s3_cli.asl.lint.linter import lint

if TYPE_CHECKING:
    from sfn_s3_cli.documents.findings import Finding


def lint_state(language: str = JSONPATH, **fields: Any) -> list[Finding]:
    findings = lint({"StartAt": "A", "QueryLanguage": language, "States": {"A": fields}})
    assert all(each.message and each.remedy for each in findings)
    return findings


_TEXT = st.text("$.[](),'\\{}a1 ", max_size=30)


@settings(deadline=None)
@given(st.sampled_from(["", "States.Format(", "States.UUID(", "$"]), _TEXT, st.sampled_from("a$"))
def test_checks_any_template(start: str, text: str, end: str) -> None:
    template = {f"a.{end}": start + text, "b": [{"c.$": text}, text]}
    found = lint_state(Type="Pass", Parameters=template, End=True)
    codes = {"CONTEXT_FIELD", "INVALID_PATH", "INVALID_INTRINSIC", "NO_PATH", "NO_DOLLAR"}
    assert {each.code for each in found} <= codes | {"POSSIBLY_UNDEFINED_VARIABLE"}


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("$.[]()'\"?@*,:\\a0 "),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("$.a"), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(_VALUES)
def test_checks_any_value_of_a_path(value: Any) -> None:
    lint_state(Type="Map", InputPath=value, ItemsPath=value, ResultPath=value, End=True)
    lint_state(Type="Map", MaxConcurrencyPath=value, End=True)
    lint_state(Type="Task", TimeoutSecondsPath=value, End=True)
    lint_state(Type="Fail", CausePath=value)


@settings(deadline=None)
@given(st.text("$.[](){}'\"`?:@#^~>|*%&=<;, /\\abc12\n", max_size=30))
def test_checks_any_jsonata(text: str) -> None:
    lint_state(JSONATA, Type="Pass", Output={"a": f"{{%{text}%}}", "b.$": [text]}, End=True)


_KEYS = st.sampled_from(
    ["Type", "States", "Assign", "Catch", "Choices", "Branches", "ItemProcessor", "x.$", "Output"]
)
_JSON = st.recursive(
    st.sampled_from([None, True, 1, "Map", "Parallel", "{% $x %}", "$x", "States.Array($y)"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(_KEYS, _JSON), st.sampled_from([JSONATA, JSONPATH]))
def test_checks_variables_of_any_definition(definition: dict[str, Any], language: str) -> None:
    start = to_container({**definition, "QueryLanguage": language})
    for finding in (*variables.check(start), *variables.check_order(start)):
        assert finding.message
