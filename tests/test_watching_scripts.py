"""The scripts of docs/watching.md do what the page says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pipelines import pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws

PAGE = Path(__file__).parent.parent / "docs/watching.md"
_, UPLOAD, BATCH, REPORT, SHIP = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)

UPLOAD_OBJECTS = """\
import os, pathlib, sys
from sfn_s3_cli.aws.client import connect_locally
source, target = sys.argv[3:5]
bucket, _, key = target.removeprefix("s3://").partition("/")
s3 = connect_locally(os.environ["CLOUD"], account=os.environ["ACCOUNT"]).s3
path = pathlib.Path(source)
for each in path.iterdir() if path.is_dir() else [path]:
    s3.put_object(Bucket=bucket, Key=key + each.name * path.is_dir(), Body=each.read_bytes())
"""
FAILED = r"  FAILED(?: at No)?: Bad  "
BAD_FAILS = {
    "StartAt": "Check",
    "States": {
        "Check": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.object.key", "StringMatches": "*bad*", "Next": "No"},
            ],
            "Default": "Yes",
        },
        "Yes": {"Type": "Succeed"},
        "No": {"Type": "Fail", "Error": "Bad", "Cause": "No."},
    },
}


class Shell:
    """Runs scripts where `aws` and `sfnctl` talk to the embedded cloud."""

    def __init__(self, project: Sfnctl, aws: Aws, account: str) -> None:
        self.folder, self.commands = project.folder, project.folder / "commands"
        self.commands.mkdir()
        (self.folder / "upload_objects.py").write_text(UPLOAD_OBJECTS)
        self.add("aws", f'exec {sys.executable} {self.folder}/upload_objects.py "$@"')
        self.add("sfnctl", f'exec {Path(sys.executable).with_name("sfnctl")} "$@"')
        self.environment = {
            **project.environment,
            "PATH": f"{self.commands}:{os.environ['PATH']}",
            "CLOUD": aws.stepfunctions.meta.endpoint_url,
            "ACCOUNT": account,
        }

    def add(self, name: str, text: str) -> None:
        (self.commands / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.commands / name).chmod(0o755)

    def start(self, script: str) -> subprocess.Popen[str]:
        script = script.replace("acme-orders", f"orders-{self.environment['ACCOUNT']}")
        return subprocess.Popen(
            ["sh", "-ec", script],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, script: str) -> tuple[int, str]:
        process = self.start(script)
        out, err = process.communicate(timeout=120)
        return process.returncode, out or err


@pytest.fixture
def shell(project: Sfnctl, aws: Aws, account: str) -> Shell:
    project.write("sfnctl.yaml", pipeline_config(account, trigger={"via": "s3", "input": "object"}))
    project.write("workflow.asl.json", json.dumps(BAD_FAILS))
    project("deploy", "--yes")
    return Shell(project, aws, account)


def test_waits_for_the_execution_of_one_upload(shell: Shell) -> None:
    (shell.folder / "order.json").write_text("{}")
    code, out = shell.run(UPLOAD)
    assert (code, out.split()[1], out.count("SUCCEEDED")) == (0, "SUCCEEDED", 1)
    code, again = shell.run(UPLOAD)
    assert (code, again.count("SUCCEEDED"), again == out) == (0, 1, False)


def test_waits_for_a_batch_and_reports_its_failures(shell: Shell) -> None:
    (shell.folder / "batch").mkdir()
    for name in ("a", "b", "bad"):
        (shell.folder / "batch" / name).write_text("{}")
    assert "--until-idle 30s" in BATCH
    code, out = shell.run(BATCH.replace("30s", "1s"))
    assert (code, out.count("  SUCCEEDED  "), len(re.findall(FAILED, out))) == (5, 2, 1)

    shell.add("mail", "cat > mailed; echo $@ > to")
    assert shell.run(REPORT)[0] == 0
    mailed = (shell.folder / "mailed").read_text().splitlines()
    assert re.match(rf"\S+{FAILED}s3://orders-\d+/incoming/bad  2 B  PutObject", mailed[0])
    assert mailed[1:] == ["    cause: No."]
    broken = REPORT.replace("--no-follow", "--no-follow --region eu-north-1")
    assert shell.run(broken)[0] == 1, "any other failure is not mailed"


def test_sends_every_change_to_a_log(shell: Shell, aws: Aws, account: str) -> None:
    aws.s3.put_object(Bucket=f"orders-{account}", Key="incoming/1")
    shell.add("logger", "head -n 1; echo")
    process = shell.start(SHIP)
    assert process.stdout
    shown = json.loads(process.stdout.readline())
    assert (shown["v"], shown["type"], shown["name"] != "") == (1, "execution", True)
    assert process.stdout.readline() == "\n", "the log is gone"
    aws.s3.put_object(Bucket=f"orders-{account}", Key="incoming/2")
    process.communicate(timeout=60)
