"""`sfnctl local` and `sfnctl demo`, through the installed script."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from sfnctl_script import SFNCTL, Sfnctl


def test_the_cloud_is_started_found_and_stopped(own_cloud: Sfnctl) -> None:
    assert own_cloud("local", "status").out == "stopped\n"
    started = own_cloud("local", "start").out
    assert started.startswith("running at http://127.0.0.1:")
    assert own_cloud("local", "start").out == own_cloud("local", "status").out == started
    assert own_cloud("local", "stop").out == "stopped\n"
    assert own_cloud("local", "status", "-ojson").document == {
        "v": 1,
        "type": "local",
        "status": "stopped",
    }


def test_killed_cloud_is_reported_and_replaced(own_cloud: Sfnctl) -> None:
    pid = own_cloud("local", "start", "-o", "json").document["pid"]
    os.kill(pid, signal.SIGKILL)
    assert f"no longer running: process {pid} ended" in own_cloud("local", "status").out
    again = own_cloud("local", "env")
    assert (
        again.err == "The local cloud had stopped, and its contents are lost. Starting a new one.\n"
    )


POISON = {
    "AWS_PROFILE": "unknown",
    "AWS_SESSION_TOKEN": "real",
    "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
}


def test_env_points_other_tools_at_the_local_cloud(
    own_cloud: Sfnctl,
) -> None:
    python = Path(SFNCTL).with_name("python")
    upload = "import boto3; print(boto3.client('s3').list_buckets()['Buckets'])"
    script = f"eval \"$('{SFNCTL}' local env)\" && '{python}' -c \"{upload}\""
    run = subprocess.run(
        ["bash", "-c", script],
        env=own_cloud.environment | POISON,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout, run.stderr) == ("[]\n", "")
    environment = own_cloud("local", "env", "--output", "json").document
    assert environment["variables"]["AWS_ACCESS_KEY_ID"] == "000000000000"
    assert "AWS_PROFILE" in environment["unset"]


def test_demo_shows_a_pipeline_for_each_source(sfnctl: Sfnctl) -> None:
    sfnctl.environ |= {"SFNCTL_CONFIG": "elsewhere.yaml", "SFNCTL_OUTPUT": "text"}
    ended = sfnctl("demo")
    for via in ("cloudtrail", "s3"):
        assert f"  SUCCEEDED  s3://acme-{via}/incoming/sample1.json  34 B  PutObject" in ended.out
        assert f"Tore down hello-{via}: " in ended.out
    assert ended.out.count('"source": "aws.s3"') == 2
