"""What is wrong with a file of test cases is said with its place and a remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sfnctl_script import Sfnctl
from testing.workflow_cases import FILE, define, task, write

from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.documents.document import LocatedDocument
from sfn_s3_cli.errors import ConfigError
from sfn_s3_cli.testing import case_file
from sfn_s3_cli.testing.runs import Planner
from sfn_s3_cli.testing.schema import json_schema
from sfn_s3_cli.testing.workflow import Workflow

DEFINITION = define(
    Copy=task(Next="Each"),
    Each={
        "Type": "Map",
        "ItemProcessor": define(Ask=task("putObject.waitForTaskToken"), Note={"Type": "Pass"}),
        "Next": "Done",
    },
    Done={"Type": "Succeed"},
)
PIPELINE = Pipeline.model_validate(
    {
        "name": "orders",
        "bucket": "acme-orders",
        "trigger": {"via": "s3", "prefix": "incoming/", "suffix": ".json", "min_size": 1},
        "state_machine": {"definition": "workflow.asl.json"},
    }
)
ONE_OF = "expected one of `return`, `throw`, `python`, `definition`, found"
GOOD = {"name": "a", "input": {}}


def list_problems(folder: Path, text: str) -> list[str]:
    """What is wrong with a file, each with its place and its remedy."""
    path = folder / FILE
    path.write_text(text)
    document = LocatedDocument("workflow.asl.json", DEFINITION, {}, {}, [])
    try:
        Planner(PIPELINE, Workflow(document)).add(case_file.load(path))
    except ConfigError as error:
        return [
            f"{each.line}:{each.column} {each.message.replace(f'{folder}/', '')}"
            + (f" -> {each.remedy}" if each.remedy else "")
            for each in error.problems
        ]
    return []


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("- a", ["1:1 expected a mapping, found a list -> write `cases:` and a list of cases"]),
        ("cases: []", ["1:8 expected 1 or more entries, found 0"]),
        (
            "cases:\n- name: a\n  name: b\n  input: 1",
            ["3:3 the key 'name' is defined twice -> remove one"],
        ),
        ("cases:\n- name: a\n", ["2:3 expected one of `object`, `event`, `input`, found none"]),
        (
            "cases:\n- {name: a, input: 1, event: {}}",
            ["2:3 expected one of `object`, `event`, `input`, found `event` and `input`"],
        ),
        (
            "cases:\n- {name: a, input: 1, expcet: {}}",
            ["2:23 unknown key 'expcet' -> did you mean 'expect'?"],
        ),
        ("case: []", None),
    ],
)
def test_a_file_that_breaks_the_schema_is_refused(
    tmp_path: Path, text: str, problems: list[str] | None
) -> None:
    found = list_problems(tmp_path, text)
    if problems is None:
        assert "1:1 unknown key 'case' -> did you mean 'cases'?" in found
    else:
        assert [each[: len(words)] for each, words in zip(found, problems, strict=True)] == problems


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        (
            {"mocks": {"Cop": {"return": 1}}},
            "the definition has no state 'Cop' -> did you mean 'Copy",
        ),
        (
            {"mocks": {"Done": {"return": 1}}},
            "'Done' is a Succeed: only a Task calls a service, and a Map with an ItemReader ->",
        ),
        ({"mocks": {"Copy": {}}}, f"{ONE_OF} none"),
        (
            {"mocks": {"Copy": [{"return": 1, "throw": {"error": "a"}}]}},
            f"{ONE_OF} `return` and `throw`",
        ),
        ({"mocks": {"Copy": 5}}, "expected a mapping, found the number 5"),
        (
            {"mocks": {"Copy": {"throw": {"eror": "a"}}}},
            "unknown key 'eror' -> did you mean 'error",
        ),
        (
            {"mocks": {"Copy": {"python": "copy"}}},
            "expected the name of a file and a function, found 'copy' -> write FILE.py:FUNCTION",
        ),
        (
            {"mocks": {"Copy": {"python": "no.py:copy"}}},
            "no.py cannot be read: No such file or directory",
        ),
        (
            {"mocks": {"Copy": {"python": "mocks.py:copi"}}},
            "mocks.py has no function 'copi' -> did you mean 'copy'?",
        ),
        ({"mocks": {"Copy": {"python": "bad.py:f"}}}, "bad.py is not Python: "),
        (
            {"mocks": {"Copy": {"definition": "no.asl.json"}}},
            "no.asl.json: the file does not exist",
        ),
        (
            {"mocks": {"Copy": {"return": 1, "mocks": {"A": {"return": 1}}}}},
            "`mocks` belong to a `definition` -> add it, or remove `mocks`",
        ),
        (
            {"mocks": {"config": "no.json", "test_case": "a"}},
            "no.json: the file does not exist",
        ),
        ({"mocks": {"config": "no.json"}}, "the key 'test_case' is missing -> add it"),
        (
            {"answers": {"Copy": {"return": 1}}},
            "'Copy' is a Task: it does not wait for a task token -> remove it",
        ),
        ({"from": "Xyz"}, "the definition has no state 'Xyz' -> it has Copy, Each, Done"),
        (
            {"from": "Copy", "to": "Note"},
            "'Note' is not beside 'Copy' -> name two states of the same branch, Map or definition",
        ),
        (
            {"from": "Copy", "item": {"index": 1}},
            "only an iteration of a Map has an item -> remove it, or add a `from` inside a Map",
        ),
        ({"item": {"indx": 1}}, "unknown key 'indx' -> did you mean 'index'?"),
        (
            {"input": {"n": 12345678901234567890}},
            "the number 12345678901234567890 is too long -> write a shorter one, or put quotes",
        ),
        ({"expect": {"path": ["Copy", [["Dome"]]]}}, "the definition has no state 'Dome' -> did"),
        ({"expect": {"path": [5]}}, "expected the name of a state or a list, found the number 5"),
        ({"expect": {"calls": {"Each": {}}}}, "'Each' is a Map: only a Task calls a service"),
        ({"expect": {"attempts": {"Done": 1}}}, "'Done' is a Succeed: only a Task, a Map and a"),
        ({"expect": {"attempts": {"Copy": -1}}}, "expected at least 0, found the number -1"),
        (
            {"expect": {"error": "a", "output": 1}},
            "an execution that fails has no output -> remove it, or the failure",
        ),
        (
            {"expect": {"status": "SUCCEEDED", "cause": "a"}},
            "an execution that succeeds has no error -> remove `error` and `cause`",
        ),
        ({"expect": {"status": "OK"}}, "expected 'SUCCEEDED' or 'FAILED', found 'OK'"),
    ],
)
def test_a_case_that_does_not_fit_is_refused(tmp_path: Path, case: Any, problem: str) -> None:
    (tmp_path / "mocks.py").write_text("def copy(arguments): return 1\n")
    (tmp_path / "bad.py").write_text("def f(:\n")
    found = list_problems(tmp_path, json.dumps({"cases": [{**GOOD, **case}]}))
    assert any(each.partition(" ")[2].startswith(problem) for each in found), found


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ({"key": "other/a.json"}, "the key does not begin with 'incoming/'"),
        ({"key": "incoming/a.csv"}, "the key does not end with '.json'"),
        ({"key": "incoming/a.json", "size": 0}, "the object has 0 bytes, fewer than `min_size`, 1"),
        ({"key": "incoming/a.json", "event": "deleted"}, "`events` has only 'created'"),
        ({"key": "incoming/a.json", "body": "a", "file": "b"}, "either `body` or `file`"),
        ({"key": "incoming/a.json", "file": "no"}, "no cannot be read: No such file or directory"),
        ({"key": "incoming/a.json", "body": "a", "version_id": "v"}, "content has no `version_id`"),
        ({"key": "incoming/a.json", "event": "deleted", "body": "a"}, "deleted object has no cont"),
        ({"kee": "incoming/a.json"}, "the key 'key' is missing"),
    ],
)
def test_an_object_that_starts_nothing_is_refused(
    tmp_path: Path, wanted: Any, problem: str
) -> None:
    found = list_problems(tmp_path, json.dumps({"cases": [{"name": "a", "object": wanted}]}))
    assert problem in found[0]


def test_an_event_must_be_of_the_source(tmp_path: Path) -> None:
    case: dict[str, Any] = {"name": "a", "event": {"detail": {"object": {"key": "a"}}}}
    assert list_problems(tmp_path, json.dumps({"cases": [case]})) == []
    trigger = PIPELINE.trigger.model_copy(update={"input": "object"})
    pipeline = PIPELINE.model_copy(update={"trigger": trigger})
    document = LocatedDocument("workflow.asl.json", DEFINITION, {}, {}, [])
    with pytest.raises(ConfigError) as caught:
        Planner(pipeline, Workflow(document)).add(case_file.load(tmp_path / FILE))
    [problem] = caught.value.problems
    assert problem.message == "the event has no `detail.reason`"
    assert problem.remedy == "write an event of `via: s3`, or use `input`"


def test_two_cases_need_two_names(tmp_path: Path) -> None:
    text = "cases:\n- {name: a, input: 1}\n- {name: a, input: 2}\n"
    assert list_problems(tmp_path, text) == ["3:10 two cases are called 'a' -> rename one of them"]


def test_every_problem_of_every_file_is_shown(sfnctl: Sfnctl) -> None:
    write(sfnctl, define(Done={"Type": "Succeed"}), {"input": 1, "to": "Don"})
    sfnctl.write("other.test.yaml", "cases:\n- {name: b, input: 1, from: Nope}\n")
    ended = sfnctl("test", code=2)
    assert ended.err.splitlines() == [
        "other.test.yaml:2:29: the definition has no state 'Nope'",
        "    it has Done",
        f"{FILE}:1:49: the definition has no state 'Don'",
        "    did you mean 'Done'?",
        "Error: 2 problems in the test cases",
    ]
    assert ended.out == ""


def test_without_a_case_nothing_has_passed(sfnctl: Sfnctl) -> None:
    write(sfnctl, define(Done={"Type": "Succeed"}), {"input": 1})
    assert "no case has 'nope' in its name" in sfnctl("test", "-k", "nope", code=2).err
    (sfnctl.folder / FILE).unlink()
    assert sfnctl("test", code=2).err == (
        "Error: this folder has no file with test cases (NAME.test.yaml)\n"
        "Hint: run `sfnctl test --init` to write a first one beside the definition\n"
    )
    assert "the file does not exist" in sfnctl("test", "absent.test.yaml", code=2).err


def test_a_wrong_definition_is_an_error_of_usage(sfnctl: Sfnctl) -> None:
    write(sfnctl, define(Done={"Type": "Pass", "Next": "Nope"}), {"input": 1})
    assert "Nope" in sfnctl("test", code=2).err
    write(sfnctl, define(Done={"Type": "Succeed"}), {"input": 1})
    sfnctl.write("other.asl.json", json.dumps(define(Done={"Type": "Pas"})))
    cases = {"definition": "other.asl.json", "cases": [GOOD]}
    sfnctl.write(FILE, json.dumps(cases))
    assert "other.asl.json:1:" in sfnctl("test", code=2).err
    sfnctl.write(FILE, json.dumps({**cases, "definition": "no.asl.json"}))
    assert f"{FILE}:1:16: no.asl.json: the file does not exist" in sfnctl("test", code=2).err


def test_a_file_can_test_another_definition(sfnctl: Sfnctl) -> None:
    write(sfnctl, define(Done={"Type": "Succeed"}), {"input": 1})
    sfnctl.write("other.asl.json", json.dumps(define(Other={"Type": "Succeed"})))
    (sfnctl.folder / "tests").mkdir()
    case = {**GOOD, "expect": {"path": ["Other"]}}
    sfnctl.write(f"tests/{FILE}", json.dumps({"definition": "../other.asl.json", "cases": [case]}))
    assert "1 passed" in sfnctl("test", "tests").out


def test_every_key_of_a_case_is_described() -> None:
    schema = json_schema()
    levels = [each for each in schema["$defs"].values() if "properties" in each]
    for level in (schema, *levels):
        assert level["additionalProperties"] is False
        for key, value in level["properties"].items():
            described = value if "$ref" not in value else schema["$defs"]["Expect"]
            assert described["description"].endswith("."), key


def test_the_schema_is_printed_for_editors(sfnctl: Sfnctl) -> None:
    assert json.loads(sfnctl("schema", "test").out) == json_schema()
