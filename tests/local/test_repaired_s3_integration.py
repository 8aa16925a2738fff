from __future__ import annotations

import json
from typing import Any

import pytest
from local.local_account import Account, select_writes, wait_until
from local.test_repaired_running import run_to_end


def _run(account: Account, action: str, value: object = None, **parameters: Any) -> Any:
    """How an execution of this one S3 action ends."""
    task = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::aws-sdk:s3:{action}",
        "Parameters": parameters,
        "End": True,
    }
    machine = account.create_machine(
        json.dumps({"StartAt": "Task", "States": {"Task": task}}), name=action, may=["s3:*"]
    )
    stepfunctions = account.client("stepfunctions")
    started = stepfunctions.start_execution(stateMachineArn=machine, input=json.dumps(value))

    def ended() -> Any:
        execution = stepfunctions.describe_execution(executionArn=started["executionArn"])
        return execution if execution["status"] != "RUNNING" else None

    return wait_until(ended)


def _output(execution: Any) -> Any:
    assert execution["status"] == "SUCCEEDED", execution
    return json.loads(execution["output"])


def test_get_object_gives_the_body_as_text(account: Account, s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a b/ü+%", Body="grüße", Metadata={"lines": "1"})
    output = _output(_run(account, "getObject", Bucket=bucket, Key="a b/ü+%"))
    assert output.pop("LastModified").endswith("Z")
    assert output == {
        "AcceptRanges": "bytes",
        "Body": "grüße",
        "ContentLength": 7,
        "ContentType": "application/octet-stream",
        "ETag": s3.head_object(Bucket=bucket, Key="a b/ü+%")["ETag"],
        "Metadata": {"lines": "1"},
    }


@pytest.mark.parametrize(
    ("value", "written"),
    [("text", b"text"), ({"a": [1, "ü"]}, b'{"a":[1,"\\u00fc"]}'), (5, b"5")],
)
def test_put_object_writes_text_unchanged_and_the_rest_as_json(
    value: object, written: bytes, account: Account, s3: Any, bucket: str
) -> None:
    parameters = {"Bucket": bucket, "Key": "out", "Body.$": "$", "Acl": "private"}
    assert "ETag" in _output(_run(account, "putObject", value, **parameters))
    assert s3.get_object(Bucket=bucket, Key="out")["Body"].read() == written


def test_other_actions_work(account: Account, s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="in/a")
    copied = _run(account, "copyObject", Bucket=bucket, Key="out/a", CopySource=f"{bucket}/in/a")
    assert "ETag" in _output(copied)["CopyObjectResult"]
    listed = _output(_run(account, "listObjectsV2", Bucket=bucket, Prefix="out/"))
    assert [found["Key"] for found in listed["Contents"]] == ["out/a"]
    tags = {"TagSet": [{"Key": "team", "Value": "data"}]}
    _output(_run(account, "putObjectTagging", Bucket=bucket, Key="out/a", Tagging=tags))
    assert s3.get_object_tagging(Bucket=bucket, Key="out/a")["TagSet"] == tags["TagSet"]
    objects = {"Objects": [{"Key": "in/a"}, {"Key": "out/a"}]}
    _output(_run(account, "deleteObjects", Bucket=bucket, Delete=objects))
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


@pytest.mark.parametrize(
    ("action", "error"),
    [("getObject", "S3.NoSuchKeyException"), ("headObject", "S3.NoSuchKeyException")],
)
def test_a_missing_key_has_the_error_name_of_the_sdk(
    action: str, error: str, account: Account, bucket: str
) -> None:
    execution = _run(account, action, Bucket=bucket, Key="none")
    assert (execution["status"], execution["error"]) == ("FAILED", error)


def test_other_errors_have_the_name_of_the_service(account: Account) -> None:
    execution = _run(account, "getBucketTagging", Bucket="nowhere")
    assert execution["error"] == "S3.S3Exception"
    assert execution["cause"] == (
        "The specified bucket does not exist (Service: S3, Status Code: 404)"
    )


def _put(bucket: str, key: str) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
        "Parameters": {"Bucket": bucket, "Key": key, "Body": key},
        "End": True,
    }


