"""Options of `watch-executions`: which executions, and whether it follows."""

from __future__ import annotations

import json
import re

from pipelines import pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws


def test_a_watch_that_does_not_follow_names_no_key(project: Sfnctl, aws: Aws, account: str) -> None:
    """And a status is found in any case."""
    project("deploy", "--yes")
    aws.s3.put_object(Bucket=f"orders-{account}", Key="incoming/a.json", Body=b"{}")
    options = ("--status", "succeeded", "--object", "incoming/a.json")
    assert "  SUCCEEDED  " in project("watch-executions", *options).out
    failed = project("watch-executions", "--no-follow", "--status", "Failed")
    assert failed.out == ""
    assert re.fullmatch(r"Executions of orders since \d{4}-\d\d-\d\dT\d\d:\d\dZ:\n", failed.err)
    document = project("watch-executions", "--no-follow", "--status", "SucceedeD", "-o", "json")
    assert [each["status"] for each in document.documents] == ["SUCCEEDED"]


def test_earlier_executions_do_not_count(project: Sfnctl, aws: Aws, account: str) -> None:
    """A smoke test that passes on an older execution tests nothing."""
    project("deploy", "--yes")
    bucket, key = f"orders-{account}", "incoming/a[1] b+c%20é.json"
    aws.s3.put_object(Bucket=bucket, Key=key, Body=b"{}")
    project("watch-executions", "--object", key, "--exit-status")
    waits = ("watch-executions", "--count", "1", "--timeout", "1s", "--exit-status")
    ended = project(*waits, code=6)
    assert (ended.out, ended.err.splitlines()[1]) == (
        "",
        "Error: 0 of 1 executions ended",
    )
    assert "SUCCEEDED" in project(*waits, "--since", "2026-01-01").out
    assert project("watch-executions", "--no-follow", "--object", "a").out == ""
    tomorrow = project("watch-executions", "--since", "9999-12-31T23:59:59Z", code=2)
    assert tomorrow.err.startswith("Error: --since 9999-12-31T23:59Z is in the future\n")

    aws.s3.delete_object(Bucket=bucket, Key=key)
    gone = project("watch-executions", "--object", key)
    assert "SUCCEEDED" in gone.out
    assert re.match(
        rf"Note: s3://{bucket}/incoming/a\[1\] b\+c%20é.json does not exist or may not be read:"
        r" looking for executions since \d{4}-\d\d-\d\dT\d\d:\d\dZ\.\n",
        gone.err,
    )


def test_summary_counts_executions_by_status_and_error(
    project: Sfnctl, aws: Aws, account: str
) -> None:
    fail = {"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "Bad", "Cause": "No."}}}
    project.write("workflow.asl.json", json.dumps(fail))
    project("deploy", "--yes")
    for key in ("incoming/a", "incoming/b"):
        aws.s3.put_object(Bucket=f"orders-{account}", Key=key, Body=b"{}")
        project("watch-executions", "--object", key)
    listing = ("watch-executions", "--no-follow", "--summary")
    shown = project(*listing, "--exit-status", code=5)
    assert re.fullmatch(
        r" {8}2  FAILED at No: Bad\n {11}latest: \d\d:\d\d:\d\d  [0-9a-f_-]+\n2 executions\n",
        shown.out,
    )
    document = project(*listing, "-o", "json").document
    assert (document["executions"], len(document["groups"])) == (2, 1)


def test_a_watch_without_a_state_machine_says_so(project: Sfnctl) -> None:
    assert project("watch-executions", "--timeout", "0s", code=1).err.splitlines()[1:] == [
        "Error: state machine orders does not exist",
        "Hint: is the pipeline deployed? See `sfnctl status`",
    ]


def test_count_cannot_wait_for_a_start(project: Sfnctl) -> None:
    """It counts ends, of which `--status RUNNING` shows none."""
    for option in (("--count", "1"), ("--object", "a")):
        refused = project("watch-executions", "--status", "RUNNING", *option, code=2)
        assert refused.err == (
            "Error: --status RUNNING shows no end of an execution, and --count waits for ends\n"
            "Hint: add a status such as `--status SUCCEEDED`, or leave out --count or --object\n"
        )


def test_an_older_upload_of_the_key_is_not_the_one(project: Sfnctl, aws: Aws, account: str) -> None:
    """Although both are from the same second, and S3 gives whole seconds."""
    project.write("sfnctl.yaml", pipeline_config(account, trigger={"via": "s3"}))
    project("deploy", "--yes")
    for body in (b"older", b"newer"):
        aws.s3.put_object(Bucket=f"orders-{account}", Key="incoming/a", Body=body)
    shown = project("watch-executions", "--object", "incoming/a", "-o", "json").documents
    head = aws.s3.head_object(Bucket=f"orders-{account}", Key="incoming/a")
    assert {each["object"]["etag"] for each in shown} == {head["ETag"].strip('"')}
