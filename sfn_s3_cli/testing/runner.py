"""Runs the test cases of files, and judges them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import ConfigError, UsageError
from sfn_s3_cli.testing import case_file
from sfn_s3_cli.testing.coverage import Part, list_states, measure
from sfn_s3_cli.testing.interpreter import run_all
from sfn_s3_cli.testing.judge import judge
from sfn_s3_cli.testing.report import TestReport, Verdict
from sfn_s3_cli.testing.runs import Planner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sfn_s3_cli.errors import Problem
    from sfn_s3_cli.testing.coverage import Coverage
    from sfn_s3_cli.testing.report import CaseResult
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
        raise ConfigError(problems, "test cases")
    if not planner.planned:
        raise UsageError(f"no case has {text!r} in its name", "see `sfnctl test` without -k")
    return planner.planned


def run(
    planned: Sequence[PlannedCase],
    read_clock: Callable[[], float],
    *,
    cover: bool = False,
    display: Callable[[CaseResult, int], None] | None = None,
) -> TestReport:
    """Runs cases at the same time, and passes each on when it has ended, with their number; with
    `cover`, also says what they did not reach."""
    began = read_clock()
    by_id = {each.run["id"]: each for each in planned}
    judged: dict[int, CaseResult] = {}
    with closing(run_all([each.run for each in planned])) as outcomes:
        for outcome in outcomes:
            judged[outcome["id"]] = result = judge(by_id[outcome["id"]], outcome)
            if display is not None:
                display(result, len(planned))
    results = tuple(judged[number] for number in by_id)
    coverage = _measure(planned, results) if cover else None
    return TestReport(results, read_clock() - began, coverage, is_listed=display is not None)


def _measure(planned: Sequence[PlannedCase], results: Sequence[CaseResult]) -> Coverage:
    """A case that could not be run to its end shows nothing."""
    workflows = {each.workflow.document.file: each.workflow for each in planned}
    reached = (
        (each.workflow.document.file, part)
        for each, result in zip(planned, results, strict=True)
        if result.verdict is not Verdict.ERROR
        for part in _list_reached(result)
    )
    return measure(workflows.values(), reached)


def _list_reached(result: CaseResult) -> Iterator[Part]:
    yield from list_states(result.path)
    yield from (Part(each["state"], each["field"], each["index"]) for each in result.taken)
