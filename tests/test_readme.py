"""Runs the README's terminal sessions: stdout is what the README shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import connect_locally
from sfn_s3_cli.local import process

README = Path(__file__).parent.parent / "README.md"

# What differs from run to run: the time, the duration, the execution's name.
CHANCE = re.compile(r"\d\d:\d\d:\d\d|\d+\.\ds|[0-9a-f]{8}-[0-9a-f-]{27}")


class Step(NamedTuple):
    command: str
    shown: str


def read_session() -> Iterator[Step]:
    """The commands of all console blocks, with what is shown below each."""
    for block in README.read_text().split("```console\n")[1:]:
        text = block.partition("```")[0]
        for part in text.removeprefix("$ ").split("\n$ "):
            command, _, shown = part.partition("\n")
            yield Step(command, shown.rstrip("\n") + "\n" if shown else "")


def test_the_readme_shows_a_real_session(sfnctl: Sfnctl, tmp_path: Path) -> None:
    state_dir = tmp_path / "cloud"
    sfnctl.environ["SFNCTL_STATE_DIR"] = str(state_dir)
    for command, shown in read_session():
        program, *arguments = shlex.split(command)
        match program:
            case "cd":
                sfnctl.folder /= arguments[0]
            case "aws":
                _, _, source, target = arguments
                bucket, _, prefix = target.removeprefix("s3://").partition("/")
                s3 = connect_locally(process.ensure(state_dir).endpoint_url).s3
                body = (sfnctl.folder / source).read_bytes()
                s3.put_object(Bucket=bucket, Key=prefix + source, Body=body)
            case "sfnctl":
                # An execution may be seen while it still runs; the README shows only its end.
                lines = sfnctl(*arguments).out.splitlines(keepends=True)
                out = "".join(line for line in lines if "  RUNNING  " not in line)
                assert CHANCE.sub("…", out) == CHANCE.sub("…", shown), command
            case _:
                assert command == 'eval "$(sfnctl local env)"'
