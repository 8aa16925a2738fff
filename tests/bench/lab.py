"""A place to measure sfnctl: a pipeline's folder, and a cloud as far away as AWS."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from proxy import Call, Proxy, serve

from sfn_s3_cli.local import process
from sfn_s3_cli.local.process import Cloud

ACCOUNT, REGION, BUCKET = "111122223333", "us-east-1", "bench-objects"


class Measure(NamedTuple):
    """A measured value and its limit."""

    name: str
    value: float
    limit: float
    details: str = ""

    @property
    def is_kept(self) -> bool:
        return self.value <= self.limit


class Run(NamedTuple):
    """A process that has ended: its cost, its output and its calls to AWS."""

    seconds: float
    peak_mb: float
    out: str
    calls: list[Call]


@dataclass(frozen=True)
class Lab:
    """Runs processes in one folder and environment."""

    folder: Path
    cloud_url: str
    endpoint_url: str
    proxy: Proxy
    environ: Mapping[str, str]

    @property
    def config(self) -> Path:
        return self.folder / "sfnctl.yaml"

    def sfnctl(self, *arguments: str) -> Run:
        return self.python("-m", "sfn_s3_cli", *arguments)

    def python(self, *arguments: str) -> Run:
        """Runs Python and exits if it fails.

        The peak memory is at least the memory of this process when it forked.
        """
        self.proxy.take()
        out, err = self.folder / "out.txt", self.folder / "err.txt"
        with out.open("w") as stdout, err.open("w") as stderr:
            began = time.perf_counter()
            child = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=self.folder,
                env=dict(self.environ),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            output = err.read_text() + out.read_text()
            sys.exit(f"{' '.join(arguments)} ended with {child.returncode}\n{output}")
        return Run(seconds, usage.ru_maxrss / 1024, out.read_text(), self.proxy.take())


@contextmanager
def lab(cloud: Cloud, folder: Path, delay: float) -> Iterator[Lab]:
    """A new pipeline from the template `hello`, with the cloud `delay` seconds away."""
    state_dir, project = folder / "state", folder / "project"
    state_dir.mkdir(parents=True)
    with serve(cloud.endpoint_url, delay) as (proxy, endpoint_url):
        process.write_record(state_dir, replace(cloud, endpoint_url=endpoint_url))
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "SFNCTL_LOCAL": "1",
            "SFNCTL_STATE_DIR": str(state_dir),
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": REGION,
        }
        place = Lab(folder, cloud.endpoint_url, endpoint_url, proxy, environ)
        options = ["--template", "hello", "--name", "bench", "--bucket", BUCKET, "--yes"]
        place.sfnctl("init", str(project), *options)
        ready = replace(place, folder=project)
        with ready.config.open("a") as config:
            config.write(f'\naccount: "{ACCOUNT}"\nregion: {REGION}\n')
        yield ready
