"""The state of a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.views import execution, reason
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.plan import format_moment
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.reconcile.status import Status
    from sfn_s3_cli.resources.dead_letters import DeadLetters, ErrorCount

_STYLES = {"ok": "green", "missing": "red", "not ours": "red", "unusable": "red"}


def lines(status: Status) -> Iterator[Line]:
    for each in status.resources:
        about = each.reason.message if each.reason else ", ".join(each.fields)
        detail = f"  {escape(about)}" if about else ""
        text = f"{each.state:<9} {each.address.kind:<19} {escape(each.address.name)}{detail}"
        yield Line(text, _STYLES.get(each.state, "yellow"))
    for note in status.notes:
        yield from reason.note_lines(note, "yellow")
    if status.dead_letters is not None:
        yield Line(_describe_dead_letters(status.dead_letters))
    if status.executions is None:
        yield Line("Executions: AWS lists none of EXPRESS; `logging: {level: all}` logs them")
    elif not status.executions:
        yield Line("Executions: none yet")
    for last in status.executions or ():
        yield execution.format_line(last, "summary")


def _describe_dead_letters(letters: DeadLetters) -> str:
    text = f"Dead letters: {letters.number}"
    if letters.not_read:
        return f"{text}, not read: {escape(letters.not_read.message)}"
    if not letters.read:
        return text
    return f"{text}; of {letters.read} read: {', '.join(map(_describe_error, letters.errors))}"


def _describe_error(error: ErrorCount) -> str:
    text = f"{error.number} {escape(error.code) or 'without ERROR_CODE'}"
    return text if error.needs_care else f"{text} (duplicates: their executions exist)"


def document(status: Status) -> JsonObject:
    executions = status.executions
    return {
        "type": "status",
        "resources": [
            {
                **each.address._asdict(),
                "state": each.state,
                "reason": reason.document(each.reason) if each.reason else None,
                "fields": each.fields,
            }
            for each in status.resources
        ],
        "again_after": format_moment(status.again_after),
        "notes": [reason.document(note) for note in status.notes],
        "dead_letters": _document_dead_letters(status.dead_letters)
        if status.dead_letters
        else None,
        "executions": executions
        if executions is None
        else [execution.document(each, "summary") for each in executions],
    }


def _document_dead_letters(letters: DeadLetters) -> JsonObject:
    return {
        "number": letters.number,
        "read": letters.read,
        "errors": [{**error._asdict(), "needs_care": error.needs_care} for error in letters.errors],
        "not_read": reason.document(letters.not_read) if letters.not_read else None,
    }
