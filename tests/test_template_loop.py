"""Each template from `init` to `teardown`, without an AWS account."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from reliability_figures import TEST_ALL
from sfnctl_script import Sfnctl

from sfn_s3_cli import templates
from sfn_s3_cli.aws.client import Aws, create_local_client
from sfn_s3_cli.ci_files import Ci


def create_nothing(_sfnctl: Sfnctl, _aws: Aws) -> None:
    pass


def create_function(sfnctl: Sfnctl, aws: Aws) -> None:
    """What the README of the template `lambda` does with the AWS CLI."""
    folder = sfnctl.folder / "function"
    trust, policy = (folder / "trust.json").read_text(), (folder / "policy.json").read_text()
    role = aws.iam.create_role(RoleName="lines-function", AssumeRolePolicyDocument=trust)["Role"]
    aws.iam.put_role_policy(RoleName="lines-function", PolicyName="objects", PolicyDocument=policy)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.write(folder / "handler.py", "handler.py")
    place, endpoint_url = aws.place, aws.s3.meta.endpoint_url
    client = create_local_client("lambda", endpoint_url, region=place.region, account=place.account)
    client.create_function(
        FunctionName="lines",
        Runtime="python3.13",
        Handler="handler.handle",
        Timeout=30,
        Role=role["Arn"],
        Code={"ZipFile": archive.getvalue()},
    )


@dataclass(frozen=True)
class Loop:
    """What a template does with its samples on the embedded cloud."""

    good: str = "sample1.json"
    bad: str = "sample-bad.json"
    written: tuple[str, ...] = ()
    """The keys after the good sample, without the parts that differ from run to run."""
    bad_status: str = "SUCCEEDED"
    bad_written: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    prepare: Callable[[Sfnctl, Aws], None] = field(default=create_nothing)


LOOPS = {
    "copy": Loop(written=("processed/sample1.json",), bad_written=("processed/sample-bad.json",)),
    "distributed-csv": Loop(
        "sample1.csv",
        "sample-bad.csv",
        ("results/FAILED_0.json", "results/SUCCEEDED_0.json", "results/manifest.json"),
        "FAILED",
        ("results/FAILED_0.json", "results/SUCCEEDED_0.json", "results/manifest.json"),
    ),
    "express-fanout": Loop(
        written=("processed/a-1.json", "processed/a-2.json"), bad_status="FAILED"
    ),
    "hello": Loop(),
    "lambda": Loop(
        "sample1.txt",
        "sample-bad.txt",
        ("processed/sample1.txt",),
        arguments=("--set", "function=lines"),
        prepare=create_function,
    ),
    "validate-and-quarantine": Loop(
        written=("accepted/sample1.json",),
        bad_written=("quarantine/sample-bad.json", "quarantine/sample-bad.json.reason.json"),
    ),
}


SAMPLE = ("lambda", "validate-and-quarantine")
"""The templates whose tests run in pytest; all of them with TEST_ALL."""


def start(sfnctl: Sfnctl, aws: Aws, template: str, *arguments: str) -> str:
    """Writes the project into the test's folder and its account; returns the bucket."""
    bucket = f"loop-{aws.place.account}"
    names = ("--name", "lines", "--bucket", bucket, "--via", "s3", "--yes")
    sfnctl("init", "--template", template, *names, *arguments)
    path = sfnctl.folder / "sfnctl.yaml"
    if not path.read_text().count("\naccount: "):
        path.write_text(f'account: "{aws.place.account}"\n{path.read_text()}')
    return bucket


def list_written(aws: Aws, bucket: str) -> tuple[str, ...]:
    """The keys outside of incoming/; of results/ID/FILE without the ID."""
    found = aws.s3.list_objects_v2(Bucket=bucket).get("Contents", ())
    keys = [each["Key"].split("/") for each in found]
    shown = {f"{key[0]}/{key[-1]}" for key in keys if key[0] != "incoming"}
    return tuple(sorted(shown))


@pytest.mark.parametrize("template", LOOPS)
def test_a_template_runs_from_init_to_teardown(
    template: str, sfnctl_local: Sfnctl, aws: Aws
) -> None:
    loop = LOOPS[template]
    bucket = start(sfnctl_local, aws, template, *loop.arguments)
    assert sfnctl_local("validate", "--strict", "--offline").err == ""
    sfnctl_local("test")
    loop.prepare(sfnctl_local, aws)
    sfnctl_local("deploy", "--yes")
    assert "Nothing to do" in sfnctl_local("deploy", "--yes").out
    for sample, status, written in (
        (loop.good, "SUCCEEDED", loop.written),
        (loop.bad, loop.bad_status, loop.bad_written),
    ):
        body = (sfnctl_local.folder / sample).read_bytes()
        aws.s3.put_object(Bucket=bucket, Key=f"incoming/{sample}", Body=body)
        shown = sfnctl_local("watch-executions", "--object", f"incoming/{sample}", "-o", "json")
        ended = json.loads(shown.out.splitlines()[-1])
        assert ended["status"] == status, ended.get("cause")
        assert set(written) <= set(list_written(aws, bucket))
    expected = sorted({*loop.written, *loop.bad_written})
    assert list_written(aws, bucket) == tuple(expected)
    sfnctl_local("teardown", "--yes", "--purge")
    assert aws.s3.list_buckets()["Buckets"] == []


def test_a_container_is_deployed_for_its_own_account(sfnctl_local: Sfnctl, aws: Aws) -> None:
    """The embedded cloud has no containers, so nothing is uploaded."""
    start(sfnctl_local, aws, "ecs-task", "--set", f"account={aws.place.account}")
    assert sfnctl_local("validate", "--strict", "--offline").err == ""
    sfnctl_local("test")
    sfnctl_local("deploy", "--yes")
    assert "Nothing to do" in sfnctl_local("deploy", "--yes").out
    sfnctl_local("teardown", "--yes", "--purge")
    assert aws.s3.list_buckets()["Buckets"] == []


def test_the_pytest_tests_of_templates_pass(tmp_path: Path) -> None:
    """As in a user's project, with the plugin and an embedded cloud of its own."""
    every = templates.list_templates()
    chosen = [each for each in every if TEST_ALL or each.name in SAMPLE]
    for each in chosen:  # in one repository, with pytest's default import mode
        values = templates.Values(f"try-{each.name}", f"loop-{each.name}")
        templates.write(each, tmp_path / f"try-{each.name}", values, ci=Ci.NONE)
    options = ("-p", "no:cacheprovider", "-q")
    command = [sys.executable, "-m", "pytest", "-p", "sfn_s3_cli.testing.plugin", *options]
    environ = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ended = subprocess.run(
        command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    passed = 13 if TEST_ALL else 4
    assert re.search(rf"^{passed} passed in ", ended.stdout, re.MULTILINE), ended.stdout
