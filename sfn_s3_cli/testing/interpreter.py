"""Runs executions in the interpreter, a process of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.local.process import check_installed
from sfn_s3_cli.local.spawn import start_interpreter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_s3_cli.local.testing.wire import Outcome, Run


def run_all(runs: Sequence[Run]) -> Iterator[Outcome]:
    """The outcome of each run, in the order in which they end.

    SfnctlError if the interpreter ends before that.
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
        for line in process.stdout:
            outcome: Outcome = json.loads(line)
            missing.discard(outcome["id"])
            yield outcome
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    if missing:
        raise SfnctlError("the interpreter ended before the last case", "see what it wrote above")
