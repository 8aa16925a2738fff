"""The reports of `sfnctl test`: text, JSON, JUnit XML and annotations."""

from __future__ import annotations

import importlib.util
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from sfnctl_script import Sfnctl
from testing.workflow_cases import FILE, define, run, task, write

from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.testing.interpreter import run_all

CHOOSE = define(
    Choose={
        "Type": "Choice",
        "Choices": [
            {"Variable": "$.n", "NumericEquals": 1, "Next": "Copy"},
            {"Variable": "$.n", "NumericEquals": 2, "Next": "Done"},
        ],
        "Default": "Done",
    },
    Copy=task(
        Parameters={"Bucket": "acme-done", "Key": "a", "CopySource": "acme/a"},
        Retry=[{"ErrorEquals": ["Again"]}],
        Catch=[{"ErrorEquals": ["Boom"], "Next": "Done"}],
        Next="Done",
    ),
    Done={"Type": "Succeed"},
)
CASES: list[dict[str, Any]] = [
    {"name": "good", "input": {"n": 1}, "mocks": {"Copy": {"return": {}}}},
    {"name": "bad \x1b[31m", "input": {"n": 2}, "expect": {"exactly": {"n": 3}}},
    {"name": "no mock", "input": {"n": 1}},
]
TEXT = """\
workflow.test.yaml:1  good  PASSED
workflow.test.yaml:1  bad \\x1b[31m  FAILED
workflow.test.yaml:1  no mock  ERROR

workflow.test.yaml:1: bad \\x1b[31m
    output.n
        expected  3
        found     2

workflow.test.yaml:1: no mock
    the state 'Copy' calls arn:aws:states:::aws-sdk:s3:copyObject, which has no mock
    arguments  {"Bucket": "acme-done", "Key": "a", "CopySource": "acme/a"}
    write `mocks: {Copy: {return: ...}}`, or give the object a `body` or a `file`

1 error, 1 failed, 1 passed in N s
"""


@pytest.fixture
def project(sfnctl: Sfnctl) -> Sfnctl:
    """A workflow with a case that passes, one that fails, and one that has an error."""
    write(sfnctl, CHOOSE, *CASES)
    return sfnctl


def test_text_explains_what_did_not_pass(project: Sfnctl) -> None:
    shown = project("test", code=1).out
    assert re.sub(r"\d+\.\d\d s$", "N s", shown, flags=re.MULTILINE) == TEXT


def test_k_runs_cases_by_their_names(project: Sfnctl) -> None:
    assert [each["name"] for each in run(project, "-k", "GOOD", code=0)] == ["good"]


def test_many_cases_have_a_letter_each(sfnctl: Sfnctl) -> None:
    names = [f"case {number}" for number in range(101)]
    cases: list[Any] = [{"name": name, "input": {"n": 3}} for name in names]
    cases[90]["expect"] = {"path": []}
    write(sfnctl, CHOOSE, *cases)
    assert sfnctl("test", code=1).out.splitlines()[:2] == ["." * 80, f"{'.' * 10}F{'.' * 10}"]


def test_junit_xml_has_each_case(project: Sfnctl) -> None:
    project("test", "--junit", "out.xml", code=1)
    [suite] = ET.parse(project.folder / "out.xml").getroot()
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "3", "failures": "1", "errors": "1", "skipped": "0"}
    assert [each.get("name") for each in suite] == ["good", "bad \\x1b[31m", "no mock"]
    assert [[inside.tag for inside in each] for each in suite] == [[], ["failure"], ["error"]]
    assert suite[1][0].get("message") == "output.n: expected 3, found 2"
    assert suite[0].get("classname") == "workflow.test"


@pytest.mark.parametrize("path", ["absent/out.xml", ".", "-"])
def test_a_junit_file_that_cannot_be_written_is_refused(project: Sfnctl, path: str) -> None:
    ended = project("test", "--junit", path, code=2)
    assert ended.out == ""


def test_annotations_are_at_the_line_of_the_case(project: Sfnctl) -> None:
    text = "cases:\n- {name: a, input: {n: 3}}\n- {name: b, input: {n: 3}, expect: {output: 5}}\n"
    project.write(FILE, text)
    project.environ |= {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(project.folder)}
    (line,) = project("test", code=1).err.splitlines()
    assert line.startswith(
        f"::error file={FILE},line=3,col=3,title=TEST_FAILED::b: output: expected"
    )


