"""`teardown --pipeline` is completed with the pipelines that AWS has."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from sfnctl_script import SFNCTL, Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.completion.answer import BEFORE, CURRENT, SHELL

RULES = ("sfnctl-orders-old-s3", "sfnctl-orders-cloudtrail", "sfnctl-orders-s3", "sfnctl", "theirs")
MFA = """\
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/admin
mfa_serial = arn:aws:iam::123456789012:mfa/me
source_profile = base
[profile base]
aws_access_key_id = key
aws_secret_access_key = secret
"""


def complete(sfnctl: Sfnctl, before: str, current: str = "") -> list[str]:
    request = {SHELL: "bash", BEFORE: before.replace(" ", "\n"), CURRENT: current}
    ended = Sfnctl(sfnctl.folder, sfnctl.environ | request)()
    assert ended.err == ""
    return ended.out.splitlines()


@pytest.fixture
def rules(aws: Aws) -> None:
    for each in RULES:
        aws.events.put_rule(Name=each, ScheduleExpression="rate(1 day)")


@pytest.mark.usefixtures("rules")
def test_pipelines_of_the_region_complete(project: Sfnctl, tmp_path: Path) -> None:
    every = ["words", "orders", "orders-old"]
    assert complete(project, "teardown --pipeline") == every
    assert complete(project, "-v teardown --yes --pipeline", "orders-") == ["words", "orders-old"]
    assert complete(project, "--region eu-west-1 teardown --pipeline") == ["words"]

    del project.environ["SFNCTL_LOCAL"]
    assert complete(project, "teardown --local --pipeline") == every
    (project.folder / "sfnctl.yaml").rename(tmp_path / "other.yaml")
    assert complete(project, f"teardown --local -c {tmp_path}/other.yaml --pipeline") == every


def test_completing_pipelines_starts_no_cloud(sfnctl: Sfnctl, tmp_path: Path) -> None:
    sfnctl.environ |= {"SFNCTL_LOCAL": "1", "SFNCTL_STATE_DIR": str(tmp_path / "state")}
    assert complete(sfnctl, "teardown --pipeline") == ["words"]
    assert not (tmp_path / "state").exists()


def test_completing_pipelines_asks_for_no_mfa_code(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(MFA)
    request = {SHELL: "fish", BEFORE: "--profile\nmfa\nteardown\n--pipeline", CURRENT: ""}
    aws = {"AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_REGION": "eu-west-1"}
    ended = subprocess.run(
        [SFNCTL],
        env={**request, **aws},
        cwd=tmp_path,
        input="123456\n",
        text=True,
        capture_output=True,
        start_new_session=True,
        timeout=60,
        check=True,
    )
    assert ended.stderr == ""
    assert ended.stdout == ""
