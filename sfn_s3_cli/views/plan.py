"""A plan: its changes field by field, its conflicts and its notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.clock import format_minute
from sfn_s3_cli.reconcile.plan import Conflict, Plan
from sfn_s3_cli.resources.change import ABSENT, Action, Change, Field
from sfn_s3_cli.views import content, problems, reason
from sfn_s3_cli.views.detail import Detail
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sfn_s3_cli.json_types import JsonObject

STYLES = {
    Action.CREATE: "green",
    Action.UPDATE: "yellow",
    Action.DELETE: "red",
    Action.KEEP: "cyan",
    Action.NOTHING: "",
}
_MOST_ESSENCE = 100
_VERBS = {Action.CREATE: "create", Action.UPDATE: "change", Action.DELETE: "remove"}


def lines(plan: Plan, detail: Detail = Detail.NONE, width: int | None = None) -> Iterator[Line]:
    """Write the plan; `detail` says how much of what it creates. Long lines end at `width`."""
    conflicts = {conflict.address for conflict in plan.conflicts}
    for change in sorted(plan.changes, key=lambda each: each.is_secondary):
        if change.action is not Action.NOTHING and change.address not in conflicts:
            yield from _change_lines(change, detail, width)
    for conflict in plan.conflicts:
        yield Line(f"  ! {format_name(conflict)}  {escape(conflict.reason.message)}", "red")
    yield from reason.limited_lines(plan.notes)
    yield from problems.note_lines(plan.problems)
    if plan.pending:
        counts = (f"{plan.count(action)} to {verb}" for action, verb in _VERBS.items())
        yield Line(f"Plan: {', '.join(counts)}. Fingerprint {plan.fingerprint}.", "bold")
    elif not plan.conflicts:
        yield Line("Nothing to do.")


def _change_lines(change: Change, detail: Detail, width: int | None) -> Iterator[Line]:
    text = f"  {change.action.value} {format_name(change)}"
    if change.adopts:
        text += "  adopted"
    if remarks := "; ".join(_list_remarks(change)):
        text += f"  {escape(remarks)}"
    created = change.desired if change.action is Action.CREATE else None
    if created and created.essence and detail is Detail.SUMMARY:
        text += f"  {_shorten(escape(created.essence))}"
    yield Line(text, STYLES[change.action])
    if created and detail is Detail.FULL:
        yield from content.created_lines(created, width)
    if change.action is Action.UPDATE:
        yield from content.update_lines(change, width)


def _list_remarks(change: Change) -> Iterator[str]:
    """List why a resource stays, what is lost with it, and whether sfnctl did not create it."""
    found = change.observed if not change.desired else None
    if change.reason:
        yield f"kept: {change.reason.message}"
    elif found and found.holds:
        yield f"deleted with its data: {found.holds.message}"
    if found and found.adopted:
        yield f"adopted on {found.adopted}"


def format_name(item: Change | Conflict) -> str:
    """Write the kind and the name in columns."""
    return f"{item.address.kind:<19} {escape(item.address.name)}"


def _shorten(text: str) -> str:
    return text if len(text) <= _MOST_ESSENCE else f"{text[:_MOST_ESSENCE]}…"


def document(plan: Plan) -> JsonObject:
    return {
        "type": "plan",
        "changes": [_change_document(change) for change in plan.pending],
        "conflicts": [
            {**each.address._asdict(), **reason.document(each.reason)} for each in plan.conflicts
        ],
        "kept": [
            {**each.address._asdict(), **reason.document(each.reason)}
            for each in plan.kept
            if each.reason
        ],
        "again_after": format_moment(plan.again_after),
        "notes": [reason.document(note) for note in plan.notes],
        "problems": problems.documents([*plan.warnings, *plan.problems]),
        "fingerprint": plan.fingerprint,
    }


def format_moment(moment: datetime | None) -> str | None:
    """Write a moment as in ISO 8601, such as 2026-01-02T12:10Z."""
    return format_minute(moment) if moment else None


def _change_document(change: Change) -> JsonObject:
    return {
        "action": change.action.name.lower(),
        **change.address._asdict(),
        **({"adopts": True} if change.adopts else {}),
        "fields": [_field_document(field) for field in change.shown_fields],
        **_data_document(change),
    }


def _data_document(change: Change) -> JsonObject:
    """What is lost with a resource that holds data, or that sfnctl did not create."""
    found = change.observed
    if not found or change.desired or not (found.holds or found.adopted):
        return {}
    holds = reason.document(found.holds) if found.holds else None
    return {"holds": holds, "adopted": found.adopted}


def _field_document(field: Field) -> JsonObject:
    values = {"before": field.before, "after": field.after}
    present = {name: value for name, value in values.items() if value is not ABSENT}
    return {"path": field.path, **present}