def test_cover_lists_what_no_case_reaches(project: Sfnctl) -> None:
    write(project, CHOOSE, CASES[0])
    lines = project("test", "--cover").out.splitlines()
    assert [each.partition(": ")[2] for each in lines if "no case" in each] == [
        "no case reaches Choices[1] of 'Choose'",
        "no case reaches the Default of 'Choose'",
        "no case reaches Retry[0] of 'Copy'",
        "no case reaches Catch[0] of 'Copy'",
    ]
    assert "Covered: 4 of 8 (50%) states, rules, retries and catches" in lines


def test_cover_tells_definitions_apart(project: Sfnctl) -> None:
    project.write("other.asl.json", json.dumps(define(Copy={"Type": "Pass", "End": True})))
    project.write(
        "other.test.yaml",
        json.dumps({"definition": "other.asl.json", "cases": [{"name": "other", "input": {}}]}),
    )
    write(project, CHOOSE, {"input": {"n": 2}})
    coverage = project("test", "--cover", "-o", "json").document["coverage"]
    missed = {(each["file"], each["state"]) for each in coverage["missed"] if not each["field"]}
    assert {(Path(file).name, state) for file, state in missed} == {("workflow.asl.json", "Copy")}


def test_cover_counts_a_retrier_that_forbids_retries(sfnctl: Sfnctl) -> None:
    retry = [{"ErrorEquals": ["Never"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"]}]
    parameters = {"Bucket": "acme-done", "Key": "a", "CopySource": "acme/a"}
    mocks = {"Copy": {"throw": {"error": "Never"}}}
    case = {"input": {}, "mocks": mocks, "expect": {"error": "Never", "attempts": {"Copy": 1}}}
    write(sfnctl, define(Copy=task(Parameters=parameters, Retry=retry)), case)
    coverage = sfnctl("test", "--cover", "-o", "json").document["coverage"]
    assert [(each["field"], each["index"]) for each in coverage["missed"]] == [("Retry", 1)]


def test_cover_does_not_count_cases_with_errors(project: Sfnctl) -> None:
    write(project, CHOOSE, {"input": {"n": 1}})
    coverage = project("test", "--cover", "-o", "json", code=1).document["coverage"]
    assert len(coverage["missed"]) == coverage["parts"] == 8


def test_cover_counts_every_decision(project: Sfnctl) -> None:
    errors = [{"throw": {"error": each}} for each in ("Again", "Boom")]
    more: list[Any] = [
        {"input": {"n": 2}},
        {"input": {"n": 3}},
        {"input": {"n": 1}, "mocks": {"Copy": errors}},
    ]
    write(project, CHOOSE, *more)
    coverage = project("test", "--cover", "-o", "json").document["coverage"]
    assert coverage == {"parts": 8, "missed": []}


DOCS = (Path(__file__).parents[2] / "docs" / "testing.md").read_text()


def test_the_example_of_the_docs_passes(sfnctl: Sfnctl) -> None:
    copy = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:copyObject",
        "Arguments": {
            "CopySource": "{% $states.input.bucket & '/' & $states.input.object.key %}",
            "Bucket": "{% $states.input.bucket %}",
            "Key": "{% 'processed/' & $substringAfter($states.input.object.key, '/') %}",
        },
        "Retry": [{"ErrorEquals": ["S3.S3Exception"], "MaxAttempts": 1}],
        "End": True,
    }
    write(sfnctl, {"QueryLanguage": "JSONata", **define(Copy=copy)})
    example, shown = (
        re.search(rf"```{name}\n(.*?)```", DOCS, re.DOTALL) for name in ("yaml", "console")
    )
    assert example
    assert shown
    sfnctl.write(FILE, example[1])
    expected = shown[1].partition("\n")[2].splitlines()
    assert sfnctl("test").out.splitlines()[:3] == expected[:3]
    mock = re.search(r"```python\n(.*?)```", DOCS, re.DOTALL)
    assert mock
    sfnctl.write("mocks.py", mock[1])
    case = {"object": {"key": "incoming/a.tmp"}, "mocks": {"Copy": {"python": "mocks.py:copy"}}}
    write(sfnctl, {"QueryLanguage": "JSONata", **define(Copy=copy)}, case)
    [ran] = run(sfnctl)
    assert (ran["error"], ran["cause"]) == ("S3.S3Exception", "Access Denied")


def test_without_the_emulator_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SfnctlError) as caught:
        next(run_all([]))
    assert caught.value.message == "`sfnctl test` needs the package ministack"
    assert caught.value.remedy == "install sfnctl with its extra `local`"
