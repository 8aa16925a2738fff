"""The log bucket of sfnctl's trail: in the account's namespace, and emptied with the trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fake_clock import FakeClock
from faults.rules import FAST, Rule, deny, edit
from pipelines import deploy, plan_for, summarize, tear_down, wiring_for
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.counts import Count
from sfn_s3_cli.reconcile.desired import unwant

pytestmark = pytest.mark.usefixtures("bucket")


@pytest.fixture
def logs(account: str) -> str:
    return f"sfnctl-trail-{account}-us-east-1-an"


@pytest.fixture
def write(aws: Aws, logs: str, account: str) -> Callable[..., None]:
    """A function that writes log files, below AWSLogs and the account."""

    def put(*names: str) -> None:
        for name in names:
            aws.s3.put_object(Bucket=logs, Key=f"AWSLogs/{account}/{name}")

    return put


FILES = ("CloudTrail/us-east-1/2026/a.json.gz", "CloudTrail-Digest/us-east-1/2026/b.json.gz")


def test_the_last_teardown_deletes_the_log_files(
    project: Sfnctl, write: Callable[..., None], logs: str, read_account: Callable[[], Any]
) -> None:
    before = read_account()
    project("deploy", "--yes")
    write(*FILES)
    ended = project("teardown", "--yes")
    assert (
        f"Note: Deleting log_bucket {logs} also deletes 2 log files (0 B) of sfnctl's trail."
        in ended.out
    )
    assert "Tore down orders: 10 removed." in ended.out
    assert read_account() == before


def test_a_versioned_log_bucket_is_emptied_as_well(
    aws: Aws, write: Callable[..., None], logs: str
) -> None:
    nodes = wiring_for(aws)
    deploy(aws, nodes)
    aws.s3.put_bucket_versioning(Bucket=logs, VersioningConfiguration={"Status": "Enabled"})
    write(*FILES, *FILES)
    assert f"- log_bucket {logs}" in summarize(tear_down(aws, nodes))


@pytest.mark.parametrize(
    "key", ["AWSLogs/one.json.gz", "AWSLogs/ACCOUNT/Config/a", "a", "z", "AWSLogs/o-1/CloudTrail/a"]
)
def test_any_other_object_keeps_the_log_bucket(
    aws: Aws,
    write: Callable[..., None],
    logs: str,
    account: str,
    read_account: Callable[[], Any],
    key: str,
) -> None:
    before = read_account()
    nodes = wiring_for(aws)
    deploy(aws, nodes)
    write(*FILES)
    aws.s3.put_object(Bucket=logs, Key=key.replace("ACCOUNT", account))
    plan = tear_down(aws, nodes)
    kept = f"= log_bucket {logs}: it holds 1 object (0 B) besides the log files of sfnctl's trail"
    assert summarize(plan).splitlines()[-1] == kept
    assert buckets.count_objects(aws, logs).versions.number == 3
    assert summarize(tear_down(aws, nodes, purge=True)) == f"- log_bucket {logs}"
    assert read_account() == before


def test_a_delete_marker_keeps_the_log_bucket(aws: Aws, logs: str) -> None:
    nodes = wiring_for(aws)
    deploy(aws, nodes)
    aws.s3.put_bucket_versioning(Bucket=logs, VersioningConfiguration={"Status": "Enabled"})
    aws.s3.delete_object(Bucket=logs, Key="theirs")
    kept = f"= log_bucket {logs}: it holds 0 objects (1 version, 0 B) besides"
    assert kept in summarize(tear_down(aws, nodes))


def test_others_behind_the_first_page_are_found(
    aws: Aws, write: Callable[..., None], logs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buckets, "_PAGE", 2)
    monkeypatch.setattr(buckets, "LIMIT", 3)
    deploy(aws, wiring_for(aws))
    write(*FILES, "CloudTrail/c", "CloudTrail/d")
    prefix = f"AWSLogs/{aws.place.account}/CloudTrail"
    assert not buckets.look_into(aws, logs, prefix).outside
    aws.s3.put_object(Bucket=logs, Key="B")
    aws.s3.put_object(Bucket=logs, Key=prefix.replace("Trail", "Traim"))
    assert buckets.look_into(aws, logs, prefix).outside.versions == Count(2)
    aws.s3.delete_object(Bucket=logs, Key=prefix.replace("Trail", "Traim"))
    assert buckets.look_into(aws, logs, prefix).outside.versions == Count(1)
    for number in range(5):
        aws.s3.put_object(Bucket=logs, Key=f"C{number}")
    assert buckets.look_into(aws, logs, prefix).outside.versions == Count(4, has_more=True)


def test_an_adopted_log_bucket_keeps_what_it_holds(
    aws: Aws, write: Callable[..., None], logs: str
) -> None:
    aws.s3.create_bucket(Bucket=logs)
    write(*FILES)
    nodes = wiring_for(aws)
    deploy(aws, nodes, adopt=True)
    assert summarize(plan_for(aws, nodes)) == ""
    kept = f"= log_bucket {logs}: it existed before sfnctl, and holds 2 objects (0 B)"
    assert summarize(tear_down(aws, nodes)).splitlines()[-1] == kept
    assert summarize(tear_down(aws, nodes, purge=True)) == f"- log_bucket {logs}"


def test_files_that_may_not_be_deleted_keep_the_bucket(
    project: Sfnctl, write: Callable[..., None], logs: str
) -> None:
    project("deploy", "--yes")
    write(*FILES)
    with project.with_faults(deny("DeleteObjects", "s3:DeleteObject", code="AccessDenied")):
        ended = project("teardown", "--yes")
    assert ended.out.endswith(
        f"Kept log_bucket {logs}: it holds 2 log files, and these credentials lack s3:DeleteObject"
        " or s3:DeleteObjectVersion on them.\n"
    )


def test_a_single_file_that_may_not_be_deleted_keeps_it(
    project: Sfnctl, write: Callable[..., None], logs: str
) -> None:
    project("deploy", "--yes")
    write(*FILES)
    error = {"Key": "a", "Code": "AccessDenied", "Message": "Access Denied"}
    refused = Rule(do="answer", operation="DeleteObjects", times=None, document={"Errors": [error]})
    with project.with_faults(refused):
        ended = project("teardown", "--yes")
    assert f"Kept log_bucket {logs}: it holds 2 log files, and these" in ended.out


def test_a_late_digest_is_deleted_as_well(project: Sfnctl, aws: Aws, logs: str) -> None:
    project("deploy", "--yes")
    late = (
        "account = aws.place.account\n"
        f"aws.s3.put_object(Bucket={logs!r}, Key=f'AWSLogs/{{account}}/CloudTrail-Digest/late')"
    )
    with project.with_faults(FAST, edit(aws, late, operation="DeleteTrail")):
        ended = project("teardown", "--yes")
    assert "Tore down orders: 10 removed." in ended.out


def test_others_that_arrive_meanwhile_keep_the_bucket(
    project: Sfnctl, aws: Aws, write: Callable[..., None], logs: str
) -> None:
    project("deploy", "--yes")
    write(*FILES)
    theirs = f"aws.s3.put_object(Bucket={logs!r}, Key='theirs')"
    with project.with_faults(edit(aws, theirs, operation="DeleteTrail")):
        ended = project("teardown", "--yes")
    assert f"Kept log_bucket {logs}: it holds 1 object (0 B) besides" in ended.out
    assert buckets.count_objects(aws, logs).versions.number == 3


def test_a_bucket_that_never_gets_empty_is_kept(
    aws: Aws, write: Callable[..., None], logs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CloudTrail writes again after each time that the bucket is emptied."""
    nodes = wiring_for(aws)
    deploy(aws, nodes)
    write(*FILES)
    empty, attempts = buckets.empty, []

    def fill_again(*arguments: Any) -> None:
        empty(*arguments)
        write(FILES[0])
        attempts.append(aws.clock.now())

    monkeypatch.setattr(buckets, "empty", fill_again)
    aws.clock = FakeClock()
    plan = plan_for(aws, unwant(nodes))
    assert f"- log_bucket {logs}" in summarize(plan)
    tear_down(aws, nodes)
    assert buckets.count_objects(aws, logs).versions.number == 1
    assert 50 < (attempts[-1] - attempts[0]).total_seconds() < 75


def test_a_change_of_the_source_deletes_the_log_files(
    aws: Aws, write: Callable[..., None], logs: str
) -> None:
    deploy(aws, wiring_for(aws))
    write(*FILES)
    disabled = {"via": "s3", "prefix": "incoming/", "enabled": False}  # else the old source stays
    deploy(aws, wiring_for(aws, trigger=disabled))
    assert logs not in {each["Name"] for each in aws.s3.list_buckets()["Buckets"]}
