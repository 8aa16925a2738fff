"""`sfnctl test`: run the test cases of the workflow."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.context import Context
    from sfn_s3_cli.testing.runs import PlannedCase

RECORD = (
    "Write a case from the newest execution of the object with this key, or from this execution."
)


def run_tests(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE",
            help="Files with cases, folders, or single cases as FILE::NAME; by default"
            " *.test.yaml beside the definition.",
            show_default=False,
        ),
    ] = None,
    text: Annotated[
        str, typer.Option("-k", metavar="TEXT", help="Run only cases with this text in the name.")
    ] = "",
    record: Annotated[
        str | None, typer.Option("--record", metavar="KEY|EXECUTION", help=RECORD)
    ] = None,
    cover: Annotated[bool, typer.Option("--cover", help="Also list what no case reaches.")] = False,
    junit: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write the results as JUnit XML."),
    ] = None,
    init: Annotated[
        bool,
        typer.Option("--init", help="Write a first file with a case for each way to the end."),
    ] = False,
) -> None:
    """Run the test cases of the workflow, without AWS.

    Each case gives an object, an event or an input, and mocks for what the workflow calls. Waits
    take no time. Exits with 1 if a case fails.

    With --record it adds a case to a file, by default the only one beside the definition, and runs
    it. The case holds the execution's data. `sfnctl permissions test` prints the policy for this.
    """
    context: Context = ctx.obj
    choices = {"-k": text, "--cover": cover, "--junit": junit}
    if record is not None:
        from sfn_s3_cli.commands.record import record as write_case
        from sfn_s3_cli.testing import selection

        named = any(selection.find_file(each) != each for each in files or ())
        _refuse("--record runs only the new case", {**choices, "--init": init, "::NAME": named})
        raise typer.Exit(write_case(context, record, files or []))
    if init:
        _refuse("--init runs no case", {**choices, "FILE": files})
        _write_first(context)
        return
    from sfn_s3_cli.testing import runner
    from sfn_s3_cli.views import junit as xml
    from sfn_s3_cli.views import report_files

    if junit:
        report_files.check_path(junit, "--junit")
    planned, display = _plan(context, files or [], text), context.view.find_case_display()
    report = runner.run(planned, time.perf_counter, cover=cover, display=display)
    context.view.show(report)
    if junit:
        report_files.write(xml.write(report), junit)
    if not report.has_passed:
        raise typer.Exit(ExitCode.FAILED)


def _refuse(why: str, choices: Mapping[str, object]) -> None:
    """UsageError for a choice that would have no effect."""
    for name, value in choices.items():
        if value:
            raise UsageError(why, f"leave out {name}")


def _write_first(context: Context) -> None:
    from sfn_s3_cli.testing import first_cases
    from sfn_s3_cli.testing.workflow import Workflow

    offline = context.offline_result
    offline.raise_for_errors()
    workflow = Workflow(offline.document)
    written = first_cases.write(offline.definition, workflow, context.pipeline.trigger)
    context.view.show(written)


def _plan(context: Context, files: list[Path], text: str) -> list[PlannedCase]:
    from sfn_s3_cli.testing import case_file, runner, selection
    from sfn_s3_cli.testing.runs import REGION, Planner
    from sfn_s3_cli.testing.workflow import Workflow

    offline = context.offline_result
    offline.raise_for_errors()
    paths = [selection.find_file(each) for each in files]
    found = case_file.find_files(paths, offline.definition.parent)
    region = context.region or REGION
    planner = Planner(context.pipeline, Workflow(offline.document), region)
    return selection.choose(runner.plan(planner, found, text), files)
