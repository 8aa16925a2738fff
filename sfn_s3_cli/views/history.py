"""One execution with its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.duration import format_length
from sfn_s3_cli.executions.steps import StepStatus
from sfn_s3_cli.views import execution as execution_view
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.execution import describe_status, find_style, format_iso, parse_json
from sfn_s3_cli.views.step import (
    CONTAINERS,
    cut,
    describe_counts,
    json_lines,
    list_shown,
    step_lines,
)
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sfn_s3_cli.executions.details import ExecutionDetails, MapRun
    from sfn_s3_cli.executions.steps import Step
    from sfn_s3_cli.json_types import JsonObject

_LABEL = 11


def lines(details: ExecutionDetails) -> Iterator[Line]:
    execution, is_full = details.execution, details.is_full
    yield Line(describe_status(execution), find_style(execution))
    for label, text in _list_facts(details):
        yield Line(f"  {label:<{_LABEL}}{escape(text)}")
    for step in details.history.waiting:
        yield Line(f"  {'waiting':<{_LABEL}}{escape(_describe_waiting(details, step))}", "cyan")
    if details.data_not_read:
        yield Line(f"Note: no inputs and outputs: {escape(details.data_not_read)}", "yellow")
    if details.steps_not_read:
        yield Line(f"Note: no steps: {escape(details.steps_not_read)}", "yellow")
    if details.history.omits_data:
        yield Line("Note: the inputs and outputs are too long to keep all of them", "yellow")
    if not details.only_failed:
        for title, data in (("Input", execution.input), ("Output", details.output)):
            if data is not None:
                yield Line(f"{title}:", "bold")
                yield from json_lines(data, "  ", is_full=is_full)
    if not details.steps_not_read:
        yield from _list_steps(details)
    for run in details.map_runs:
        yield Line(f"Map Run {escape(_describe_map_run(run))}")
    if details.console_url:
        yield Line("Console", link=details.console_url)


def _list_facts(details: ExecutionDetails) -> Iterator[tuple[str, str]]:
    execution = details.execution
    yield "execution", execution.name
    if execution.object:
        columns = execution_view.make_columns(execution, "summary")
        parts = (columns.object, columns.size, columns.event)
        yield "object", "  ".join(part for part in parts if part)
    elif execution.input is not None:
        yield "object", "(no S3 object)"
    if execution.started:
        yield "started", _format_moment(execution.started)
    if execution.redriven:
        times = "once" if execution.redrive_count == 1 else f"{execution.redrive_count} times"
        yield "redriven", f"{times}, last at {_format_moment(execution.redriven)}"
    if execution.stopped:
        took = f" after {format_length(execution.duration)}" if execution.duration else ""
        yield "ended", f"{_format_moment(execution.stopped)}{took}"
    elif execution.started:
        yield "running", f"for {format_length(details.moment - execution.started)}"
    if execution.cause and execution.cause not in _list_causes(details):
        yield "cause", cut(execution.cause, is_full=details.is_full)


def _list_causes(details: ExecutionDetails) -> set[str | None]:
    """The causes that the steps show."""
    return {each.cause for each in details.history.steps if each.type not in CONTAINERS}


def _format_moment(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _describe_waiting(details: ExecutionDetails, step: Step) -> str:
    name = "/".join([*step.path, step.name])
    resource = f" ({step.resource})" if step.resource else ""
    since = format_length(details.moment - step.entered)
    return f"{name}{resource}, {step.activity}, for {since}"


def _list_steps(details: ExecutionDetails) -> Iterator[Line]:
    shown, hidden = list_shown(
        details.history.steps, only_failed=details.only_failed, is_full=details.is_full
    )
    if details.only_failed and not shown:
        yield Line("No step failed.")
        return
    if not details.history.steps:
        yield Line("No steps.")
        return
    yield Line("Failed steps:" if details.only_failed else "Steps:", "bold")
    yield from step_lines(shown, details.places, is_full=details.is_full)
    if hidden:
        yield Line(f"  … {hidden:,} more failed steps in iterations: --failed", "dim")


def _describe_map_run(run: MapRun) -> str:
    name = run.arn.rpartition(":mapRun:")[2]
    if run.items is None:
        return f"{name}, not read: {run.not_read}"
    return f"{name} {run.status}: {describe_counts(run.items, 'items')}"


def document(details: ExecutionDetails) -> JsonObject:
    """Return everything; nothing is cut off."""
    history = details.history
    steps = [each for each in history.steps if each.has_failed or not details.only_failed]
    document: JsonObject = {
        **execution_view.document(details.execution, "full"),
        "type": "execution_details",
        "redrive_count": details.execution.redrive_count,
    }
    if details.output is not None:
        document["output"] = parse_json(details.output)
    if details.data_not_read:
        document["data_not_read"] = details.data_not_read
    if details.steps_not_read:
        document["steps_not_read"] = details.steps_not_read
    document["omits_data"] = history.omits_data
    document["events"] = history.events
    document["redrives"] = [format_iso(each) for each in history.redrives]
    document["waiting"] = [
        {
            "state": each.name,
            "path": each.path,
            "activity": each.activity,
            "seconds": (details.moment - each.entered).total_seconds(),
        }
        for each in history.waiting
    ]
    document["steps"] = [_document_step(details, each) for each in steps]
    document["map_runs"] = [_document_map_run(each) for each in details.map_runs]
    document["console_url"] = details.console_url
    return document


def _document_step(details: ExecutionDetails, step: Step) -> JsonObject:
    found: JsonObject = {
        "state": step.name,
        "state_type": step.type,
        "path": step.path,
        "status": step.status,
        "entered": format_iso(step.entered),
        "ended": format_iso(step.ended) if step.ended else None,
        "seconds": step.duration.total_seconds() if step.duration is not None else None,
        "attempts": step.attempts,
        "error": step.error,
        "cause": step.cause,
        "input": parse_json(step.input) if step.input is not None else None,
        "output": parse_json(step.output) if step.output is not None else None,
        "resource": step.resource,
        "activity": step.activity,
        "iterations": step.iterations._asdict() if step.iterations else None,
        "map_run_arn": step.map_run_arn,
        "place": details.places.get(step.name) if step.status in _PLACED else None,
    }
    return {name: value for name, value in found.items() if value is not None}


_PLACED = {StepStatus.FAILED, StepStatus.CAUGHT, StepStatus.TIMED_OUT, StepStatus.ABORTED}


def _document_map_run(run: MapRun) -> JsonObject:
    if run.items is None:
        return {"arn": run.arn, "not_read": run.not_read}
    return {"arn": run.arn, "status": run.status, "items": run.items._asdict()}
