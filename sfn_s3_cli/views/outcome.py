"""A plan while it is applied, and the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.clock import format_minute
from sfn_s3_cli.reconcile.outcome import Done, Failed, Kept, Outcome, Skipped
from sfn_s3_cli.resources.change import Action
from sfn_s3_cli.views import plan, reason
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.plan import STYLES, format_name
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.reconcile.outcome import Event

_DONE = {Action.CREATE: "created", Action.UPDATE: "changed", Action.DELETE: "removed"}


def progress_lines(event: Event) -> Iterator[Line]:
    """Write one event of a running apply."""
    name = format_name(event.change)
    match event:
        case Done(change):
            text = f"  {change.action.value} {name}  {_DONE[change.action]}"
            yield Line(text, STYLES[change.action])
        case Failed(_, error):
            yield Line(f"  ! {name}  failed: {escape(str(error))}", "red")
            if remedy := _remedy(error):
                yield Line(f"      {escape(remedy)}")
        case Kept(_, why):
            yield Line(f"  = {name}  kept: {escape(why.message)}", STYLES[Action.KEEP])
        case Skipped(_, because):
            yield Line(f"  . {name}  skipped, because {because} failed", "dim")


def _remedy(error: Exception) -> str:
    return getattr(error, "remedy", "")


def lines(outcome: Outcome) -> Iterator[Line]:
    """Write the headline and what was kept; list every change only if some are not done."""
    if outcome.failed or outcome.open:
        yield from _change_lines(outcome)
    yield Line(_headline(outcome), "bold")
    if page := (outcome.outputs or {}).get("state_machine_console_url"):
        yield Line("State machine", link=page)
    for kept in outcome.kept:
        yield Line(f"Kept {kept.change.address}: {escape(kept.reason.message)}.")
    if (moment := outcome.plan.again_after) and not outcome.is_waited_for:
        yield Line(f"Deploy again after {format_minute(moment)} to remove what is kept until then.")


def _change_lines(outcome: Outcome) -> Iterator[Line]:
    for change in outcome.done:
        yield Line(f"done       {format_name(change)}", "green")
    for failed in outcome.failed:
        text = f"failed     {format_name(failed.change)}  {escape(str(failed.error))}"
        yield Line(text, "red")
    for skipped in outcome.skipped:
        text = f"skipped    {format_name(skipped.change)}  because {skipped.because} failed"
        yield Line(text, "dim")
    for change in outcome.open:
        yield Line(f"not begun  {format_name(change)}", "dim")


def _headline(outcome: Outcome) -> str:
    is_deploy, name = outcome.verb == "deploy", outcome.pipeline
    if not outcome.plan.pending:
        left = "nothing is left to remove" if outcome.plan.kept else "nothing is left"
        return f"Nothing to do for {name}: {'AWS matches the config' if is_deploy else left}."
    actions = [change.action for change in outcome.done]
    counts = [f"{actions.count(each)} {word}" for each, word in _DONE.items() if each in actions]
    if not counts:
        return f"{name}: nothing was {'deployed' if is_deploy else 'torn down'}."
    verb = "deployed" if is_deploy else "tore down"
    is_partial = outcome.failed or outcome.skipped or outcome.open
    done = ", ".join(counts)
    if is_partial:
        return f"The {outcome.verb} of {name} is incomplete: {done}."
    return f"{verb.capitalize()} {name}: {done}."


def document(outcome: Outcome) -> JsonObject:
    """Return the plan's document with what became of each change."""
    outputs = {} if outcome.outputs is None else {"outputs": outcome.outputs}
    return {
        **plan.document(outcome.plan),
        "type": outcome.verb,
        **outputs,
        "kept": [
            {**each.change.address._asdict(), **reason.document(each.reason)}
            for each in outcome.kept
        ],
        "done": [change.address._asdict() for change in outcome.done],
        "failed": [_failed_document(event) for event in outcome.failed],
        "not_begun": [change.address._asdict() for change in outcome.open],
        "skipped": [
            {**event.change.address._asdict(), "because": str(event.because)}
            for event in outcome.skipped
        ],
    }


def _failed_document(event: Failed) -> JsonObject:
    document = {**event.change.address._asdict(), "error": str(event.error)}
    remedy = _remedy(event.error)
    return {**document, "remedy": remedy} if remedy else document
