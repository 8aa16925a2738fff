"""A reason: code and facts for programs, message and remedy for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.counts import Count, Size
from sfn_s3_cli.resources.reasons import Fact, Reason
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.problems import MOST
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_s3_cli.json_types import JsonObject


def note_lines(note: Reason, style: str) -> Iterator[Line]:
    """Write a note or a warning, and below it what to do."""
    title, style = ("Warning", "yellow") if note.type.is_warning else ("Note", style)
    yield Line(f"{title}: {escape(note.message)}", style)
    if note.remedy:
        yield Line(f"    {escape(note.remedy)}", style)


def limited_lines(notes: Sequence[Reason]) -> Iterator[Line]:
    """Write all warnings, then the first notes and how many more there are."""
    warnings = [each for each in notes if each.type.is_warning]
    others = [each for each in notes if not each.type.is_warning]
    for each in (*warnings, *others[:MOST]):
        yield from note_lines(each, "dim")
    if more := Count(max(0, len(others) - MOST)):
        yield Line(f"{more:more note}: --output json", "dim")


def document(reason: Reason) -> JsonObject:
    facts = {name: _fact_value(fact) for name, fact in reason.facts.items()}
    return {
        "code": reason.code,
        "message": reason.message,
        "remedy": reason.remedy,
        "facts": facts,
    }


def _fact_value(fact: Fact) -> object:
    match fact:
        case Reason():
            return document(fact)
        case Count() | Size():
            return fact._asdict()
    return fact