def test_every_kind_of_execution_calls_s3(account: Account, bucket: str) -> None:
    branches = [{"StartAt": key, "States": {key: _put(bucket, key)}} for key in ("a", "b")]
    both = {"Type": "Parallel", "Branches": branches, "End": True}
    definition = json.dumps({"StartAt": "Both", "States": {"Both": both}})
    account.create_trail(AdvancedEventSelectors=select_writes(f"arn:aws:s3:::{bucket}/"))
    inbox = account.create_inbox({"source": ["aws.s3"]})
    stepfunctions = account.client("stepfunctions")

    def callers(count: int) -> set[str]:
        return {event["detail"]["userIdentity"]["type"] for event in inbox.take(count)}

    stepfunctions.start_execution(stateMachineArn=account.create_machine(definition, may=["s3:*"]))
    assert callers(2) == {"AssumedRole"}
    express = account.create_machine(definition, name="express", type="EXPRESS")
    stepfunctions.start_sync_execution(stateMachineArn=express)
    assert callers(2) == {"AssumedRole"}
    stepfunctions.test_state(
        definition=json.dumps(_put(bucket, "c")), roleArn=account.create_role()
    )
    assert callers(1) == {"AWSService"}


UNSUPPORTED, MISSING = "is not supported by Step Functions", "is required but was missing"
TAGS = {"TagSet": [{"Key": "a", "Word": "b"}]}
# (action, parameters, what is wrong with them)
FAULTY: dict[str, tuple[str, Any, list[str]]] = {
    "unknown": ("listBuckets", {"x": 1}, [f"The field 'x' {UNSUPPORTED}"]),
    "missing": ("getObject", {"Bucket": "b"}, [f"The field 'Key' {MISSING}"]),
    "both": (
        "headBucket",
        {"Name": "b"},
        [f"The field 'Bucket' {MISSING}", f"The field 'Name' {UNSUPPORTED}"],
    ),
    "list": ("listBuckets", [1], ["The parameters of a call must be a JSON object"]),
    "null": ("listBuckets", None, ["The parameters of a call must be a JSON object"]),
    "other-type": (
        "putObjectTagging",
        {"Bucket": "b", "Key": "k", "Tagging": "a=b"},
        ["The value of the field 'Tagging' has an invalid format"],
    ),
    "nested": (
        "putObjectTagging",
        {"Bucket": "b", "Key": "k", "Tagging": TAGS},
        [f"The field 'Value' {MISSING}", f"The field 'Word' {UNSUPPORTED}"],
    ),
}


def _run_with_input(account: Account, action: str, value: object) -> str:
    """The cause of an execution of a task without Parameters, which gets the input."""
    resource = f"arn:aws:states:::aws-sdk:s3:{action}"
    task = {"Type": "Task", "Resource": resource, "End": True}
    definition = json.dumps({"StartAt": "Task", "States": {"Task": task}})
    machine = account.create_machine(definition, may=["*"])
    client = account.client("stepfunctions")
    started = client.start_execution(stateMachineArn=machine, input=json.dumps(value))
    ended = run_to_end(account, started["executionArn"])
    assert ended["error"] == "States.Runtime"
    begin = "An error occurred while executing the state 'Task' (entered at the event id #2). "
    assert ended["cause"].startswith(begin)
    return str(ended["cause"]).removeprefix(begin)


@pytest.mark.parametrize("case", FAULTY)
def test_parameters_that_do_not_fit_are_named(account: Account, case: str) -> None:
    action, value, faults = FAULTY[case]
    text = json.dumps(value, separators=(",", ":"))
    assert _run_with_input(account, action, value) == (
        f"The Parameters '{text}' could not be used to start the Task: [{', '.join(faults)}]"
    )


def test_an_unknown_action_is_named(account: Account) -> None:
    assert _run_with_input(account, "fetchObject", {}) == "S3 has no action 'fetchObject'"
