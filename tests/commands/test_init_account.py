"""What `init` asks with credentials: the account's buckets, and what delivers their events."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from faults.rules import Rule
from pipelines import another_trail
from sfnctl_script import RunResult, Sfnctl

from sfn_s3_cli.aws.client import Aws, connect_locally
from sfn_s3_cli.config.load import load
from sfn_s3_cli.local.process import Cloud

BUCKET, SOURCE = "Bucket (number, name or new name):", "Event source [{}]:"
OPTIONS = ("--template", "hello", "--name", "orders", "--ci", "none")


@pytest.fixture
def project(sfnctl: Sfnctl, cloud: Cloud, account: str) -> Sfnctl:
    """The script with the credentials of an account, and an empty folder."""
    sfnctl.environ |= {
        "AWS_ENDPOINT_URL": cloud.endpoint_url,
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }
    return sfnctl


def converse(sfnctl: Sfnctl, *talk: tuple[str, str]) -> RunResult:
    """`init` with these questions and answers; `err` without the ends of lines, which vary."""
    ended = sfnctl.converse("init", *OPTIONS, talk=talk)
    return RunResult(ended.code, ended.out, re.sub(r"\s+", " ", ended.err))


def read_config(sfnctl: Sfnctl) -> Any:
    return load(sfnctl.folder / "sfnctl.yaml", {})


def make_buckets(aws: Aws, *names: str) -> None:
    for name in names:
        aws.s3.create_bucket(Bucket=name)


def switch_on(aws: Aws, bucket: str) -> None:
    aws.s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )


def log_uploads(aws: Aws, trail: str, prefix: str = "arn:aws:s3") -> None:
    """Makes a trail that logs the data events of objects whose ARN begins so."""
    selector = {
        "ReadWriteType": "WriteOnly",
        "IncludeManagementEvents": False,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": [prefix]}],
    }
    another_trail(aws, trail, EventSelectors=[selector])


def test_a_bucket_that_is_on_suggests_s3(project: Sfnctl, aws: Aws) -> None:
    make_buckets(aws, "acme-audit", "acme-orders")
    switch_on(aws, "acme-orders")
    ended = converse(project, (BUCKET, "2"), (SOURCE.format("s3"), ""))
    assert "2 buckets in this region: 1 acme-audit 2 acme-orders Bucket" in ended.err
    text = "s3 is suggested because acme-orders sends its events to EventBridge already. Event"
    assert text in ended.err
    config = read_config(project)
    assert (config.bucket.name, config.bucket.create) == ("acme-orders", False)
    assert config.trigger.via == "s3"
    assert ended.out.endswith("Next: sfnctl plan\n")


def test_a_bucket_that_is_logged_suggests_cloudtrail(project: Sfnctl, aws: Aws) -> None:
    make_buckets(aws, "acme-orders")
    log_uploads(aws, "audit")
    ended = converse(project, (BUCKET, "acme-orders"), (SOURCE.format("cloudtrail"), ""))
    assert "because the trail audit logs all uploads to acme-orders already" in ended.err
    trigger = read_config(project).trigger
    assert (trigger.via, trigger.trail) == ("cloudtrail", "none")


@pytest.mark.parametrize("prefix", ["arn:aws:s3:::acme-orders/other/", "arn:aws:s3:::acme-audit/"])
def test_a_trail_that_logs_less_is_not_enough(project: Sfnctl, aws: Aws, prefix: str) -> None:
    make_buckets(aws, "acme-orders")
    log_uploads(aws, "audit", prefix)
    ended = converse(project, (BUCKET, "acme-orders"), (SOURCE.format("s3"), "cloudtrail"))
    assert "acme-orders does not send its events to EventBridge yet" in ended.err
    trigger = read_config(project).trigger
    assert (trigger.via, trigger.trail) == ("cloudtrail", None)


def test_the_shared_trail_of_sfnctl_is_not_of_others(project: Sfnctl, aws: Aws) -> None:
    make_buckets(aws, "acme-orders")
    log_uploads(aws, "sfnctl")
    converse(project, (BUCKET, "acme-orders"), (SOURCE.format("s3"), "cloudtrail"))
    assert read_config(project).trigger.trail is None


def test_many_buckets_come_in_pages(project: Sfnctl, aws: Aws) -> None:
    make_buckets(aws, *(f"acme-{number:02}" for number in range(45)))
    ended = converse(
        project,
        *((BUCKET, "46"), (BUCKET, "+"), (BUCKET, "+"), (BUCKET, "+"), (BUCKET, "7")),
        (SOURCE.format("s3"), ""),
    )
    assert "20 acme-19 + shows more (25 left) Bucket" in ended.err
    assert "expected a number from 1 to 45, or a name, found '46' Bucket" in ended.err
    assert "40 acme-39 + shows more (5 left) Bucket" in ended.err
    assert "45 acme-44 Bucket" in ended.err
    assert "3 to 63 lower-case letters, digits, dots and hyphens, found '+' Bucket" in ended.err
    assert read_config(project).bucket.name == "acme-06"


def test_another_name_is_a_new_bucket(project: Sfnctl, aws: Aws) -> None:
    make_buckets(aws, "acme-orders")
    ended = converse(project, (BUCKET, "acme-new"), (SOURCE.format("s3"), ""))
    assert "acme-new is none of them: deploy will create it. " in ended.err
    assert read_config(project).bucket.create
    assert ended.out.endswith("Next: sfnctl --local deploy\n")


def test_a_given_bucket_is_looked_at_too(project: Sfnctl, aws: Aws) -> None:
    make_buckets(aws, "acme-orders")
    switch_on(aws, "acme-orders")
    talk = [(SOURCE.format("s3"), "")]
    ended = project.converse("init", *OPTIONS, "--bucket", "acme-orders", talk=talk)
    assert "acme-orders sends its events to EventBridge already" in re.sub(r"\s+", " ", ended.err)
    assert not read_config(project).bucket.create


def test_an_account_without_buckets_is_asked_for_a_name(project: Sfnctl) -> None:
    ended = converse(project, ("Bucket:", "acme-new"), (SOURCE.format("s3"), ""))
    assert "this region" not in ended.err
    assert read_config(project).bucket.create


def test_missing_permissions_are_noted(project: Sfnctl, aws: Aws) -> None:
    make_buckets(aws, "acme-orders")
    denied: Any = {
        "do": "error",
        "times": None,
        "code": "AccessDenied",
        "message": "No.",
        "status": 403,
    }
    rules = [
        Rule(operation=operation, **denied)
        for operation in ("ListBuckets", "GetBucketNotificationConfiguration")
    ]
    with project.with_faults(*rules):
        ended = converse(project, ("Bucket:", "acme-orders"), (SOURCE.format("s3"), ""))
    assert "Note: your buckets cannot be listed (AccessDenied: No.). Bucket" in ended.err
    note = (
        "Note: what delivers the events of acme-orders already cannot be read (AccessDenied: No.)"
    )
    assert note in ended.err
    assert "s3 is suggested because it delivers every event, usually within seconds. Choose" in (
        ended.err
    )
    assert read_config(project).bucket.create


def test_trails_that_cannot_be_read_are_noted(project: Sfnctl, aws: Aws) -> None:
    make_buckets(aws, "acme-orders")
    denied: Any = {"times": None, "code": "AccessDeniedException", "message": "No.", "status": 400}
    with project.with_faults(Rule(do="error", operation="DescribeTrails", **denied)):
        ended = converse(project, (BUCKET, "1"), (SOURCE.format("s3"), ""))
    assert "already cannot be read (AccessDeniedException: No.)" in ended.err
    assert not read_config(project).bucket.create


def test_a_profile_with_mfa_asks_no_second_question(sfnctl: Sfnctl, tmp_path: Path) -> None:
    config = tmp_path / "aws-config"
    config.write_text(
        "[profile base]\naws_access_key_id = a\naws_secret_access_key = b\n"
        "[profile mfa]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n"
        "mfa_serial = arn:aws:iam::123456789012:mfa/me\nregion = eu-west-1\n"
    )
    sfnctl.environ |= {"AWS_CONFIG_FILE": str(config), "AWS_PROFILE": "mfa"}
    ended = converse(sfnctl, ("Bucket:", "acme-orders"), (SOURCE.format("s3"), ""))
    assert "cannot be listed (the profile asks for an MFA code). Bucket:" in ended.err


def test_a_local_cloud_is_asked_only_if_it_runs(
    sfnctl: Sfnctl, cloud: Cloud, cloud_state_dir: Path, account: str
) -> None:
    sfnctl.environ |= {"SFNCTL_LOCAL": "1", "SFNCTL_STATE_DIR": str(sfnctl.folder / "none")}
    converse(sfnctl, ("Bucket:", "acme-orders"), (SOURCE.format("s3"), ""))
    assert not (sfnctl.folder / "none").exists()
    make_buckets(connect_locally(cloud.endpoint_url), "acme-local")
    sfnctl.environ["SFNCTL_STATE_DIR"] = str(cloud_state_dir)
    ended = sfnctl.converse(
        "init", "other", *OPTIONS, talk=[(BUCKET, "1"), (SOURCE.format("s3"), "")]
    )
    assert "acme-local" in ended.err
