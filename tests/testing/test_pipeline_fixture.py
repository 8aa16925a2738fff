"""The pipeline that the fixtures of the pytest plugin give to a test."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pipelines import HELLO, machine
from testing.pipeline_folder import write_config

from sfn_s3_cli.errors import ConfigError, UsageError
from sfn_s3_cli.events.s3_object import S3Object
from sfn_s3_cli.local.process import Cloud
from sfn_s3_cli.testing import LocalAccount, LocalCloud, Pipeline, Upload
from sfn_s3_cli.testing.pipeline import NotEndedError

Deploy = Callable[..., Pipeline]

COPY: Mapping[str, Any] = {
    "QueryLanguage": "JSONata",
    "StartAt": "Copy",
    "States": {
        "Copy": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:copyObject",
            "Arguments": {
                "Bucket": "{% $states.input.bucket %}",
                "CopySource": "{% $states.input.bucket & '/' & $states.input.object.key %}",
                "Key": "{% 'done/' & $states.input.object.key %}",
            },
            "Output": "{% $states.input.object.key %}",
            "End": True,
        }
    },
}
WAIT: Mapping[str, Any] = {
    "StartAt": "Wait",
    "States": {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}},
}
FAIL: Mapping[str, Any] = {
    "StartAt": "No",
    "States": {"No": {"Type": "Fail", "Error": "Bad", "Cause": "No."}},
}


@pytest.fixture
def local_cloud(cloud: Cloud, cloud_state_dir: Path) -> LocalCloud:
    """The worker's cloud, as the plugin would give it."""
    return LocalCloud(cloud.endpoint_url, cloud_state_dir)


@pytest.fixture
def opened(local_cloud: LocalCloud, account: str) -> Iterator[LocalAccount]:
    """An account of it, emptied at the end; `account` has emptied the cloud before."""
    with local_cloud.open_account() as opened:
        yield opened


@pytest.fixture
def deploy(opened: LocalAccount, tmp_path: Path) -> Deploy:
    """Deploys a pipeline with this definition, and with changes to its config."""

    def run(definition: Mapping[str, Any] = HELLO, **changes: Any) -> Pipeline:
        return opened.deploy(write_config(tmp_path, definition, **changes))

    return run


def wait_for_a_step(pipeline: Pipeline) -> None:
    while not any(each.steps for each in pipeline.executions()):
        pass


@pytest.mark.parametrize("kind", ["standard", "express"])
@pytest.mark.parametrize("via", ["cloudtrail", "s3"])
def test_an_upload_is_waited_for_and_read(deploy: Deploy, via: str, kind: str) -> None:
    trigger = {"via": via, "prefix": "in/", "input": "object"}
    pipeline = deploy(COPY, trigger=trigger, state_machine=machine(type=kind))
    execution = pipeline.wait(pipeline.upload("in/a.json", {"id": 1}))
    assert (execution.status, execution.path) == ("SUCCEEDED", ["Copy"])
    assert execution.input["object"]["key"] == execution.output == "in/a.json"
    [step] = execution.steps
    assert (step.name, step.attempts, json.loads(step.output or "")) == ("Copy", 1, "in/a.json")
    assert pipeline.read("done/in/a.json") == b'{"id": 1}'
    assert pipeline.list_keys("done/") == ["done/in/a.json"]
    assert pipeline.executions() == [execution]


def test_a_failure_has_its_error_and_cause(deploy: Deploy) -> None:
    pipeline = deploy(FAIL)
    pipeline.upload("in/a")
    execution = pipeline.wait()
    assert (execution.status, execution.error, execution.cause) == ("FAILED", "Bad", "No.")


@pytest.mark.parametrize("via", ["cloudtrail", "s3"])
def test_each_upload_of_a_key_has_its_own_execution(deploy: Deploy, via: str) -> None:
    events = ["created", "deleted"]
    pipeline = deploy(trigger={"via": via, "events": events, "input": "event"})
    changes = [pipeline.upload("a", "one"), pipeline.upload("a", "two"), pipeline.delete("a")]
    last, first, second = (pipeline.wait(changes[number]) for number in (2, 0, 1))
    assert len({last.arn, first.arn, second.arn}) == 3
    assert [each.object.event for each in (first, second, last) if each.object] == [
        *("PutObject", "PutObject", "DeleteObject")
    ]
    assert pipeline.wait("a") == last


def test_a_body_may_be_text_bytes_a_file_or_json(deploy: Deploy, tmp_path: Path) -> None:
    pipeline = deploy()
    file = tmp_path / "rows.csv"
    file.write_bytes(b"a,b\n")
    bodies: dict[str, Any] = {"text": "é", "bytes": b"\xff", "file": file, "json": [{"a": None}]}
    for key, body in bodies.items():
        pipeline.upload(key, body)
    read = {key: pipeline.read(key) for key in pipeline.list_keys()}
    assert read == {
        "bytes": b"\xff",
        "file": b"a,b\n",
        "json": b'[{"a": null}]',
        "text": "é".encode(),
    }


