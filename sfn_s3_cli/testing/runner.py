"""Runs the test cases of files, and judges them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.errors import ConfigError, UsageError
from sfn_s3_cli.testing import case_file
from sfn_s3_cli.testing.interpreter import run_all
from sfn_s3_cli.testing.judge import judge
from sfn_s3_cli.testing.report import TestReport
from sfn_s3_cli.testing.runs import Planner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sfn_s3_cli.errors import Problem
    from sfn_s3_cli.testing.runs import PlannedCase


def plan(planner: Planner, files: Sequence[Path], text: str = "") -> list[PlannedCase]:
    """The cases of the files whose name contains the text.

    ConfigError with everything that is wrong with the files, UsageError if there is no case.
    """
    problems: list[Problem] = []
    for path in files:
        try:
            planner.add(case_file.load(path), text)
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    if not planner.planned:
        raise UsageError(f"no case has {text!r} in its name", "see `sfnctl test` without -k")
    return planner.planned


def run(planned: Sequence[PlannedCase], read_clock: Callable[[], float]) -> TestReport:
    """Runs cases at the same time."""
    began = read_clock()
    outcomes = {each["id"]: each for each in run_all([each.run for each in planned])}
    results = tuple(judge(each, outcomes[each.run["id"]]) for each in planned)
    return TestReport(results, read_clock() - began)
