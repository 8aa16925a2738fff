"""Runs executions in the interpreter, a process of its own."""

from __future__ import annotations

import json
from contextlib import suppress
from subprocess import TimeoutExpired
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.local.process import check_installed
from sfn_s3_cli.local.spawn import start_interpreter
from sfn_s3_cli.local.testing.wire import READY

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from sfn_s3_cli.local.testing.wire import Outcome, Run

_END_SECONDS = 5


def run_all(runs: Sequence[Run]) -> Generator[Outcome]:
    """The outcome of each run, in the order in which they end.

    If the interpreter ends before that, this is the outcome of the others; SfnctlError if it cannot
    run anything.
    """
    check_installed("`sfnctl test`")
    process = start_interpreter()
    if process.stdin is None or process.stdout is None:
        raise AssertionError("both are pipes")
    missing = {each["id"] for each in runs}
    try:
        try:
            with process.stdin:
                process.stdin.writelines(f"{json.dumps(each)}\n" for each in runs)
        except BrokenPipeError:
            pass  # it has ended, and said why on stderr
        if process.stdout.readline().strip() != READY:
            raise SfnctlError("the interpreter did not start", "see what it wrote above")
        while missing and (line := process.stdout.readline()).endswith("\n"):
            outcome: Outcome = json.loads(line)
            missing.discard(outcome["id"])
            yield outcome
        if missing:
            yield from _give_up(missing, _describe_end(process))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _give_up(missing: Iterable[int], why: str) -> Iterator[Outcome]:
    for each in sorted(missing):
        yield {"id": each, "seconds": 0, "failure": {"code": "ENDED", "message": why}}


def _describe_end(process: subprocess.Popen[str]) -> str:
    with suppress(TimeoutExpired):
        process.wait(_END_SECONDS)
    code = process.returncode
    if code is None:
        return "it closed its output"
    return f"signal {-code}" if code < 0 else f"exit code {code}"
