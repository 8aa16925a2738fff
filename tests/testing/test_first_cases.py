"""`sfnctl test --init` writes a first file with test cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from samples import DEFINITIONS, needs_samples
from sfnctl_script import Sfnctl
from testing.workflow_cases import FILE, define, task, write

from sfn_s3_cli.asl.language import definition
from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.documents.document import LocatedDocument
from sfn_s3_cli.testing import case_file, first_cases
from sfn_s3_cli.testing.runs import Planner
from sfn_s3_cli.testing.workflow import Workflow

DEFINITION = define(
    Kind={
        "Type": "Choice",
        "Choices": [
            {"Variable": "$.object.size", "NumericGreaterThan": 0, "Next": "Each"},
            {"Variable": "$.event", "StringEquals": "x", "Next": "Each"},
        ],
        "Default": "Empty: no",
    },
    Each={
        "Type": "Map",
        "ItemProcessor": define(Ask=task("putObject.waitForTaskToken")),
        "Next": "Kind 2",
    },
    **{
        "Kind 2": {
            "Type": "Choice",
            "Choices": [{"Variable": "$", "IsNull": True, "Next": "Kind"}],
            "Default": "Call",
        },
        "Call": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True},
        "Empty: no": {"Type": "Fail"},
    },
)
WRITTEN = """\
# Test cases of workflow.asl.json: `sfnctl test` runs them.
# There is one for each way through the Choices. Fill in what objects hold and calls return, until
# all pass.
cases:
  # Kind: {"Variable": "$.object.size", "NumericGreaterThan": 0}
  # Kind 2: no other rule
  - name: "Kind to Each ($.object.size > 0), Kind 2 to Call (no other rule)"
    object: {"key": "incoming/sample.json", "size": 1}
    mocks:
      Ask: {return: {}}
      Call: {return: {Payload: {}}}
    answers:
      Ask: {return: {}}
    expect:
      status: SUCCEEDED
      path: ["Kind", "Each", ["Ask"], "Kind 2", "Call"]

  # Kind: {"Variable": "$.event", "StringEquals": "x"}
  # Kind 2: no other rule
  - name: "Kind to Each ($.event = \\"x\\"), Kind 2 to Call (no other rule)"
    object: {"key": "incoming/sample.json", "size": 1}
    mocks:
      Ask: {return: {}}
      Call: {return: {Payload: {}}}
    answers:
      Ask: {return: {}}
    expect:
      status: SUCCEEDED
      path: ["Kind", "Each", ["Ask"], "Kind 2", "Call"]

  # Kind: no other rule
  - name: "Kind to Empty: no"
    object: {"key": "incoming/sample.json", "size": 1}
    expect:
      status: FAILED
      path: ["Kind", "Empty: no"]
