"""The HTML page in a real browser: every state can be chosen, and nothing overlaps."""

from __future__ import annotations

import itertools
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from graph.chromium import check_page, needs_chromium
from samples import DEFINITIONS

from sfn_s3_cli.asl.language import definition as definition_files
from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.executions.details import ExecutionDetails
from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.executions.steps import History, Step, StepStatus
from sfn_s3_cli.graph.mermaid import write_mermaid
from sfn_s3_cli.graph.model import Mark
from sfn_s3_cli.graph.page import write_page
from sfn_s3_cli.graph.picture import Part, Picture, make_picture
from sfn_s3_cli.json_types import JsonMapping

PICTURES = sorted((Path(__file__).parents[2] / "docs" / "pictures").glob("*.asl.yaml"))
TEST_ALL = "TEST_ALL" in os.environ
SAMPLED = DEFINITIONS if TEST_ALL else DEFINITIONS[3:4]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PIPELINE = Pipeline.model_validate(
    {"name": "orders", "bucket": {"name": "acme"}, "state_machine": {"definition": "a.json"}}
)
HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    '"]; click s1 call alert()',
    "#quot;&lt;%%{init: {}}%%",
    "`**md**` $$x^2$$ fa:fa-ban style:#x;",
    "1. end subgraph\n---\n\\n <br>",
    "\u202ereversed \x1b[31m \ud800",
    "日本語の長い名前がここにあります" * 5,
    "x" * 80,
    "__SVG__ __proto__",
]


def chain(names: list[str]) -> dict[str, Any]:
    """A definition whose states run one after the other."""
    states = {name: {"Type": "Pass", "Next": after} for name, after in itertools.pairwise(names)}
    return {"StartAt": names[0], "States": {**states, names[-1]: {"Type": "Succeed"}}}


def draw(definition: JsonMapping, *steps: Step) -> Picture:
    details = None
    if steps:
        execution = Execution("arn:a:b", "run", "FAILED", NOW, error="Gone", failed_state="<b>")
        details = ExecutionDetails(execution, History(steps, len(steps)), NOW, output=None)
    return make_picture(PIPELINE, definition, Part.MACHINE, details)


def make_step(name: str, status: StepStatus, **more: Any) -> Step:
    return Step(name, "Pass", (), status, NOW, NOW + timedelta(seconds=2), **more)


@needs_chromium
@pytest.mark.parametrize("path", [*PICTURES, *SAMPLED], ids=lambda path: path.name)
def test_every_state_can_be_chosen(path: Path, tmp_path: Path) -> None:
    picture = draw(definition_files.load(path, {}).document.value)
    checked = check_page(write_page(picture), tmp_path)
    assert checked.problems == []
    assert checked.states == len(picture.definitions) > 0


@needs_chromium
@pytest.mark.skipif(not TEST_ALL, reason="takes about half a minute; TEST_ALL runs it")
def test_a_hundred_states_stay_apart(tmp_path: Path) -> None:
    states: dict[str, Any] = {}
    for number in range(0, 100, 2):
        ahead = f"State {min(number + 6, 99)}"
        rule = {"Variable": "$.n", "NumericEquals": number, "Next": ahead}
        after = f"State {number + 1}"
        states[f"State {number}"] = {"Type": "Choice", "Choices": [rule], "Default": after}
        states[after] = {"Type": "Pass", "Next": f"State {number + 2}"}
    states["State 99"] = {"Type": "Succeed"}
    checked = check_page(write_page(draw({"StartAt": "State 0", "States": states})), tmp_path)
    assert (checked.problems, checked.states) == ([], 100)


@needs_chromium
def test_hostile_names_and_data_are_only_text(tmp_path: Path) -> None:
    steps = [
        make_step(name, StepStatus.FAILED, error=name, cause=name, input=name, output=name)
        for name in HOSTILE
    ]
    page = write_page(draw(chain(HOSTILE), *steps))
    checked = check_page(page, tmp_path)
    assert (checked.problems, checked.states) == ([], len(HOSTILE))
    assert page.count("<script") == 2
    assert "<img" not in checked.dom


def test_a_page_loads_nothing_from_the_network() -> None:
    page = write_page(draw(chain(["A", "B"])))
    assert "default-src 'none'" in page
    names = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert set(re.findall(r"https?://[^\"'\s)]+", page)) <= names


def test_many_steps_of_a_state_are_cut_off() -> None:
    good = [make_step("A", StepStatus.SUCCEEDED, output="1") for _ in range(30)]
    bad = make_step("A", StepStatus.FAILED, input='"' + "x" * 30_000 + '"')
    page = write_page(draw(chain(["A", "B"]), *good, bad))
    assert '"left_out": "11 more steps of this state"' in page
    assert "x… (10,002 more characters)" in page
    assert page.index("FAILED after 2.0s") < page.index("SUCCEEDED after 2.0s")


def test_unread_steps_are_not_called_not_run() -> None:
    execution = Execution("arn:a:b", "run", "SUCCEEDED", NOW)
    details = ExecutionDetails(execution, History((), 0), NOW, steps_not_read="no history")
    picture = make_picture(PIPELINE, chain(["A", "B"]), Part.MACHINE, details)
    states = [each for each in picture.graph.walk() if each.path]
    assert [(each.mark, each.lines) for each in states] == [
        (Mark.UNREAD, (each, "not read")) for each in ("Pass", "Succeed")
    ]


def test_states_of_a_map_run_are_not_read() -> None:
    inner = {"StartAt": "No", "States": {"No": {"Type": "Fail"}}}
    each = {
        "Type": "Map",
        "MaxConcurrency": 5,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, **inner},
        "End": True,
    }
    error = "States.ExceedToleratedFailureThreshold"
    step = replace(make_step("E" * 80, StepStatus.FAILED, error=error), map_run_arn="arn")
    definition = {"StartAt": "E" * 80, "States": {"E" * 80: each}}
    picture = draw(definition, step)
    text = write_mermaid(picture.graph)
    assert '(["No<br>Fail<br>not read"])' in text
    assert "classDef fail " not in text
    assert f"E#8230;, FAILED after 2.0s, error {error}" in text
