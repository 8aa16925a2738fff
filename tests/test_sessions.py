"""Runs the sessions of the docs: stdout, errors and questions are as the pages show them.

`RECORD=1` writes what was shown into the pages.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pipelines import HELLO
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws, connect_locally
from sfn_s3_cli.local.process import Cloud

DOCS = Path(__file__).parent.parent / "docs"
BLOCKS = re.compile(r"^```(yaml|console)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
DAY = re.compile(r"\d{4}-\d\d-\d\d")
REGION = "eu-west-1"


class Session:
    """Runs the commands of a page, one after another, in one folder and one account."""

    def __init__(self, sfnctl: Sfnctl, aws: Aws) -> None:
        self._sfnctl, self._aws = sfnctl, aws
        sfnctl.write("workflow.asl.json", json.dumps(HELLO))

    def start(self, config: str) -> None:
        self._sfnctl.write("sfnctl.yaml", config)

    def run(self, block: str) -> str:
        """Runs a block, and returns it with what each command shows."""
        parts = block.removeprefix("$ ").split("\n$ ")
        return "".join(self._run_one(*part.rstrip("\n").split("\n")) for part in parts)

    def _run_one(self, command: str, *shown: str) -> str:
        match shlex.split(command):
            case ["sfnctl", *arguments]:
                answers = [*_list_answers(shown)]
                out = self._ask(arguments, answers) if answers else self._show(arguments)
                return f"$ {command}\n{out}"
            case ["sed", "-i", expression, name]:
                _, pattern, new, _ = expression.split("/")
                path = self._sfnctl.folder / name
                path.write_text(re.sub(pattern, new, path.read_text(), flags=re.MULTILINE))
            case ["aws", "s3", "mb", url]:
                place: Any = {"LocationConstraint": REGION}
                self._aws.s3.create_bucket(Bucket=url[5:], CreateBucketConfiguration=place)
            case ["aws", "s3", "cp", source, url]:
                bucket, _, prefix = url[5:].partition("/")
                body = (self._sfnctl.folder / source).read_bytes()
                self._aws.s3.put_object(Bucket=bucket, Key=prefix + source, Body=body)
            case _:
                raise AssertionError(command)
        return f"$ {command}\n"

    def _show(self, arguments: list[str]) -> str:
        ended = self._sfnctl(*arguments, code=None)
        return ended.out + _select(ended.err)

    def _ask(self, arguments: list[str], answers: list[str]) -> str:
        """The plan comes before the questions, the result after them."""
        talk = [("to go ahead:", answer) for answer in answers]
        code = 1 if answers[-1] == "acme" else 0
        ended = self._sfnctl.converse(*arguments, talk=talk, code=code)
        plan, end, result = ended.out.partition("Plan: ")
        line, _, result = result.partition("\n")
        return f"{plan}{end}{line}\n{_select(ended.err.replace(chr(13), ''))}{result}"


def _select(err: str) -> str:
    """Leaves out the progress."""
    return "".join(line for line in err.splitlines(keepends=True) if not line.startswith("  "))


def _list_answers(shown: tuple[str, ...]) -> Iterator[str]:
    for line in shown:
        if " to go ahead: " in line:
            yield line.rpartition(": ")[2]


@pytest.mark.parametrize("name", ["purge.md", "rename.md"])
@pytest.mark.usefixtures("account")
def test_a_page_shows_a_real_session(name: str, sfnctl_local: Sfnctl, cloud: Cloud) -> None:
    page = (DOCS / name).read_text()
    session = Session(sfnctl_local, connect_locally(cloud.endpoint_url, region=REGION))
    replayed = BLOCKS.sub(lambda found: replay(session, *found.groups()), page)
    if os.environ.get("RECORD"):
        (DOCS / name).write_text(replayed)
    assert DAY.sub("…", replayed) == DAY.sub("…", page)


def replay(session: Session, kind: str, text: str) -> str:
    if kind == "yaml":
        session.start(text)
        return f"```yaml\n{text}```\n"
    return f"```console\n{session.run(text)}```\n"
