from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import DEFINITIONS, needs_samples

from sfn_s3_cli.asl.language import definition
from sfn_s3_cli.asl.language.definition import Definition
from sfn_s3_cli.errors import ConfigError


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def load(text: str, name: str = "w.asl.json", **substitutions: str | float) -> Definition:
    Path(name).write_text(text, encoding="utf-8")
    return definition.load(Path(name), substitutions)


def load_state(text: str, **substitutions: str | float) -> Any:
    """The state 'A' of a definition."""
    return load(text, "w.asl.json", **substitutions).document.value["States"]["A"]


def list_problems(text: str, name: str = "w.asl.json", **substitutions: str | float) -> list[str]:
    """Every problem of the file and its placeholders, as `place message (remedy)`."""
    try:
        document = load(text, name, **substitutions).document
        found = document.problems(document.findings)
    except ConfigError as error:
        found = list(error.problems)
    return [
        f"{each.location} {each.message}" + (f" ({each.remedy})" if each.remedy else "")
        for each in found
    ]


def make_text(state: dict[str, Any]) -> str:
    return json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", **state}}})


@pytest.mark.parametrize("name", ["w.json", "w.yaml", "w.yml"])
def test_json_and_yaml_mean_the_same(name: str) -> None:
    text = make_text({"End": True, "Result": [1, 1.5, None, "x"]})
    assert load(text, name).document.value == json.loads(text)


def test_a_lone_placeholder_takes_the_type_of_its_value() -> None:
    text = make_text({"Seconds": "${Seconds}", "End": "${End}", "Rate": "${Rate}"})
    assert load_state(text, Seconds=30, End=True, Rate=1.5) == {
        "Type": "Pass",
        "Seconds": 30,
        "End": True,
        "Rate": 1.5,
    }


def test_a_placeholder_inside_a_string_or_a_key_becomes_text() -> None:
    text = make_text({"Result": {"${Table}": "arn:${Table}:${Limit}:${Fast}"}})
    assert load_state(text, Table="orders", Limit=3, Fast=True)["Result"] == {
        "orders": "arn:orders:3:true"
    }


def test_doubled_dollars_and_other_braces_are_literal() -> None:
    text = make_text({"Result": "$${Table} {% ${ 'a': 1 } %} $$.Task ${}"})
    assert load_state(text)["Result"] == "${Table} {% ${ 'a': 1 } %} $$.Task ${}"


@settings(deadline=None)
@given(value=st.text(st.characters(exclude_categories=["Cs"])))
def test_no_substituted_value_can_break_the_syntax(
    tmp_path_factory: pytest.TempPathFactory, value: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "substituted.asl.yaml"
    path.write_text("StartAt: A\nStates: {A: {Type: Pass, Result: '<${X}>'}}\n", encoding="utf-8")
    document = definition.load(path, {"X": value}).document
    assert document.value["States"]["A"] == {"Type": "Pass", "Result": f"<{value}>"}


def test_all_problems_are_shown_at_their_places() -> None:
    text = """\
{
  "StartAt": 1,
  "States": {
    "A": {"Comment": "${Tabel} and ${Other}"},
    "B": {"Type": "Task", "Type": "Pass"},
    "D": {"Type": null, "Seconds": NaN, "Rate": 1e999, "Text": "\\ud800"},
    "${E}": {"Type": "Pass"}, "e": {"Type": "Pass"}
  }
}
"""
    assert list_problems(text, Table="orders", E="e") == [
        "w.asl.json:4:22 ${Tabel} has no substitution (did you mean 'Table'?)",
        (
            "w.asl.json:4:22 ${Other} has no substitution"
            " (add it to state_machine.substitutions, or write `$${Other}` to keep it)"
        ),
        "w.asl.json:5:27 the key 'Type' is defined twice (remove one of them)",
        "w.asl.json:6:36 cannot read the number NaN (write another number or a string)",
        "w.asl.json:6:49 cannot read the number 1e999 (write another number or a string)",
        "w.asl.json:6:64 half a surrogate pair is not a character (write both halves)",
        "w.asl.json:7:31 two keys become 'e' (rename one of them)",
    ]


def test_a_placeholder_without_a_substitution_stays() -> None:
    assert load_state(make_text({"Result": "${Table}"}))["Result"] == "${Table}"


def test_unused_substitutions_are_listed() -> None:
    assert load(make_text({"Result": "${A}"}), A=1, B=2, C=3).unused == ("B", "C")


def test_a_missing_substitution_hides_the_unused_ones() -> None:
    assert load(make_text({"Result": "${A}"}), B=2, C=3).unused == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", "1:1 expected a mapping, found a list (write `StartAt` and `States`)"),
        (
            '{"Comment": "${A}",\n "Resources": {}}',
            "2:2 this is a template, not a definition (put the definition in its own file)",
        ),
        ("{", "1:2 not JSON: expecting property name enclosed in double quotes ("),
    ],
)
def test_json_that_is_not_a_definition_is_refused(text: str, expected: str) -> None:
    assert list_problems(text)[0].startswith(f"w.asl.json:{expected}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "StartAt: A\nStates:\n  A: {Type: Task, Resource: !GetAtt Function.Arn}\n",
            "3:29 tags are not allowed (remove it; a string that begins with ! needs quotes)",
        ),
        (
            "Output: {% $x %}\n",
            (
                "1:10 not YAML: found character '%' that cannot start any token"
                " (quote it: '{% ... %}')"
            ),
        ),
        (
            "StartAt: A\nStates: {A: {<<: {Type: Pass}}}\n",
            "2:14 merge keys are not allowed (write the keys out)",
        ),
    ],
)
def test_yaml_that_is_refused_has_a_remedy(text: str, expected: str) -> None:
    assert list_problems(text, "w.yaml") == [f"w.yaml:{expected}"]


def test_files_of_other_types_are_refused() -> None:
    assert list_problems("", "w.txt") == [
        "w.txt a definition is a .json, .yaml or .yml file (rename it)"
    ]
    with pytest.raises(ConfigError) as caught:
        definition.load(Path("absent.json"), {})
    assert [(each.file, each.message) for each in caught.value.problems] == [
        ("absent.json", "the file does not exist")
    ]


def test_definition_may_be_as_long_as_step_functions_allows() -> None:
    room = 1_048_576 - len(
        json.dumps(json.loads(make_text({"Comment": ""})), separators=(",", ":"))
    )
    text = make_text({"Comment": "${Long}"})
    assert not list_problems(text, Long="é" * room)
    assert list_problems(text, Long="é" * (room + 1)) == [
        (
            "w.asl.json:1:1 Step Functions accepts at most 1,048,576 characters"
            " (move states into another state machine)"
        )
    ]


@needs_samples
@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.name.partition(".")[0])
def test_real_definitions_are_read(path: Path) -> None:
    names = set(re.findall(r"\$\{(\w+)\}", path.read_text(encoding="utf-8")))
    value = definition.load(path, {name: f"<{name}>" for name in names}).document.value
    assert value["StartAt"] in value["States"]
    if path.suffix == ".json":
        text = re.sub(r"\$\{(\w+)\}", r"<\1>", path.read_text(encoding="utf-8"))
        assert value == json.loads(text)


def test_substituted_keys_keep_their_places() -> None:
    text = '{"StartAt": "A",\n"States": {"${Name}":\n {"Type": "Pass", "End": true}}}'
    document = load(text, Name="A").document
    assert document.keys["States", "A"] == (2, 12)
    assert document.values["States", "A", "End"] == (3, 26)
