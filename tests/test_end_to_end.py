"""Pipelines from deploy to teardown, through the installed script and over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pipelines import HELLO, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws

VIAS = pytest.mark.parametrize("via", ["cloudtrail", "s3"])

FAILING = {"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "Bad", "Cause": "No."}}}


@pytest.fixture
def deploy(sfnctl_local: Sfnctl, account: str, bucket: str) -> Callable[..., None]:
    """Deploys the pipeline `orders` with changes to its config."""

    def run(definition: Any = HELLO, **changes: Any) -> None:
        sfnctl_local.write("sfnctl.yaml", pipeline_config(account, **changes))
        sfnctl_local.write("workflow.asl.json", json.dumps(definition))
        sfnctl_local("deploy", "--yes")

    return run


def watch(sfnctl: Sfnctl, count: int, *options: str) -> list[Any]:
    """The ends of executions that a watch shows; exactly `count`."""
    limits = ("--since", "15m", "--count", str(count), "--timeout", "60s", "--output", "json")
    changes = sfnctl("watch-executions", *limits, *options).documents
    return [each for each in changes if each["status"] != "RUNNING"]


def watch_keys(sfnctl: Sfnctl, count: int) -> list[str]:
    return sorted(each["object"]["key"] for each in watch(sfnctl, count))


@VIAS
def test_an_upload_is_seen_with_its_bucket_key_and_size(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, aws: Aws, bucket: str, via: str
) -> None:
    deploy(trigger={"via": via, "prefix": "incoming/"})
    aws.s3.put_object(Bucket=bucket, Key="incoming/sample1.json", Body=b"{}")
    (execution,) = watch(sfnctl_local, 1, "--input", "full")
    seen = execution["object"]
    assert (seen["bucket"], seen["key"], seen["size"]) == (bucket, "incoming/sample1.json", 2)
    assert (seen["event"], seen["via"]) == ("PutObject", via)
    assert execution["status"] == "SUCCEEDED"
    assert execution["input"]["source"] == "aws.s3"


@VIAS
def test_second_deploy_is_empty_and_teardown_restores_all(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, read_account: Callable[[], Any], via: str
) -> None:
    before = read_account()
    deploy(trigger={"via": via})
    again = sfnctl_local("deploy", "--yes").out
    assert again == "Nothing to do for orders: AWS matches the config.\n"
    assert sfnctl_local("plan", "--exit-code").out == "Nothing to do.\n"
    sfnctl_local("teardown", "--yes")
    assert read_account() == before
    assert "nothing is left" in sfnctl_local("teardown", "--yes").out


@VIAS
def test_creations_and_deletions_can_start_executions(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, aws: Aws, bucket: str, via: str
) -> None:
    deploy(trigger={"via": via, "events": ["created", "deleted"], "input": "object"})
    aws.s3.put_object(Bucket=bucket, Key="a.json", Body=b"{}")
    aws.s3.delete_object(Bucket=bucket, Key="a.json")
    seen = {each["object"]["event"] for each in watch(sfnctl_local, 2)}
    assert seen == {"PutObject", "DeleteObject"}


@VIAS
def test_each_object_of_a_batch_deletion_starts_an_execution(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, aws: Aws, bucket: str, via: str
) -> None:
    deploy(trigger={"via": via, "events": ["deleted"], "prefix": "in/", "suffix": ".csv"})
    keys = ["in/a b+ü.csv", 'in/"\\.csv', "in/c.csv", "in/.csv", "in/c.json", "out/in/d.csv"]
    for key in keys:
        aws.s3.put_object(Bucket=bucket, Key=key, Body=b"{}")
    aws.s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys]})
    aws.s3.put_object(Bucket=bucket, Key="in/last.csv", Body=b"{}")
    aws.s3.delete_object(Bucket=bucket, Key="in/last.csv")
    assert watch_keys(sfnctl_local, 5) == sorted([*keys[:4], "in/last.csv"])


def test_batch_deletion_starts_nothing_without_its_keys(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, aws: Aws, bucket: str
) -> None:
    deploy(trigger={"via": "cloudtrail", "events": ["deleted"], "input": "object"})
    ended = sfnctl_local("validate")
    assert "sfnctl.yaml" in ended.out
    assert "[MISSED_EVENTS]" in ended.out
    assert "use `via: s3` or `input: event`" in ended.out
    for key in ("a", "b"):
        aws.s3.put_object(Bucket=bucket, Key=key, Body=b"{}")
    aws.s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a"}]})
    aws.s3.delete_object(Bucket=bucket, Key="b")
    assert watch_keys(sfnctl_local, 1) == ["b"]


@pytest.mark.parametrize("events", [["created"], ["created", "deleted"]])
def test_empty_objects_start_nothing_below_the_minimum(
    deploy: Callable[..., None],
    sfnctl_local: Sfnctl,
    aws: Aws,
    bucket: str,
    events: list[str],
) -> None:
    deploy(trigger={"via": "s3", "events": events, "prefix": "in/", "min_size": 2})
    sfnctl_local("validate")
    for key, body in (("in/folder/", b""), ("in/a", b"1"), ("in/b", b"12"), ("other", b"123")):
        aws.s3.put_object(Bucket=bucket, Key=key, Body=body)
    upload_in_parts(aws, bucket, "in/large.bin")
    aws.s3.delete_object(Bucket=bucket, Key="in/folder/")
    aws.s3.put_object(Bucket=bucket, Key="in/last", Body=b"123")
    deleted = ["in/folder/"] if "deleted" in events else []
    expected = sorted(["in/b", "in/large.bin", "in/last", *deleted])
    assert watch_keys(sfnctl_local, len(expected)) == expected


@VIAS
def test_copies_and_multipart_uploads_start_one_execution_each(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, aws: Aws, bucket: str, via: str
) -> None:
    deploy(trigger={"via": via, "prefix": "incoming/"})
    aws.s3.put_object(Bucket=bucket, Key="elsewhere/a.json", Body=b"{}")
    source = f"{bucket}/elsewhere/a.json"
    aws.s3.copy_object(Bucket=bucket, Key="incoming/copy.json", CopySource=source)
    upload_in_parts(aws, bucket, "incoming/large.bin")
    aws.s3.put_object(Bucket=bucket, Key="incoming/last.json", Body=b"{}")
    seen = {each["object"]["event"]: each["object"]["key"] for each in watch(sfnctl_local, 3)}
    assert seen == {
        "CopyObject": "incoming/copy.json",
        "CompleteMultipartUpload": "incoming/large.bin",
        "PutObject": "incoming/last.json",
    }


def upload_in_parts(aws: Aws, bucket: str, key: str) -> None:
    upload = aws.s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    parts = []
    for number in (1, 2):
        part = aws.s3.upload_part(
            Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=b"x" * 5 * 1024**2
        )
        parts.append({"PartNumber": number, "ETag": part["ETag"]})
    aws.s3.complete_multipart_upload(
        Bucket=bucket,
        Key=key,
        UploadId=upload,
        MultipartUpload={"Parts": parts},  # type: ignore[typeddict-item]
    )


@VIAS
def test_only_keys_with_prefix_and_suffix_start_executions(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, aws: Aws, bucket: str, via: str
) -> None:
    deploy(trigger={"via": via, "prefix": ["in/", "up/"], "suffix": [".json", ".csv"]})
    for key in ("in/a.txt", "a.json", "out/a.json", "in/a.json", "up/b c+ü.csv"):
        aws.s3.put_object(Bucket=bucket, Key=key, Body=b"{}")
    assert watch_keys(sfnctl_local, 2) == ["in/a.json", "up/b c+ü.csv"]


def test_failed_uploads_start_nothing_via_cloudtrail(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, aws: Aws, bucket: str
) -> None:
    deploy(trigger={"via": "cloudtrail"})
    with pytest.raises(aws.s3.exceptions.ClientError):
        aws.s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/missing")
    aws.s3.put_object(Bucket=bucket, Key="good", Body=b"{}")
    assert watch_keys(sfnctl_local, 1) == ["good"]


@VIAS
def test_each_of_200_simultaneous_uploads_is_seen_once(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, aws: Aws, bucket: str, via: str
) -> None:
    deploy(trigger={"via": via, "prefix": "incoming/"})
    uploaded = [f"incoming/{number:03}.json" for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        for key in uploaded:
            pool.submit(aws.s3.put_object, Bucket=bucket, Key=key, Body=b"{}")
    assert watch_keys(sfnctl_local, 200) == uploaded


def test_a_disabled_trigger_starts_nothing(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, aws: Aws, bucket: str
) -> None:
    deploy(trigger={"via": "s3", "enabled": False})
    aws.s3.put_object(Bucket=bucket, Key="unseen", Body=b"{}")
    deploy(trigger={"via": "s3", "enabled": True})
    aws.s3.put_object(Bucket=bucket, Key="seen", Body=b"{}")
    assert watch_keys(sfnctl_local, 1) == ["seen"]


def test_changing_the_trigger_keeps_the_pipeline_working(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, aws: Aws, bucket: str
) -> None:
    for via in ("cloudtrail", "s3", "cloudtrail"):
        deploy(trigger={"via": via})
        sfnctl_local("plan", "--exit-code")
        aws.s3.put_object(Bucket=bucket, Key=via, Body=b"{}")
    assert watch_keys(sfnctl_local, 3) == ["cloudtrail", "cloudtrail", "s3"]


def test_the_next_upload_runs_a_changed_definition(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, aws: Aws, bucket: str
) -> None:
    deploy(trigger={"via": "s3"})
    deploy(FAILING, trigger={"via": "s3"})
    aws.s3.put_object(Bucket=bucket, Key="a", Body=b"{}")
    (execution,) = watch(sfnctl_local, 1)
    assert (execution["status"], execution["error"], execution["cause"]) == ("FAILED", "Bad", "No.")


def test_exit_status_gives_5_for_a_failed_execution(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, aws: Aws, bucket: str
) -> None:
    deploy(FAILING, trigger={"via": "s3"})
    aws.s3.put_object(Bucket=bucket, Key="a", Body=b"{}")
    sfnctl_local("watch-executions", "--object", "a", "--exit-status", code=5)


def test_watch_without_executions_gives_exit_code_6(
    deploy: Callable[..., None], sfnctl_local: Sfnctl
) -> None:
    deploy(trigger={"via": "s3"})
    ended = sfnctl_local("watch-executions", "--timeout", "1s", code=6)
    assert ended.out == ""
    assert ended.err == (
        "Watching orders for executions that start from now on; press Ctrl-C to stop.\n"
        "Error: no execution ended within --timeout\n"
        "Hint: executions that started before the command are not counted: give --since, or"
        " --object for one upload; if nothing started, see `sfnctl status`\n"
    )


def test_teardown_keeps_a_bucket_with_objects_until_purged(
    sfnctl_local: Sfnctl, aws: Aws, account: str
) -> None:
    name = f"made-{account}"
    config = pipeline_config(account, bucket={"name": name, "create": True})
    sfnctl_local.write("sfnctl.yaml", config)
    sfnctl_local.write("workflow.asl.json", json.dumps(HELLO))
    sfnctl_local("deploy", "--yes")
    for key in ("data", "hostile\x1b[31m\n"):
        aws.s3.put_object(Bucket=name, Key=key, Body=b"{}")
    assert f"Kept bucket {name}: it holds 2 objects (4 B)." in sfnctl_local("teardown", "--yes").out
    aws.s3.head_bucket(Bucket=name)
    sfnctl_local("teardown", "--yes", "--purge")
    assert aws.s3.list_buckets()["Buckets"] == []


def test_a_missing_bucket_stops_the_deploy(
    sfnctl_local: Sfnctl, account: str, read_account: Callable[[], Any]
) -> None:
    sfnctl_local.write("sfnctl.yaml", pipeline_config(account))
    sfnctl_local.write("workflow.asl.json", json.dumps(HELLO))
    ended = sfnctl_local("deploy", "--yes", code=2)
    assert f"nothing was changed: bucket orders-{account} does not exist" in ended.err
    assert f"missing   bucket              orders-{account}" in sfnctl_local("status").out
    assert read_account() == {}


def test_teardown_needs_no_definition(
    deploy: Callable[..., None], sfnctl_local: Sfnctl, read_account: Callable[[], Any]
) -> None:
    before = read_account()
    deploy()
    sfnctl_local.write("workflow.asl.json", "broken")
    sfnctl_local("deploy", "--yes", code=2)
    sfnctl_local("teardown", "--yes")
    assert read_account() == before
