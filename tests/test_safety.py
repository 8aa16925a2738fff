"""Protects this machine: its files, its ports and its terminal."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from faults.rules import Rule
from sfnctl_script import SFNCTL, RunResult, Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.local.process import Cloud

EVIL = "a\x1b]52;c;aGk=\x07\x9b31m\u202eb\nc\r\u2028[red]"
"""Sets a terminal's clipboard, changes colours and text direction, and adds lines."""

SHOWN = r"a\x1b]52;c;aGk=\x07\x9b31m\u202eb\nc\r\u2028[red]"


def assert_harmless(ended: RunResult) -> None:
    for char in set(EVIL) - set(SHOWN) - {"\n"}:
        assert char not in ended.out + ended.err


def test_an_objects_key_cannot_control_a_terminal(project: Sfnctl, aws: Aws, account: str) -> None:
    project("deploy", "--yes")
    about = {"bucket": f"orders-{account}", "event": "PutObject", "via": "s3"}
    event = {**about, "object": {"key": EVIL}, "time": "2026-01-01T00:00:00Z"}
    arn = f"arn:aws:states:us-east-1:{account}:stateMachine:orders"
    aws.stepfunctions.start_execution(stateMachineArn=arn, input=json.dumps(event))
    watch = ("watch-executions", "--since", "15m", "--count", "1", "--input", "full")
    for ended in (project(*watch), project("status")):
        assert f"s3://orders-{account}/{SHOWN}" in ended.out
        assert_harmless(ended)
    exact = project(*watch, "--output", "json").documents[-1]
    assert exact["object"]["key"] == EVIL


@pytest.mark.parametrize("output", ["text", "json"])
def test_errors_of_aws_cannot_control_a_terminal(project: Sfnctl, output: str) -> None:
    refusal = Rule(do="error", operation="DescribeRule", code=EVIL, message=EVIL, status=400)
    with project.with_faults(refusal):
        ended = project("plan", "--verbose", "--output", output, code=1)
    assert_harmless(ended)
    if output == "text":
        assert SHOWN in ended.err


def test_tags_of_others_cannot_control_a_terminal(project: Sfnctl, aws: Aws, account: str) -> None:
    tags: Any = {"sfnctl:pipeline": EVIL, "sfnctl:managed": "true"}
    aws.sqs.create_queue(QueueName="sfnctl-orders-dlq", tags=tags)
    for command in ("plan", "deploy", "status"):
        ended = project(command, code=None)
        assert SHOWN in ended.out + ended.err
        assert_harmless(ended)


def test_targets_of_others_cannot_control_a_terminal(
    project: Sfnctl, aws: Aws, account: str
) -> None:
    project("deploy", "--yes")
    aws.events.put_targets(
        Rule="sfnctl-orders-cloudtrail",
        Targets=[{"Id": "theirs", "Arn": f"arn:aws:sqs:us-east-1:{account}:{EVIL}"}],
    )
    for command in (("plan",), ("status",), ("teardown", "--yes")):
        assert_harmless(project(*command, code=None))


def test_a_region_cannot_inject_shell_commands(project: Sfnctl) -> None:
    config = (project.folder / "sfnctl.yaml").read_text()
    assert "region" not in config
    run = subprocess.run(
        ["bash", "-c", f"eval \"$('{SFNCTL}' local env --region 'x; echo evil')\"; set"],
        cwd=project.folder,
        env=project.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "AWS_REGION='x; echo evil'" in run.stdout.splitlines()
    assert "evil" not in run.stdout.splitlines()


def read_modes(folder: Path) -> dict[str, int]:
    """The permissions of everything below the folder."""
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode)
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_other_users_cannot_read_private_files_or_write_any(
    own_cloud: Sfnctl, tmp_path: Path, umask: int
) -> None:
    before = os.umask(umask)
    try:
        own_cloud("local", "start")
        own_cloud("init", "new", "--name", "orders", "--bucket", "acme")
    finally:
        os.umask(before)
    written = read_modes(tmp_path / ".local") | read_modes(own_cloud.folder)
    assert not {path for path, mode in written.items() if mode & 0o022}
    assert written["state/sfnctl"] == 0o700
    assert written["state/sfnctl/cloud.json"] == 0o600
    assert written["state/sfnctl/cloud.log"] == 0o600
    assert written["new/sfnctl.yaml"] == 0o666 & ~(umask | 0o022)


def list_listening_addresses(pid: int) -> set[str]:
    """The addresses on which a process listens, as Linux reports them."""
    inodes = set()
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since the folder was listed
            link = str(each.readlink())
            inodes |= {link[8:-1]} if link.startswith("socket:[") else set()
    return {
        fields[1].partition(":")[0]
        for table in ("tcp", "tcp6")
        for fields in map(str.split, Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:])
        if fields[3] == "0A" and fields[9] in inodes
    }


def test_the_cloud_listens_on_this_machine_only(cloud: Cloud) -> None:
    assert list_listening_addresses(cloud.pid) == {"0100007F"}  # 127.0.0.1, the last byte first


def test_a_state_folder_that_others_can_write_is_refused(sfnctl: Sfnctl, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    ended = sfnctl("local", "start", "--state-dir", str(shared), code=2)
    assert ended.err == (
        f"Error: cannot use the folder {shared}: other users can write to it\n"
        "Hint: choose another folder with --state-dir\n"
    )
    assert shared.stat().st_mode & 0o7777 == 0o1777
    assert list(shared.iterdir()) == []
