"""The state of a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.duration import format_duration
from sfn_s3_cli.reconcile.status import StateName
from sfn_s3_cli.views import execution, reason
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.plan import format_moment
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sfn_s3_cli.executions.latest import LatestExecutions
    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.reconcile.status import ResourceState, Status
    from sfn_s3_cli.resources.dead_letters import DeadLetters, ErrorCount

_STYLES = {"ok": "green", "missing": "red", "not ours": "red", "unusable": "red"}


def lines(status: Status) -> Iterator[Line]:
    width = max([9, *(len(each.state) for each in status.resources)])
    for each in status.resources:
        about = _describe_resource(each)
        detail = f"  {escape(about)}" if about else ""
        text = f"{each.state:<{width}} {each.address.kind:<19} {escape(each.address.name)}{detail}"
        yield Line(text, _STYLES.get(each.state, "yellow"))
    for note in status.notes:
        yield from reason.note_lines(note, "yellow")
    if status.dead_letters is not None:
        yield from _dead_letter_lines(status.dead_letters, status.outputs)
    yield from _execution_lines(status.executions)
    if page := status.outputs.get("state_machine_console_url"):
        yield Line("State machine", link=page)


def _describe_resource(each: ResourceState) -> str:
    parts = [each.reason.message] if each.reason else [", ".join(each.fields)] * bool(each.fields)
    if each.additions and each.additions != each.reason:
        state = StateName.CHANGED_BY_OTHERS
        prefix = "" if each.state is state else f"{state}: "
        parts.append(f"{prefix}{each.additions.message}")
    return "; ".join(parts)


def _execution_lines(latest: LatestExecutions | None) -> Iterator[Line]:
    if latest is None:
        logging = "`logging: {level: all, include_data: true}`"
        yield Line(f"Executions: AWS lists none of EXPRESS; {logging} logs them")
        return
    if not latest.executions:
        since = f"in the last {format_duration(latest.searched)}" if latest.searched else "yet"
        yield Line(f"Executions: none {since}")
    for each in latest.executions:
        yield execution.format_line(each, "summary")
    if latest.data_not_read:
        yield Line(f"Note: no inputs of executions: {escape(latest.data_not_read)}", "yellow")


def _dead_letter_lines(letters: DeadLetters, outputs: Mapping[str, str]) -> Iterator[Line]:
    style = "yellow" if letters.needs_care else ""
    if letters.read == letters.number and len(letters.errors) == 1:
        yield Line(f"Dead letters: {_describe_error(*letters.errors, letters.moment)}", style)
    else:
        yield Line(_describe_dead_letters(letters), style)
        for error in letters.errors:
            text = f"    {_describe_error(error, letters.moment)}"
            yield Line(text, style if error.needs_care else "")
    if letters.needs_care and (page := outputs.get("queue_console_url")):
        yield Line("    Queue", link=page)


def _describe_error(error: ErrorCount, moment: datetime) -> str:
    text = f"{error.number} {escape(error.code) or 'without ERROR_CODE'}"
    duplicates = "" if error.needs_care else " (duplicates: their executions exist)"
    return f"{text}, {_describe_age(error.number, error.oldest, moment)}{duplicates}"


def _describe_dead_letters(letters: DeadLetters) -> str:
    text = f"Dead letters: {letters.number}"
    if letters.not_read:
        return f"{text}, not read: {escape(letters.not_read.message)}"
    if letters.oldest is None:
        return text
    sample = f", {letters.read} of them read" if letters.read < letters.number else ""
    age = _describe_age(letters.read, letters.oldest, letters.moment)
    return f"{text}{sample}" + (f", {age}" if len(letters.errors) > 1 else "")


def _describe_age(number: int, oldest: datetime, moment: datetime) -> str:
    age = f"{format_duration(moment - oldest)} old"
    return age if number == 1 else f"the oldest {age}"


def document(status: Status) -> JsonObject:
    latest = status.executions
    return {
        "type": "status",
        "outputs": status.outputs,
        "resources": [
            {
                **each.address._asdict(),
                "state": each.state,
                "reason": reason.document(each.reason) if each.reason else None,
                "fields": each.fields,
                "additions": reason.document(each.additions) if each.additions else None,
            }
            for each in status.resources
        ],
        "again_after": format_moment(status.again_after),
        "notes": [reason.document(note) for note in status.notes],
        "dead_letters": _document_dead_letters(status.dead_letters)
        if status.dead_letters
        else None,
        "executions": [execution.document(each, "summary") for each in latest.executions]
        if latest
        else None,
    }


def _document_dead_letters(letters: DeadLetters) -> JsonObject:
    return {
        "number": letters.number,
        "read": letters.read,
        "oldest": execution.format_iso(letters.oldest) if letters.oldest else None,
        "needs_care": letters.needs_care,
        "errors": [
            {
                **error._asdict(),
                "oldest": execution.format_iso(error.oldest),
                "needs_care": error.needs_care,
            }
            for error in letters.errors
        ],
        "not_read": reason.document(letters.not_read) if letters.not_read else None,
    }
