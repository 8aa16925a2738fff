"""`sfnctl test --record`: write a test case from an execution, and run it."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import AwsError, ExitCode, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from sfn_s3_cli.context import Context
    from sfn_s3_cli.executions.details import ExecutionDetails

_ONLY_A_KEY = re.compile(r"[/:\s<>{}\[\]?*\"#%\\^|~`$&,;]")
"""What no name of an execution has."""


def record(context: Context, wanted: str, files: list[Path]) -> ExitCode:
    """Adds the case to a file and shows whether it passes."""
    from sfn_s3_cli.testing import case_writer, recording, runner
    from sfn_s3_cli.testing.runs import REGION, Planner
    from sfn_s3_cli.testing.workflow import Workflow

    offline = context.offline_result
    offline.raise_for_errors()
    path = _choose_file(files, offline.definition)
    details = _read(context, wanted)
    found = details.execution.object
    name = f"{found.key if found else details.execution.name} (recorded)"
    name = case_writer.add(path, recording.record(details, name))
    context.view.remark(
        f"Recorded {details.execution.name} as the case {name!r} in {path}.\n"
        "Warning: the case holds the input and the results of this execution."
        " Remove what must stay secret."
    )
    planner = Planner(context.pipeline, Workflow(offline.document), context.region or REGION)
    planned = [each for each in runner.plan(planner, [path], name) if each.case.name == name]
    report = runner.run(planned, time.perf_counter)
    context.view.show(report)
    if report.has_passed:
        return ExitCode.DONE
    context.view.remark(
        "The new case does not pass. Does the execution depend on times or random values, or on the"
        " order of branches? Did another version of the definition run?"
    )
    return ExitCode.FAILED


def _choose_file(files: list[Path], definition: Path) -> Path:
    """The file that is named, or the only one beside the definition, or a new one."""
    from sfn_s3_cli.testing.case_file import SUFFIX

    if len(files) > 1:
        raise UsageError("--record writes to one file", "name only that")
    found = files or sorted(definition.parent.glob(f"*{SUFFIX}"))
    if len(found) > 1:
        names = ", ".join(each.name for each in found)
        raise UsageError(f"there are several files with cases: {names}", "name one of them")
    stem = definition.name.partition(".")[0]
    return found[0] if found else definition.with_name(f"{stem}{SUFFIX}")


def _read(context: Context, wanted: str) -> ExecutionDetails:
    """The execution of that name, or else the newest one of the object with that key."""
    from sfn_s3_cli.commands.one_execution import Asked, read_execution

    if wanted.startswith("arn:"):
        return read_execution(context, Asked(wanted, None), keep_all=True)
    if not _ONLY_A_KEY.search(wanted):
        try:
            return read_execution(context, Asked(wanted, None), keep_all=True)
        except AwsError:
            pass  # there is none of that name
    return read_execution(context, Asked(None, wanted), keep_all=True)
