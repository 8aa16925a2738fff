"""`sfnctl test --record`: from an execution to a case that passes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pipelines import machine, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws

S3 = "arn:aws:states:::aws-sdk:s3:"
RETRY = [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 1}]
COPY: dict[str, Any] = {
    "QueryLanguage": "JSONata",
    "StartAt": "Key",
    "States": {
        "Key": {
            "Type": "Pass",
            "Assign": {"key": "{% $states.input.object.key %}"},
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "Items": ["a", "b"],
            "ItemSelector": {"to": "{% $states.context.Map.Item.Value %}"},
            "ItemProcessor": {
                "StartAt": "Copy",
                "States": {
                    "Copy": {
                        "Type": "Task",
                        "Resource": f"{S3}copyObject",
                        "Arguments": {
                            "Bucket": "BUCKET",
                            "CopySource": "{% 'BUCKET/' & $key %}",
                            "Key": "{% 'done/' & $states.input.to %}",
                        },
                        "End": True,
                    }
                },
            },
            "Next": "Read",
        },
        "Read": {
            "Type": "Task",
            "Resource": f"{S3}getObject",
            "Arguments": {"Bucket": "BUCKET", "Key": "incoming/gone.json"},
            "Retry": RETRY,
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "None"}],
            "End": True,
        },
        "None": {"Type": "Pass", "Output": {"found": False}, "End": True},
    },
}


@pytest.fixture
def deployed(project: Sfnctl, aws: Aws, bucket: str, account: str) -> Sfnctl:
    """The pipeline copies twice, and then misses an object twice."""
    deploy(project, account, bucket)
    aws.s3.put_object(Bucket=bucket, Key="incoming/a.json", Body=b"{}")
    project("watch-executions", "--since", "15m", "--count", "1", "--timeout", "60s")
    return project


def deploy(project: Sfnctl, account: str, bucket: str, **settings: Any) -> None:
    trigger = {"via": "s3", "prefix": "incoming/", "input": "object"}
    statements = [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]
    role = {"statements": statements}
    config = pipeline_config(account, trigger=trigger, state_machine=machine(role=role, **settings))
    project.write("sfnctl.yaml", config)
    project.write("workflow.asl.json", json.dumps(COPY).replace("BUCKET", bucket))
    project("deploy", "--yes")


def test_a_recorded_execution_passes_as_a_case(deployed: Sfnctl) -> None:
    ended = deployed("test", "--record", "incoming/a.json")
    assert "1 passed" in ended.out
    assert "as the case 'incoming/a.json (recorded)' in workflow.test.yaml.\n" in ended.err
    assert "Warning: the case holds the input and the results of this execution." in ended.err
    [case] = deployed("test", "--output", "json").document["cases"]
    assert case["path"] == ["Key", "Each", ["Copy"], ["Copy"], "Read", "None"]
    text = (deployed.folder / "workflow.test.yaml").read_text()
    assert "attempts: {Read: 2}" in text
    assert "ETag" in text


def test_another_record_is_added_with_a_name_of_its_own(deployed: Sfnctl) -> None:
    first = "# mine\ncases:\n  - name: by hand\n    input: {}\n    expect: {status: FAILED}\n"
    path = deployed.write("workflow.test.yaml", first)
    deployed("test", "--record", "incoming/a.json")
    execution = deployed("show", "--last", "--output", "json").document["name"]
    ended = deployed("test", "--record", execution)
    assert "'incoming/a.json (recorded) (2)'" in ended.err
    assert path.read_text().startswith(first)
    assert path.read_text().count("- name:") == 3


def test_a_case_that_does_not_pass_again_says_so(deployed: Sfnctl) -> None:
    path = deployed.folder / "workflow.asl.json"
    path.write_text(path.read_text().replace('"found": false', '"found": true'))
    ended = deployed("test", "--record", "incoming/a.json", code=1)
    assert "output.found\n        expected  false\n        found     true\n" in ended.out
    assert "another version of the definition" in ended.err
    assert (deployed.folder / "workflow.test.yaml").exists()


def test_an_express_execution_is_recorded_from_its_log(
    project: Sfnctl, aws: Aws, bucket: str, account: str
) -> None:
    logging = {"level": "all", "include_data": True}
    deploy(project, account, bucket, type="express", logging=logging)
    aws.s3.put_object(Bucket=bucket, Key="incoming/a.json", Body=b"{}")
    project("watch-executions", "--since", "15m", "--count", "1", "--timeout", "60s")
    assert "1 passed" in project("test", "--record", "incoming/a.json").out


def test_wrong_uses_of_record_change_nothing(deployed: Sfnctl) -> None:
    before = sorted(deployed.folder.iterdir())
    shown = deployed("test", "--record", "incoming/b.json", code=1).err
    assert "none of the last 1 execution of orders has the object 'incoming/b.json'" in shown
    assert "leave out -k" in deployed("test", "--record", "a", "-k", "b", code=2).err
    shown = deployed("test", "a.test.yaml", "b.test.yaml", "--record", "a", code=2).err
    assert "name only that" in shown
    assert sorted(deployed.folder.iterdir()) == before


def test_several_files_need_a_name(project: Sfnctl) -> None:
    for name in ("a.test.yaml", "b.test.yaml"):
        project.write(name, "cases: [{name: a, input: 1}]\n")
    shown = project("test", "--record", "incoming/a.json", code=2).err
    assert "there are several files with cases: a.test.yaml, b.test.yaml" in shown


def test_a_file_of_another_definition_is_refused(deployed: Sfnctl) -> None:
    text = "definition: workflow.asl.json\ncases:\n  - name: a\n    input: 1\n"
    path = deployed.write("workflow.test.yaml", text)
    shown = deployed("test", "--record", "incoming/a.json", code=2).err
    assert "are of another definition, workflow.asl.json" in shown
    assert path.read_text() == text
