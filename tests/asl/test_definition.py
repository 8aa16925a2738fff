from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.asl.language import definition
from sfn_s3_cli.asl.language.definition import Loaded
from sfn_s3_cli.errors import ConfigError

SAMPLES = sorted(Path(__file__).parents[2].joinpath("../shared/samples/asl").glob("*.asl.*"))


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def loaded(text: str, name: str = "w.asl.json", **substitutions: str | float) -> Loaded:
    Path(name).write_text(text, encoding="utf-8")
    return definition.load(Path(name), substitutions)


def load(text: str, name: str = "w.asl.json", **substitutions: str | float) -> dict[str, Any]:
    value: dict[str, Any] = loaded(text, name, **substitutions).document.value
    return value


def problems(text: str, name: str = "w.asl.json", **substitutions: str | float) -> list[str]:
    """Every problem of the file and its placeholders, as `place message (hint)`."""
    try:
        document = loaded(text, name, **substitutions).document
        told = document.problems(document.faults)
    except ConfigError as error:
        told = list(error.problems)
    return [
        f"{each.location} {each.message}" + (f" ({each.remedy})" if each.remedy else "")
        for each in told
    ]


def with_state(state: dict[str, Any]) -> str:
    return json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", **state}}})


@pytest.mark.parametrize("name", ["w.json", "w.yaml", "w.yml"])
def test_json_and_yaml_say_the_same(name: str) -> None:
    text = with_state({"End": True, "Result": [1, 1.5, None, "x"]})
    assert load(text, name) == json.loads(text)


def test_a_lone_placeholder_takes_the_type_of_its_value() -> None:
    state = load(
        with_state({"Seconds": "${Seconds}", "End": "${End}", "Rate": "${Rate}"}),
        Seconds=30,
        End=True,
        Rate=1.5,
    )["States"]["A"]
    assert state == {"Type": "Pass", "Seconds": 30, "End": True, "Rate": 1.5}


def test_a_placeholder_inside_a_string_or_a_key_becomes_text() -> None:
    state = load(
        with_state({"Result": {"${Table}": "arn:${Table}:${Limit}:${Fast}"}}),
        Table="orders",
        Limit=3,
        Fast=True,
    )["States"]["A"]
    assert state["Result"] == {"orders": "arn:orders:3:true"}


def test_a_doubled_dollar_and_other_braces_stay() -> None:
    state = load(with_state({"Result": "$${Table} {% ${ 'a': 1 } %} $$.Task ${}"}))["States"]["A"]
    assert state["Result"] == "${Table} {% ${ 'a': 1 } %} $$.Task ${}"


@settings(deadline=None)
@given(value=st.text(st.characters(exclude_categories=["Cs"])))
def test_no_substituted_value_can_break_the_syntax(
    tmp_path_factory: pytest.TempPathFactory, value: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "substituted.asl.yaml"
    path.write_text("StartAt: A\nStates: {A: {Type: Pass, Result: '<${X}>'}}\n", encoding="utf-8")
    state = definition.load(path, {"X": value}).document.value["States"]["A"]
    assert state == {"Type": "Pass", "Result": f"<{value}>"}


def test_everything_wrong_with_a_file_is_told_at_once_where_it_stands() -> None:
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
    assert sorted(problems(text, Table="orders", E="e")) == [
        (
            "w.asl.json:4:22 nothing is substituted for ${Other}"
            " (add it under state_machine.substitutions, or write `$${Other}` to keep it)"
        ),
        "w.asl.json:4:22 nothing is substituted for ${Tabel} (did you mean 'Table'?)",
        "w.asl.json:5:27 the key 'Type' stands here twice (remove one of them)",
        "w.asl.json:6:36 NaN is no number that JSON can carry (write another number, or a string)",
        (
            "w.asl.json:6:49 1e999 is no number that JSON can carry"
            " (write another number, or a string)"
        ),
        "w.asl.json:6:64 half a surrogate pair is no character (write the whole pair)",
        "w.asl.json:7:31 two keys become 'e' here (rename one of them)",
    ]


def test_a_placeholder_without_a_substitution_stays() -> None:
    assert load(with_state({"Result": "${Table}"}))["States"]["A"]["Result"] == "${Table}"


def test_what_is_substituted_nowhere_is_known_when_nothing_lacks() -> None:
    assert loaded(with_state({"Result": "${A}"}), A=1, B=2, C=3).unused == ("B", "C")
    assert loaded(with_state({"Result": "${A}"}), B=2, C=3).unused == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n", "1:1 the file is empty"),
        ("[]", "1:1 expected a mapping, found a list"),
        ('{"a":\n }', "2:2 not JSON: expecting value"),
        (
            '{"Comment": "${A}",\n "Resources": {}}',
            "2:2 this is a template (put the definition itself in a file)",
        ),
        ('{"a": 1,}', "1:9 not JSON: expecting property name enclosed in double quotes"),
        ('["a",\n]', "2:1 not JSON: expecting value (remove the comma before it)"),
        (
            '{"a": 1, // one\n}',
            (
                "1:10 not JSON: expecting property name enclosed in double quotes"
                " (remove the comment: JSON has none)"
            ),
        ),
        (
            "{'a': 1}",
            (
                "1:2 not JSON: expecting property name enclosed in double quotes"
                ' (write it in double quotes: "...")'
            ),
        ),
        ("[" * 100_000 + "]" * 100_000, "1:1 nested too deeply"),
        ("[" * 300 + "]" * 300, "1:202 nested too deeply"),
    ],
)
def test_what_is_no_definition_at_all(text: str, expected: str) -> None:
    assert problems(text)[0].startswith(f"w.asl.json:{expected}")


