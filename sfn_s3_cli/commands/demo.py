"""`sfnctl demo`: the whole story on a cloud of its own, once per trigger."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sfn_s3_cli.errors import SfnctlError

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context

WATCH = "watch-executions --count 1 --timeout 60s --input full --exit-status"


def demo(ctx: typer.Context) -> None:
    """Show the whole loop on a throw-away cloud.

    A pipeline is written, deployed, fed with an object, watched and torn down, once per trigger.
    """
    context: Context = ctx.obj
    with tempfile.TemporaryDirectory(prefix="sfnctl-demo-") as folder:
        os.environ |= {"SFNCTL_LOCAL": "1", "SFNCTL_STATE_DIR": str(Path(folder, "cloud"))}
        try:
            for via in ("cloudtrail", "s3"):
                _tell(context, Path(folder), via)
        finally:
            _run(context, "local stop", Path(folder))


def _tell(context: Context, folder: Path, via: str) -> None:
    project = folder / via
    context.view.remark(f"\n# The trigger is via: {via}")
    _run(context, f"init {via} --template hello --name hello-{via} --bucket acme-{via}", folder)
    config = project / "sfnctl.yaml"
    config.write_text(config.read_text().replace("via: cloudtrail", f"via: {via}"))
    _run(context, "deploy --yes", project)
    _upload(context, project / "sample1.json", f"acme-{via}", "incoming/sample1.json")
    _run(context, WATCH, project)
    _run(context, "teardown --yes --purge", project)


def _run(context: Context, command: str, folder: Path) -> None:
    context.view.remark(f"\n$ sfnctl {command}")
    arguments = [sys.executable, "-m", "sfn_s3_cli", *shlex.split(command)]
    ended = subprocess.run(arguments, cwd=folder, check=False)  # noqa: S603  (our own program)
    if ended.returncode:
        raise SfnctlError(f"`sfnctl {command}` ended with {ended.returncode}")


def _upload(context: Context, path: Path, bucket: str, key: str) -> None:
    from sfn_s3_cli import aws
    from sfn_s3_cli.local import process

    context.view.remark(f"\n# {path.name} is uploaded to s3://{bucket}/{key}, by any S3 client")
    cloud = process.ensure(Path(os.environ["SFNCTL_STATE_DIR"]))
    s3 = aws.connect_locally(cloud.endpoint_url).s3
    s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())
