"""Problems in files, with their location and remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_s3_cli.counts import Count
from sfn_s3_cli.errors import INVALID_CONFIG, Problem, Severity
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sfn_s3_cli.json_types import JsonObject

MOST = 10
"""Warnings or notes in a row: the rest is counted."""
_STATE = re.compile(r"""^the state ('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
"""How a message begins that is about one state."""
_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def lines(problems: Iterable[Problem]) -> Iterator[Line]:
    """Write each with its location, severity and code; the remedy follows, indented."""
    for each in problems:
        yield from _problem(each, f"{each.severity}: {each.message} [{each.code}]")


def limited_lines(problems: Sequence[Problem]) -> Iterator[Line]:
    """Write the first of them, and how many more there are."""
    yield from lines(problems[:MOST])
    if more := Count(max(0, len(problems) - MOST)):
        yield Line(f"{more:more warning}: see `sfnctl validate`", "yellow")


def note_lines(problems: Iterable[Problem]) -> Iterator[Line]:
    """Write remarks on a plan: one for all states with the same one, and no more than ten."""
    groups: dict[tuple[str, ...], list[Problem]] = {}
    for each in problems:
        same = (each.file, each.code, _STATE.sub("", each.message), each.remedy)
        groups.setdefault(same, []).append(each)
    shown, rest = [*groups.values()][:MOST], [*groups.values()][MOST:]
    for first, *others in shown:
        yield Line(escape(f"Note: {first.location}: {first.message}: {first.remedy}."), "dim")
        if others:
            places = f"{Count(len(others)):other place}: {_list_lines(others)}"
            yield Line(f"    The same at {places}", "dim")
    if more := Count(sum(map(len, rest))):
        yield Line(f"{more:more note}: see `sfnctl permissions workflow`", "dim")


def _list_lines(problems: Sequence[Problem]) -> str:
    lines = ", ".join(str(each.line) for each in problems[:MOST])
    more = f" and {len(problems) - MOST} more" if len(problems) > MOST else ""
    return f"line{'s' if len(problems) > 1 else ''} {lines}{more}"


def short_lines(problems: Sequence[Problem]) -> Iterator[Line]:
    """Write the same above an error, without severity and code if all files are unreadable."""
    if any(each.code != INVALID_CONFIG for each in problems):
        yield from lines(problems)
        return
    for each in problems:
        yield from _problem(each, each.message)


def _problem(problem: Problem, text: str) -> Iterator[Line]:
    yield Line(escape(f"{problem.location}: {text}"), _STYLES[problem.severity])
    if problem.remedy:
        yield Line(f"    {escape(problem.remedy)}")


def documents(problems: Iterable[Problem]) -> list[JsonObject]:
    return [each._asdict() for each in problems]


def join_sentences(problem: Problem) -> str:
    """Join the message and the remedy into one text."""
    remedy = problem.remedy[:1].upper() + problem.remedy[1:]
    return ". ".join(filter(None, [problem.message, remedy]))