def test_yaml_that_cloudformation_would_understand_is_refused() -> None:
    text = "StartAt: A\nStates:\n  A: {Type: Task, Resource: !GetAtt Function.Arn}\n"
    assert problems(text, "w.yaml") == [
        "w.yaml:3:29 tags are not allowed (leave it out; a string that begins with ! needs quotes)"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
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
def test_yaml_that_is_refused_has_its_remedy(text: str, told: str) -> None:
    assert problems(text, "w.yaml") == [f"w.yaml:{told}"]


def test_other_files_are_no_definitions() -> None:
    assert problems("", "w.txt") == [
        "w.txt a definition is a .json, .yaml or .yml file (rename it)"
    ]
    with pytest.raises(ConfigError) as caught:
        definition.load(Path("absent.json"), {})
    assert [(each.file, each.message) for each in caught.value.problems] == [
        ("absent.json", "there is no such file")
    ]


def test_a_definition_may_grow_to_the_limit_of_step_functions() -> None:
    room = 1_048_576 - len(
        json.dumps(json.loads(with_state({"Comment": ""})), separators=(",", ":"))
    )
    text = with_state({"Comment": "${Long}"})
    assert load(text, Long="é" * room)
    assert problems(text, Long="é" * (room + 1)) == [
        (
            "w.asl.json:1:1 Step Functions takes no more than 1,048,576 characters"
            " (move states into another one)"
        )
    ]


@pytest.mark.skipif(not SAMPLES, reason="the samples are not beside this checkout")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name.partition(".")[0])
def test_definitions_from_real_life_are_read(path: Path) -> None:
    names = set(re.findall(r"\$\{(\w+)\}", path.read_text(encoding="utf-8")))
    found = definition.load(path, {name: f"<{name}>" for name in names}).document.value
    assert found["StartAt"] in found["States"]
    if path.suffix == ".json":
        text = re.sub(r"\$\{(\w+)\}", r"<\1>", path.read_text(encoding="utf-8"))
        assert found == json.loads(text)


@settings(deadline=None)
@given(text=st.text(st.sampled_from('{}[],:"\\ \n01e.-aNu$tfé\ud7ff')))
def test_no_text_raises_anything_but_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.json"
    path.write_text(text, encoding="utf-8")
    with contextlib.suppress(ConfigError):
        definition.load(path, {})


def test_each_part_of_a_filled_definition_knows_its_place() -> None:
    text = '{"StartAt": "A",\n"States": {"${Name}":\n {"Type": "Pass", "End": true}}}'
    document = loaded(text, Name="A").document
    assert document.keys["States", "A"] == (2, 12)
    assert document.values["States", "A", "End"] == (3, 26)
