"""Runs the terminal sessions that pages show, on an embedded cloud of their own.

As a script (`make docs`) it writes what the commands show now into the pages.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import connect_locally
from sfn_s3_cli.local import process

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "docs/plans.md", "docs/purge.md", "docs/rename.md", "docs/show.md")

# What differs from run to run: the day, the time, the duration, the name of an execution, and the
# sequencer of an event.
_CHANCE = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d|adopted on [\d-]+|\d\d:\d\d:\d\d|\d+\.\ds"
    r"|[0-9a-f]{8}-[0-9a-f-]{27}|(?<=sequencer\": \")\w+"
)
_ASKS = "to go ahead:"
_BLOCK = re.compile(r"(?<=```console\n)(.*?)(?=```)", re.DOTALL)


def mask(page: str) -> str:
    return _CHANCE.sub("…", page)


def play(page: str, sfnctl: Sfnctl, state_dir: Path) -> str:
    """Runs all commands of a page, and returns it with what they show now."""
    sfnctl.environ["SFNCTL_STATE_DIR"] = str(state_dir)
    session = _Session(sfnctl, state_dir)
    try:
        return _BLOCK.sub(lambda block: session.play(block[0]), page)
    finally:
        process.stop(state_dir)


def _drop_progress(err: str) -> str:
    return "".join(line for line in err.splitlines(keepends=True) if not line.startswith("  "))


@dataclass
class _Session:
    sfnctl: Sfnctl
    state_dir: Path
    fingerprint: str = ""
    """Of the first plan, which `--expect` means."""

    def play(self, block: str) -> str:
        parts = block.removeprefix("$ ").split("\n$ ")
        return "".join(self._run(*part.rstrip("\n").split("\n")) for part in parts)

    def _run(self, command: str, *before: str) -> str:
        """Answers questions as somebody did when it was recorded."""
        answers = [line.rpartition(_ASKS)[2].strip() for line in before if _ASKS in line]
        command = re.sub(r"--expect \w+", f"--expect {self.fingerprint}", command)
        words = shlex.split(command)
        shown = (
            self._converse(*words[1:], answers=answers) if answers else self._find_output(*words)
        )
        if found := re.search(r"Fingerprint (\w+)", shown):
            self.fingerprint = self.fingerprint or found[1]
        return f"$ {command}\n{shown}"

    def _converse(self, *arguments: str, answers: list[str]) -> str:
        """The plan comes before the questions, the result after them."""
        talk = [(_ASKS, answer) for answer in answers]
        ended = self.sfnctl.converse(*arguments, talk=talk, code=None)
        plan, result = re.split(r"(?<=Fingerprint \w{12}\.\n)", ended.out, maxsplit=1)
        shown = ended.err.replace("\r", "")
        for answer in answers:  # the terminal may echo it before the space behind the question
            shown = re.sub(rf"{_ASKS} ?{answer} ?\n ?", f"{_ASKS} {answer}\n", shown)
        return plan + _drop_progress(shown) + result

    def _find_output(self, program: str, *arguments: str) -> str:
        match program, arguments:
            case "sfnctl", _:
                # An execution may be seen while it still runs; a page shows only its end.
                ended = self.sfnctl(*arguments, code=None)
                lines = ended.out.splitlines(keepends=True)
                shown = "".join(line for line in lines if "  RUNNING  " not in line)
                return shown + (_drop_progress(ended.err) if ended.code else "")
            case "cd", [folder]:
                self.sfnctl.folder /= folder
            case "sed", ["-i", change, *names]:
                self._replace(change, names)
            case "aws", _:
                self._call_s3(*arguments)
            case _:
                assert (program, arguments) == ("eval", ("$(sfnctl local env)",))
        return ""

    def _replace(self, change: str, names: list[str]) -> None:
        """What `sed` does; its options differ between systems."""
        _, before, after, _ = change.split("/")
        for name in names:
            path = self.sfnctl.folder / name
            assert before in path.read_text()
            lines = path.read_text().splitlines(keepends=True)
            path.write_text("".join(line.replace(before, after, 1) for line in lines))

    def _call_s3(self, *words: str) -> None:
        """What the AWS CLI does."""
        s3 = connect_locally(process.ensure(self.state_dir).endpoint_url).s3
        match words:
            case "s3", "cp", source, target:
                bucket, _, prefix = target.removeprefix("s3://").partition("/")
                body = (self.sfnctl.folder / source).read_bytes()
                s3.put_object(Bucket=bucket, Key=prefix + source, Body=body)
            case "s3", "mb", target:
                s3.create_bucket(Bucket=target.removeprefix("s3://"))
            case "s3api", "delete-public-access-block", "--bucket", bucket:
                s3.delete_public_access_block(Bucket=bucket)
            case _:
                raise ValueError(words)


def main() -> None:
    for name in list(os.environ):
        if name.startswith(("AWS_", "GITHUB_", "SFNCTL_")):
            del os.environ[name]
    os.environ |= {"COLUMNS": "80", "NO_COLOR": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    for page in PAGES:
        path = ROOT / page
        before = path.read_text()
        with tempfile.TemporaryDirectory() as name:
            os.environ["CONTRACT"] = str(Path(name) / "problems")
            folder = Path(name) / "project"
            folder.mkdir()
            after = play(before, Sfnctl(folder), Path(name) / "cloud")
        if mask(before) != mask(after):
            path.write_text(after)


if __name__ == "__main__":
    main()
