"""Results as lines of text, each with the style a terminal may give it."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.checks.report import Verdict
from sfn_s3_cli.local import process
from sfn_s3_cli.local.environment import Environment
from sfn_s3_cli.reconcile.diff import ABSENT, Field
from sfn_s3_cli.reconcile.outcome import Done, Failed, Kept, Outcome, Skipped
from sfn_s3_cli.reconcile.plan import Action, Change, Conflict, Plan
from sfn_s3_cli.reconcile.status import Status
from sfn_s3_cli.templates import Catalogue, Scaffold
from sfn_s3_cli.views import problems
from sfn_s3_cli.views.escape import safe
from sfn_s3_cli.views.execution import execution_line
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.errors import SfnctlError
    from sfn_s3_cli.reconcile.outcome import Event
    from sfn_s3_cli.views import Shown

_STYLES = {
    Action.CREATE: "green",
    Action.UPDATE: "yellow",
    Action.DELETE: "red",
    Action.KEEP: "cyan",
    Action.NOTHING: "",
}
_WORDS = {
    Action.CREATE: ("create", "created"),
    Action.UPDATE: ("change", "changed"),
    Action.DELETE: ("remove", "removed"),
}


def lines(result: Shown) -> Iterator[Line]:
    match result:
        case Plan():
            yield from plan(result)
        case Outcome():
            yield from outcome(result)
        case Status():
            yield from status(result)
        case Scaffold():
            yield from scaffold(result)
        case Verdict():
            yield from problems.verdict(result)
        case process.Running() | process.Stale() | process.Stopped():
            yield from cloud(result)
        case Environment(variables, unset):
            yield Line(f"unset {' '.join(unset)}")
            yield from (
                Line(f"export {name}={shlex.quote(value)}") for name, value in variables.items()
            )
        case Catalogue():
            for template in result.templates:
                yield Line(f"{template.name:<8} {template.summary}")


def plan(plan: Plan) -> Iterator[Line]:
    shown = [change for change in plan.changes if change.action is not Action.NOTHING]
    conflicts = {conflict.address for conflict in plan.conflicts}
    for change in shown:
        if change.address not in conflicts:
            yield from _change(change)
    for conflict in plan.conflicts:
        yield Line(f"  ! {_name(conflict)}  {safe(conflict.why)}", "red")
    for note in plan.notes:
        yield Line(f"Note: {safe(note)}", "dim")
    if not plan.pending:
        yield Line("Nothing to do.")
        return
    counts = (f"{plan.count(action)} to {word}" for action, (word, _) in _WORDS.items())
    yield Line(f"Plan: {', '.join(counts)}. Fingerprint {plan.fingerprint}.", "bold")


def _change(change: Change) -> Iterator[Line]:
    style = _STYLES[change.action]
    text = f"  {change.action.value} {_name(change)}"
    if change.action is Action.KEEP:
        text += f"  kept: {safe(change.why)}"
    yield Line(text, style)
    if change.action is Action.UPDATE:
        for field in change.fields:
            yield Line(f"      {_field(field)}")


def _name(change: Change | Conflict) -> str:
    return f"{change.address.kind:<19} {safe(change.address.name)}"


def _field(field: Field) -> str:
    if field.before is ABSENT:
        return f"+ {safe(field.path)}: {_value(field.after)}"
    if field.after is ABSENT:
        return f"- {safe(field.path)}: {_value(field.before)}"
    return f"~ {safe(field.path)}: {_value(field.before)} -> {_value(field.after)}"


def _value(value: Any) -> str:
    return safe(json.dumps(value, ensure_ascii=False, default=str))


def progress(event: Event) -> Iterator[Line]:
    match event:
        case Done(change):
            done = _WORDS[change.action][1]
            yield Line(f"  {change.action.value} {_name(change)}  {done}", _STYLES[change.action])
        case Failed(change, error):
            yield Line(f"  ! {_name(change)}  failed: {safe(str(error))}", "red")
            if remedy := getattr(error, "remedy", ""):
                yield Line(f"      {safe(remedy)}")
        case Kept(change, why):
            yield Line(f"  = {_name(change)}  kept: {safe(why)}", _STYLES[Action.KEEP])
        case Skipped(change, because):
            yield Line(f"  . {_name(change)}  skipped: it waits for {because}", "dim")


def outcome(outcome: Outcome) -> Iterator[Line]:
    if outcome.failed or outcome.open:
        yield from _table(outcome)
    yield Line(_headline(outcome), "bold")
    for kept in outcome.kept:
        yield Line(f"Kept {kept.change.address}: {safe(kept.why)}.")


def _table(outcome: Outcome) -> Iterator[Line]:
    """What became of each change: done, failed, skipped, or never begun."""
    for change in outcome.done:
        yield Line(f"done       {_name(change)}", "green")
    for failed in outcome.failed:
        yield Line(f"failed     {_name(failed.change)}  {safe(str(failed.error))}", "red")
    for skipped in outcome.skipped:
        yield Line(f"skipped    {_name(skipped.change)}  it waits for {skipped.because}", "dim")
    for change in outcome.open:
        yield Line(f"not begun  {_name(change)}", "dim")


def _headline(outcome: Outcome) -> str:
    if not outcome.plan.pending:
        left = "nothing is left to remove" if outcome.plan.kept else "nothing of it is left"
        as_is = {"deploy": "AWS is as the config says", "teardown": left}
        return f"Nothing to do for {outcome.pipeline}: {as_is[outcome.verb]}."
    counts = [
        f"{done} {word}"
        for action, (_, word) in _WORDS.items()
        if (done := sum(change.action is action for change in outcome.done))
    ]
    if not counts:
        undone = {"deploy": "deployed", "teardown": "torn down"}[outcome.verb]
        return f"Nothing of {outcome.pipeline} was {undone}."
    verb = {"deploy": "deployed", "teardown": "tore down"}[outcome.verb]
    is_partial = outcome.failed or outcome.skipped or outcome.open
    whole = f"partly {verb}" if is_partial else verb
    return f"{whole.capitalize()} {outcome.pipeline}: {', '.join(counts)}."


def status(status: Status) -> Iterator[Line]:
    styles = {"ok": "green", "missing": "red", "not ours": "red"}
    for row in status.rows:
        detail = f"  {safe(row.detail)}" if row.detail else ""
        text = f"{row.state:<9} {row.address.kind:<19} {safe(row.address.name)}{detail}"
        yield Line(text, styles.get(row.state, "yellow"))
    if status.dead_letters is not None:
        yield Line(f"Dead letters: {status.dead_letters}")
    if status.executions is None:
        yield Line("Executions: not listed for EXPRESS; `logging: {level: all}` logs them")
    elif not status.executions:
        yield Line("Executions: none yet")
    for each in status.executions or ():
        yield execution_line(each, "summary")


def scaffold(scaffold: Scaffold) -> Iterator[Line]:
    for path in scaffold.written:
        yield Line(f"  + {safe(str(path))}", "green")
    here = str(scaffold.folder) == "."
    first = "" if here else f"cd {safe(str(scaffold.folder))} && "
    yield Line(f"Next: {first}sfnctl --local deploy")


def cloud(status: process.Status) -> Iterator[Line]:
    match status:
        case process.Running(cloud):
            yield Line(f"running at {cloud.endpoint_url} (process {cloud.pid}, log {cloud.log})")
        case process.Stale(cloud):
            yield Line(
                f"gone stale: process {cloud.pid} ended without `sfnctl local stop`;"
                " what it held is lost"
            )
        case process.Stopped():
            yield Line("stopped")


def error(error: SfnctlError) -> Iterator[Line]:
    yield from problems.plain(getattr(error, "problems", ()))
    yield Line(f"Error: {safe(error.message)}", "bold red")
    if error.remedy:
        yield Line(f"Hint: {safe(error.remedy)}")