"""


def make_pipeline(**trigger: Any) -> Pipeline:
    settings = {"via": "s3", "prefix": "incoming/", "suffix": ".json", **trigger}
    machine = {"definition": "workflow.asl.json"}
    return Pipeline.model_validate(
        {"name": "orders", "bucket": "acme", "trigger": settings, "state_machine": machine}
    )


def write_first(folder: Path, tested: Any, pipeline: Pipeline) -> list[str]:
    """Writes the file, reads it again, and returns the names of its cases."""
    workflow = Workflow(LocatedDocument("workflow.asl.json", tested, {}, {}, []))
    path = folder / "workflow.asl.json"
    written = first_cases.write(path, workflow, pipeline.trigger)
    planner = Planner(pipeline, workflow)
    planner.add(case_file.load(written.file))
    names = [each.case.name for each in planner.planned]
    assert names == [*written.names]
    return names


def test_there_is_a_case_for_each_way(tmp_path: Path) -> None:
    assert len(write_first(tmp_path, DEFINITION, make_pipeline())) == 3
    assert (tmp_path / FILE).read_text() == WRITTEN


@pytest.mark.parametrize("trigger", [{}, {"events": ["deleted"]}, {"min_size": 5, "prefix": ""}])
def test_the_object_starts_an_execution(tmp_path: Path, trigger: Any) -> None:
    assert write_first(tmp_path, DEFINITION, make_pipeline(**trigger))


def test_hostile_names_break_nothing(tmp_path: Path) -> None:
    names = ["a: b", "# c", '"d"', "{e}", "- f", "null", "g\nh", "i' *j &k", "%l", "ü"]
    states: dict[str, Any] = {"Which": {"Type": "Choice", "Choices": [], "Default": names[0]}}
    for name in names:
        rule = {"Variable": "$.\n", "IsNull": True, "Next": name}
        states["Which"]["Choices"].append(rule)
        states[name] = task()
    tested = {"StartAt": "Which", "States": states}
    assert len(write_first(tmp_path, tested, make_pipeline())) == 11


@needs_samples
@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.name)
def test_real_definitions_get_cases(tmp_path: Path, path: Path) -> None:
    assert write_first(tmp_path, definition.load(path, {}).document.value, make_pipeline())


def test_the_command_writes_what_test_runs(sfnctl: Sfnctl) -> None:
    parameters = {"Bucket": "acme-done", "Key": "a", "CopySource": "acme/a"}
    write(sfnctl, define(Copy=task(Parameters=parameters)))
    (sfnctl.folder / FILE).unlink()
    assert f"+ {FILE} with 1 case" in sfnctl("test", "--init").out
    assert "1 passed" in sfnctl("test").out
    assert "exists already" in sfnctl("test", "--init", code=2).err


READING = {
    "QueryLanguage": "JSONata",
    **define(
        Read={
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
            "Arguments": {
                "Bucket": "{% $states.input.bucket %}",
                "Key": "{% $states.input.object.key %}",
            },
            "Output": "{% $parse($states.result.Body) %}",
            "Next": "Check",
        },
        Check={
            "Type": "Choice",
            "Choices": [
                {"Condition": "{% $type($states.input) = 'array' %}", "Next": "Refuse"},
                {"Condition": "{% $count($keys($states.input)) = 0 %}", "Next": "Refuse"},
            ],
            "Default": "Done",
        },
        Refuse={"Type": "Fail"},
        Done={"Type": "Succeed"},
    ),
}


def test_cases_of_what_is_read_can_pass(sfnctl: Sfnctl) -> None:
    """Each case fails only for its condition, until its object is filled in."""
    write(sfnctl, READING)
    path = sfnctl.folder / FILE
    path.unlink()
    sfnctl("test", "--init")
    written = path.read_text()
    names = (
        "Check to Refuse ($type($states.input) = 'array')",
        "Check to Refuse ($count($keys($states.input)) = 0)",
        "Check to Done",
    )
    assert [f'name: "{each}"' in written for each in names] == [True, True, True], written
    for body in ("[1]", "{ }", '{"a": 1}'):  # case by case; a space marks what is filled in
        path.write_text(path.read_text().replace('"body": {}', f'"body": {body}', 1))
    assert "3 passed" in sfnctl("test").out


@pytest.mark.parametrize(
    ("key", "trigger", "expected"),
    [
        ("{% $key %}", {}, ('"body": {}', False)),
        ("{% $key %}", {"min_size": 9}, ('"size": 9, "body": {}', False)),
        ("{% $key %}", {"events": ["deleted"]}, ('"event": "deleted"}', True)),
        ("rules.json", {}, ('"size": 1}', True)),
    ],
)
def test_other_reads_get_mocks(
    tmp_path: Path, key: str, trigger: Any, expected: tuple[str, bool]
) -> None:
    resource = "arn:aws:states:::aws-sdk:s3:getObject"
    read = {"Type": "Task", "Resource": resource, "Arguments": {"Bucket": "b", "Key": key}}
    tested = {"QueryLanguage": "JSONata", **define(Read={**read, "End": True})}
    write_first(tmp_path, tested, make_pipeline(**trigger))
    text = (tmp_path / FILE).read_text()
    assert (expected[0] in text, "Read: {return: {Body: '{}'}}" in text) == (True, expected[1])


@pytest.mark.parametrize("more", [("-k", "a"), ("--cover",), ("--junit", "a.xml"), (FILE,)])
def test_init_refuses_what_has_no_effect(sfnctl: Sfnctl, more: tuple[str, ...]) -> None:
    error = sfnctl("test", "--init", *more, code=2).err
    assert "--init runs no case" in error
    assert f"leave out {'FILE' if more == (FILE,) else more[0]}" in error


def test_a_workflow_without_an_end_gets_no_file(sfnctl: Sfnctl) -> None:
    loop = {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "Done"}]}
    write(sfnctl, define(Loop={**loop, "Default": "Loop"}, Done={"Type": "Pass", "Next": "Loop"}))
    (sfnctl.folder / FILE).unlink()
    ended = sfnctl("test", "--init", code=2)
    assert not (sfnctl.folder / FILE).exists(), ended