def test_an_object_that_the_workflow_wrote_has_no_upload(deploy: Deploy) -> None:
    pipeline = deploy()
    pipeline.client("s3").put_object(Bucket=pipeline.bucket, Key="in/a", Body=b"")
    assert pipeline.wait("in/a").status == "SUCCEEDED"


@pytest.mark.parametrize(
    ("trigger", "message"),
    [
        ({"prefix": "in/"}, "'x.csv' starts no execution: the key does not begin with 'in/'"),
        (
            {"suffix": [".json", ".txt"]},
            "'x.csv' starts no execution: the key does not end with '.json' or '.txt'",
        ),
        ({"enabled": False}, "'x.csv' starts no execution: `trigger.enabled` is false"),
        (
            {"events": ["deleted"]},
            "'x.csv' starts no execution: `events` has only 'deleted'",
        ),
        (
            {"min_size": 3},
            "'x.csv' starts no execution: the object has 2 bytes, fewer than `min_size`, 3",
        ),
    ],
)
def test_an_upload_that_cannot_match_fails_immediately(
    deploy: Deploy, trigger: dict[str, Any], message: str
) -> None:
    pipeline = deploy(trigger={"via": "s3", **trigger})
    upload = pipeline.upload("x.csv", "ab")
    with pytest.raises(NotEndedError) as raised:
        pipeline.wait(upload)
    assert str(raised.value) == message


def test_a_wait_without_execution_says_what_ran(deploy: Deploy) -> None:
    pipeline = deploy(FAIL)
    pipeline.wait(pipeline.upload("in/a"))
    with pytest.raises(NotEndedError) as raised:
        pipeline.wait("in/b", timeout=0)
    text = re.sub("[0-9a-f-]{36}_[0-9a-f-]{36}", "NAME", str(raised.value))
    assert text == (
        "no execution of 'in/b' began within 0 seconds\n"
        "    the trigger matches it; the pipeline has 1 execution\n"
        "    NAME: 'in/a', FAILED, Bad"
    )


def test_a_wait_names_the_dead_letters(deploy: Deploy, opened: LocalAccount) -> None:
    pipeline = deploy()
    opened.client("iam").delete_role_policy(
        RoleName="sfnctl-orders-us-east-1-events", PolicyName="sfnctl"
    )
    with pytest.raises(NotEndedError) as raised:
        pipeline.wait(pipeline.upload("in/a"), timeout=0)
    assert str(raised.value).endswith("1 event could not start an execution: NO_PERMISSIONS")


def test_a_running_execution_is_shown_with_its_states(deploy: Deploy) -> None:
    pipeline = deploy(WAIT)
    upload = pipeline.upload("in/a")
    wait_for_a_step(pipeline)
    with pytest.raises(NotEndedError) as raised:
        pipeline.wait(upload, timeout=0)
    assert str(raised.value) == (
        "the execution of 'in/a' is still RUNNING after 0 seconds\n"
        "    Wait: RUNNING, waiting for its time"
    )


def test_nothing_uploaded_is_nothing_to_wait_for(deploy: Deploy) -> None:
    with pytest.raises(ValueError, match="nothing was uploaded yet"):
        deploy().wait()


def test_accounts_do_not_see_each_other(local_cloud: LocalCloud, tmp_path: Path) -> None:
    """They use the same bucket name, one after the other."""
    names = []
    for _ in range(2):
        with local_cloud.open_account() as opened:
            pipeline = opened.deploy(write_config(tmp_path, WAIT))
            pipeline.upload("in/a")
            wait_for_a_step(pipeline)
            names.append(opened.number)
            assert len(pipeline.executions()) == 1
    assert len({*names}) == 2


def test_an_account_of_the_config_is_empty_each_time(
    local_cloud: LocalCloud, tmp_path: Path
) -> None:
    account = "123456789012"
    path = write_config(tmp_path, account=account, region="eu-west-1")
    for _ in range(2):
        with local_cloud.open_account(account, "eu-west-1") as opened:
            pipeline = opened.deploy(path)
            execution = pipeline.wait(pipeline.upload("in/a"))
            assert execution.arn.startswith(f"arn:aws:states:eu-west-1:{account}:execution:orders:")
            assert len(pipeline.executions()) == 1


def test_a_definition_with_errors_is_not_deployed(deploy: Deploy) -> None:
    with pytest.raises(ConfigError) as raised:
        deploy({"StartAt": "Missing", "States": HELLO["States"]})
    assert "Missing" in raised.value.problems[0].message


def test_a_trail_that_does_not_exist_is_refused(deploy: Deploy) -> None:
    with pytest.raises(UsageError, match="acme-audit"):
        deploy(trigger={"via": "cloudtrail", "trail": "acme-audit"})


def test_an_upload_matches_only_its_own_event() -> None:
    upload = Upload("a", "PutObject", "e1", "v1")
    events = {
        (None, None): True,
        ("e1", "v1"): True,
        ("e2", None): False,
        (None, "v2"): False,
    }
    for (etag, version), expected in events.items():
        found = S3Object("b", "a", "PutObject", "", "s3", etag=etag, version_id=version)
        assert upload.may_have_caused(found) == expected
