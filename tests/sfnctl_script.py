"""Runs the installed script as users do, and with faults between it and AWS."""

from __future__ import annotations

import itertools
import json
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import contract
import fork_server
from faults.record import Record
from faults.rules import Rule, as_json

SFNCTL = Path(sys.executable).with_name("sfnctl")
CHILD = Path(__file__).with_name("child")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class RunResult:
    """A run of sfnctl that has ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def documents(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Sfnctl:
    """The installed script, run in a folder."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        environ = {**os.environ, **self.environ}
        paths = [str(CHILD), *filter(None, [environ.get("PYTHONPATH")])]
        return {**environ, "PYTHONPATH": os.pathsep.join(paths)}

    def __call__(self, *arguments: str, stdin: str = "", code: int | None = 0) -> RunResult:
        """Runs to the end; `code` is the exit code it must have, None for any."""
        runs = fork_server.run(self.prepare(*arguments, stdin=stdin))
        ended = RunResult(*(runs[0] if runs else self._alone(arguments, stdin)))
        contract.settle()
        assert code is None or ended.code == code, ended
        return ended

    def prepare(self, *arguments: str, stdin: str = "") -> fork_server.Run:
        return fork_server.Run(arguments, self.folder, {**os.environ, **self.environ}, stdin)

    def _alone(self, arguments: tuple[str, ...], stdin: str) -> tuple[int, str, str]:
        """Runs it as a new process."""
        run = subprocess.run(
            [SFNCTL, *arguments],
            cwd=self.folder,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return run.returncode, run.stdout, run.stderr

    def converse(
        self,
        *arguments: str,
        talk: Sequence[tuple[str, str | Callable[[], str]]],
        code: int | None = 0,
    ) -> RunResult:
        """Runs on a terminal and answers each question when it appears; `err` is what it showed."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [SFNCTL, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=theirs,
            stderr=theirs,
            stdout=subprocess.PIPE,
            text=True,
        )
        os.close(theirs)
        shown = ""
        try:
            for question, answer in talk:
                shown += _read_until(ours, question)
                os.write(ours, f"{answer if isinstance(answer, str) else answer()}\n".encode())
            out, _ = process.communicate(timeout=60)
            shown += _rest(ours)
        finally:
            process.kill()
            process.communicate()
            os.close(ours)
        contract.settle()
        ended = RunResult(process.returncode, out, shown)
        assert code is None or ended.code == code, ended
        return ended

    def show_on_terminal(self, *arguments: str, columns: int, code: int = 0) -> str:
        """Runs with a terminal of that width as its stdout, and returns what that shows."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [SFNCTL, *arguments],
            cwd=self.folder,
            env={**self.environment, "COLUMNS": str(columns)},
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs)
        try:
            shown = _rest(ours).replace("\r\n", "\n")
            assert process.wait(timeout=60) == code, shown
        finally:
            process.kill()
            process.wait()
            os.close(ours)
        contract.settle()
        return shown

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Gives the running process, its outputs as pipes; a failed test kills it."""
        run = subprocess.Popen(
            [SFNCTL, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with run:
            try:
                yield run
            except BaseException:
                run.kill()
                raise
        contract.settle()

    @contextmanager
    def with_faults(self, *rules: Rule) -> Iterator[Record]:
        """Applies the rules to the runs inside the `with`; each rule must fire."""
        log = self.folder.parent / f"calls-{next(_numbers)}.jsonl"
        record, environ = Record(log, (*rules,)), self.environ
        self.environ = {**environ, "FAULTS": as_json(rules), "CALLS": str(log)}
        try:
            yield record
        finally:
            self.environ = environ
        record.assert_all_fired()

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


def normalize(text: str, account: str) -> str:
    """Replaces what differs from run to run: the account and the fingerprint."""
    text = text.replace(account, "111122223333")
    return re.sub(r"Fingerprint [0-9a-f]{12}", "Fingerprint 0123456789ab", text)


def run_together(*runs: fork_server.Run) -> list[RunResult]:
    """Runs these at the same time, to their ends."""
    outcomes = fork_server.run(*runs)
    assert outcomes, "only the server can do this"
    contract.settle()
    return [RunResult(*outcome) for outcome in outcomes]


def _read_until(terminal: int, question: str) -> str:
    seen = ""
    while not seen.rstrip().endswith(question):
        assert select.select([terminal], [], [], 60)[0], seen
        seen += os.read(terminal, 1000).decode()
    return seen


def _rest(terminal: int) -> str:
    """Reads the rest from a terminal whose other side is closed."""
    rest = b""
    with suppress(OSError):  # Linux: the other side is closed
        while part := os.read(terminal, 1000):
            rest += part
    return rest.decode()
