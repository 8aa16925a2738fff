"""`sfnctl demo`: run every step on a temporary embedded cloud, once per event source."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sfn_s3_cli.errors import SfnctlError

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context

WATCH = "watch-executions --object {key} --timeout 60s --input full --exit-status"


def demo(ctx: typer.Context) -> None:
    """Run every step on a temporary embedded cloud.

    For each event source: creates a pipeline, deploys it, uploads an object, watches the execution
    and tears everything down.
    """
    from sfn_s3_cli.events import SOURCES

    context: Context = ctx.obj
    with tempfile.TemporaryDirectory(prefix="sfnctl-demo-") as name:
        folder = Path(name)
        try:
            for via in SOURCES:
                context.view.remark(f"\n# Event source: {via}")
                _run_all(context, folder, via)
        finally:
            _run(context, folder, "local stop", folder)


def _run_all(context: Context, folder: Path, via: str) -> None:
    name, project, run = f"acme-{via}", folder / via, partial(_run, context, folder)
    scaffold = f"init {via} --template hello --name hello-{via} --bucket {name} --via {via}"
    run(f"{scaffold} --ci none", folder)
    run("deploy --yes", project)
    sample = project / "sample1.json"
    _upload(context, folder, sample, name)
    run(WATCH.format(key=_key(sample)), project)
    run("teardown --yes --purge", project)


def _run(context: Context, folder: Path, command: str, where: Path) -> None:
    """Run a command on the demo's own cloud, whatever the user's environment says."""
    context.view.remark(f"\n$ sfnctl {command}")
    own = {"SFNCTL_LOCAL": "1", "SFNCTL_STATE_DIR": str(_cloud(folder))}
    others = {name: value for name, value in os.environ.items() if not name.startswith("SFNCTL_")}
    arguments = [sys.executable, "-m", "sfn_s3_cli", *shlex.split(command)]
    ended = subprocess.run(arguments, cwd=where, env=others | own, check=False)  # noqa: S603
    if ended.returncode:
        raise SfnctlError(f"`sfnctl {command}` exited with {ended.returncode}")


def _upload(context: Context, folder: Path, path: Path, bucket: str) -> None:
    from sfn_s3_cli.aws import client as aws
    from sfn_s3_cli.local import process

    key = _key(path)
    context.view.remark(f"\n# Upload {path.name} to s3://{bucket}/{key}, with any S3 client")
    s3 = aws.connect_locally(process.ensure(_cloud(folder)).endpoint_url).s3
    s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())


def _key(path: Path) -> str:
    return f"incoming/{path.name}"


def _cloud(folder: Path) -> Path:
    return folder / "cloud"
