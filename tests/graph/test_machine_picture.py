"""The picture of a state machine: each state once, for any definition and any name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import DEFINITIONS, needs_samples

from sfn_s3_cli.asl.language import definition as definition_files
from sfn_s3_cli.asl.language.states import to_container, walk_states
from sfn_s3_cli.graph.machine import draw_machine, make_graph
from sfn_s3_cli.graph.mermaid import escape
from sfn_s3_cli.json_types import JsonMapping

_CODE = re.compile(r"#(\d+);")


def read_definition(path: Path) -> JsonMapping:
    definition: JsonMapping = definition_files.load(path, {}).document.value
    return definition


def count_states(definition: JsonMapping) -> int:
    return sum(1 for _ in walk_states(to_container(definition)))


@needs_samples
@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.name)
def test_each_state_of_a_sample_is_drawn_once(path: Path) -> None:
    definition = read_definition(path)
    nodes = [each for each in make_graph(definition).walk() if each.path]
    expected = [(each.path, each.name) for each in walk_states(to_container(definition))]
    assert sorted((each.path or (), each.title) for each in nodes) == sorted(expected)
    assert len({each.id for each in nodes}) == len(nodes)
    text = draw_machine(definition)
    for node in nodes:
        declared = re.findall(rf"^ *(?:subgraph )?{node.id}(?=[\[({{])", text, re.MULTILINE)
        assert len(declared) == 1, node.id
    assert draw_machine(definition) == text


@given(st.text(min_size=1, max_size=80))
def test_any_name_stays_a_label(name: str) -> None:
    label = escape(name)
    assert not set('"<>&`\\{}%;|\n') & set(_CODE.sub("", label))
    shown = _CODE.sub(lambda code: chr(int(code[1])), label).replace("\u200b", "")
    assert shown == "".join(each if each.isprintable() else " " for each in name)


@pytest.mark.parametrize(
    "definition",
    [
        {},
        {"StartAt": 1, "States": []},
        {"StartAt": "A", "States": {"A": 3, "B": {"Type": []}}},
        {"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [1, {"Next": {}}]}}},
        {"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": [{}, 1]}}},
        {"StartAt": "A", "States": {"A": {"Type": "Map", "Catch": {}, "Next": ["B"]}}},
        {"StartAt": "A", "States": {"A": {"Type": "Task", "Next": "Z", "Retry": [{}]}}},
    ],
)
def test_a_faulty_definition_is_drawn_as_far_as_it_goes(definition: JsonMapping) -> None:
    assert len([each for each in make_graph(definition).walk() if each.path]) == count_states(
        definition
    )
    assert draw_machine(definition).startswith("flowchart TD\n")
