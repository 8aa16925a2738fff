"""`teardown --purge`: shows what is lost, and asks for the name of what existed before sfnctl."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pipelines import pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws

TEAR_DOWN = "Tear down orders? Type yes to go ahead:"
HOLDS = "it holds 1 object (2 versions, 12 B)"


@pytest.fixture
def precious(project: Sfnctl, aws: Aws, account: str) -> str:
    """A bucket of the user with data, adopted by the pipeline `orders`; its queue holds events."""
    name = f"precious-{account}"
    aws.s3.create_bucket(Bucket=name)
    aws.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for body in ("12345", "1234567"):
        aws.s3.put_object(Bucket=name, Key="a", Body=body)
    bucket = {"name": name, "create": True}
    config = pipeline_config(account, bucket=bucket, trigger={"via": "s3"})
    project.write("sfnctl.yaml", config)
    project("deploy", "--yes", "--adopt")
    queue = aws.sqs.get_queue_url(QueueName="sfnctl-orders-dlq")["QueueUrl"]
    for _ in range(2):
        aws.sqs.send_message(QueueUrl=queue, MessageBody="{}")
    return name


@pytest.fixture
def today(aws: Aws, precious: str) -> str:
    answer = aws.s3.get_bucket_tagging(Bucket=precious)
    (day,) = (tag["Value"] for tag in answer["TagSet"] if tag["Key"] == "sfnctl:adopted")
    assert day == f"{aws.now():%Y-%m-%d}"
    return day


def test_an_adoption_is_noted_and_is_no_drift(project: Sfnctl, precious: str, today: str) -> None:
    assert project("deploy", "--yes").out == "Nothing to do for orders: AWS matches the config.\n"
    status = project("status").out
    assert f"ok        bucket              {precious}\n" in status
    assert "sfnctl:adopted" not in status
    ended = project("teardown", "--dry-run")
    assert f"  = bucket              {precious}  kept: {HOLDS}; adopted on {today}\n" in ended.out
    kept = "  = queue               sfnctl-orders-dlq  kept: it holds about 2 dead letters ("
    assert kept in ended.out


def test_purge_alone_does_not_delete_an_adopted_bucket(
    project: Sfnctl, precious: str, today: str, read_account: Callable[[], Any]
) -> None:
    before = read_account()
    ended = project("teardown", "--purge", "--yes", code=2)
    line = (
        f"  - bucket              {precious}  deleted with its data: {HOLDS}; adopted on {today}\n"
    )
    assert line in ended.out
    assert (
        "  - queue               sfnctl-orders-dlq  deleted with its data: it holds about 2 dead"
        " letters (`sfnctl status` says which are duplicates)\n"
    ) in ended.out
    assert ended.err == (
        f"Error: bucket {precious} was adopted on {today}; {HOLDS}; --purge alone does not delete"
        f" it\nHint: add --purge-bucket {precious}, or leave out --yes to be asked\n"
    )
    ended = project("teardown", "--purge", code=2)
    assert "cannot ask for confirmation: no terminal, or JSON output" in ended.err
    wrong = project("teardown", "--purge", "--purge-bucket", "other", "--yes", code=2)
    assert wrong.out == ""
    assert wrong.err == (
        "Error: --purge-bucket other: teardown does not remove this bucket, because the config does"
        " not let sfnctl create it\n"
        "Hint: name the config's bucket, if it has `create: true`\n"
    )
    assert read_account() == before


def test_the_plan_as_json_counts_what_is_lost(project: Sfnctl, precious: str, today: str) -> None:
    document = project("teardown", "--purge", "--dry-run", "--output", "json").document
    lost = {each["name"]: each for each in document["changes"] if "holds" in each}
    assert lost[precious] == {
        "action": "delete",
        "kind": "bucket",
        "name": precious,
        "fields": [],
        "holds": {
            "code": "HOLDS_OBJECTS",
            "message": HOLDS,
            "remedy": "",
            "facts": {
                "objects": {"number": 1, "has_more": False},
                "versions": {"number": 2, "has_more": False},
                "size": {"bytes": 12, "has_more": False},
            },
        },
        "adopted": today,
    }
    assert lost["sfnctl-orders-dlq"]["holds"]["facts"] == {
        "events": {"number": 2, "has_more": False}
    }
    assert lost["sfnctl-orders-dlq"]["adopted"] is None


def test_a_wrong_name_deletes_nothing(
    project: Sfnctl, precious: str, today: str, read_account: Callable[[], Any]
) -> None:
    before = read_account()
    question = (
        f"bucket {precious} was adopted on {today}; {HOLDS}. Delete it with everything in it?"
        f" Type {precious} to go ahead:"
    )
    talk = [(TEAR_DOWN, "yes"), (question, "yes")]
    ended = project.converse("teardown", "--purge", talk=talk, code=1)
    assert "Error: not confirmed; nothing was changed" in ended.err
    assert read_account() == before
    ended = project.converse("teardown", "--purge", talk=[(TEAR_DOWN, "yes"), (question, precious)])
    assert ended.out.endswith("Tore down orders: 9 removed.\n")


def test_a_named_bucket_is_purged_and_nothing_else(
    project: Sfnctl, aws: Aws, precious: str
) -> None:
    command = ("teardown", "--purge-bucket", precious, "--yes")
    ended = project(*command)
    assert ended.out.endswith(
        "Tore down orders: 8 removed.\n"
        "Kept queue sfnctl-orders-dlq: it holds about 2 dead letters (`sfnctl status` says which"
        " are duplicates).\n"
    )
    assert precious not in {each["Name"] for each in aws.s3.list_buckets()["Buckets"]}
    assert project(*command).out.startswith("Nothing to do for orders: nothing is left to remove.")
    assert project(*command, "--purge").out.endswith("Tore down orders: 1 removed.\n")


def test_nothing_is_counted_that_is_not_deleted(project: Sfnctl, aws: Aws, bucket: str) -> None:
    aws.s3.put_object(Bucket=bucket, Key="a")
    project("deploy", "--yes")
    with project.with_faults() as record:
        project("teardown", "--yes", "--purge")
    listed = [each for each in record.calls if each.operation == "ListObjectVersions"]
    assert bucket not in {each.params["Bucket"] for each in listed}
