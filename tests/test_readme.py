"""Runs the terminal sessions of the README and of other pages: stdout is what the page shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import connect_locally
from sfn_s3_cli.local import process

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "docs/plans.md")

# What differs from run to run: the time, the duration, the execution's name.
CHANCE = re.compile(r"\d\d:\d\d:\d\d|\d+\.\ds|[0-9a-f]{8}-[0-9a-f-]{27}")


class Step(NamedTuple):
    command: str
    shown: str


def read_session(page: str) -> Iterator[Step]:
    """The commands of all console blocks, with what is shown below each."""
    for block in (ROOT / page).read_text().split("```console\n")[1:]:
        text = block.partition("```")[0]
        for part in text.removeprefix("$ ").split("\n$ "):
            command, _, shown = part.partition("\n")
            yield Step(command, shown.rstrip("\n") + "\n" if shown else "")


def replace_words(arguments: list[str], folder: Path) -> None:
    """Does what `sed -i s/before/after/ FILES` does, which differs between systems."""
    _, before, after, _ = arguments[1].split("/")
    for name in arguments[2:]:
        path = folder / name
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(line.replace(before, after, 1) for line in lines))


def run_aws(words: list[str], folder: Path, s3: Any) -> None:
    """Does what the AWS CLI would do."""
    match words:
        case ["s3", "cp", source, target]:
            bucket, _, prefix = target.removeprefix("s3://").partition("/")
            s3.put_object(Bucket=bucket, Key=prefix + source, Body=(folder / source).read_bytes())
        case ["s3", "mb", target]:
            s3.create_bucket(Bucket=target.removeprefix("s3://"))
        case ["s3api", "delete-public-access-block", "--bucket", bucket]:
            s3.delete_public_access_block(Bucket=bucket)
        case _:
            pytest.fail(f"unknown: {words}")


@pytest.mark.parametrize("page", PAGES)
def test_the_page_shows_a_real_session(sfnctl: Sfnctl, tmp_path: Path, page: str) -> None:
    state_dir = tmp_path / "cloud"
    sfnctl.environ["SFNCTL_STATE_DIR"] = str(state_dir)
    for command, shown in read_session(page):
        program, *arguments = shlex.split(command)
        match program:
            case "cd":
                sfnctl.folder /= arguments[0]
            case "sed":
                replace_words(arguments, sfnctl.folder)
            case "aws":
                s3 = connect_locally(process.ensure(state_dir).endpoint_url).s3
                run_aws(arguments, sfnctl.folder, s3)
            case "sfnctl":
                # An execution may be seen while it still runs; the README shows only its end.
                lines = sfnctl(*arguments).out.splitlines(keepends=True)
                out = "".join(line for line in lines if "  RUNNING  " not in line)
                assert CHANCE.sub("…", out) == CHANCE.sub("…", shown), command
            case _:
                assert command == 'eval "$(sfnctl local env)"'
    process.stop(state_dir)
