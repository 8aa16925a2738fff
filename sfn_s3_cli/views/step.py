"""The steps of an execution as lines: which to show, and how."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sfn_s3_cli.duration import format_length
from sfn_s3_cli.executions.steps import StepStatus
from sfn_s3_cli.views import pretty_json
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sfn_s3_cli.executions.steps import MapCounts, Step

_MOST_FAILED = 10
"""Failed steps of iterations that are shown without --failed."""
_LONGEST_TEXT, _LONGEST_CAUSE, _MOST_LINES = 200, 400, 30
_STYLES = {StepStatus.SUCCEEDED: "green", StepStatus.RUNNING: "cyan", StepStatus.CAUGHT: "yellow"}
_EXPLAINED = {StepStatus.FAILED, StepStatus.CAUGHT, StepStatus.TIMED_OUT}
CONTAINERS = {"Map", "Parallel"}


def list_shown(
    steps: Sequence[Step], *, only_failed: bool, is_full: bool
) -> tuple[list[Step], int]:
    """The steps to show, and how many failed ones are left out.

    The iterations of a Map are counted in its own line, so only what failed or still runs in them
    is shown.
    """
    if only_failed:
        return [each for each in steps if each.has_failed], 0
    if is_full:
        return [*steps], 0
    shown, failed = [], 0
    for each in steps:
        if not _is_in_iteration(each) or each.status is StepStatus.RUNNING:
            shown.append(each)
        elif each.status in _EXPLAINED:
            failed += 1
            if failed <= _MOST_FAILED:
                shown.append(each)
    return shown, max(0, failed - _MOST_FAILED)


def _is_in_iteration(step: Step) -> bool:
    return any(each.endswith("]") for each in step.path)


def step_lines(
    steps: Sequence[Step], places: Mapping[str, str], *, is_full: bool
) -> Iterator[Line]:
    """Write a row for each step, and below a failed one why and with which input."""
    names = [escape(_name(each)) for each in steps]
    width = max(map(len, names), default=0)
    took = [format_length(each.duration) if each.duration is not None else "" for each in steps]
    took_width = max(map(len, took), default=0)
    for step, name, length in zip(steps, names, took, strict=True):
        row = f"  {name:<{width}}  {step.status:<9}  {length:>{took_width}}"
        about = "  ".join(part for part in _describe(step) if part)
        yield Line(f"{row}  {escape(about)}".rstrip(), _STYLES.get(step.status, "red"))
        if step.status in _EXPLAINED:
            yield from _explain(step, places.get(step.name, ""), is_full=is_full)
        elif is_full:
            yield from _data_lines(step, is_full=True)


def _name(step: Step) -> str:
    """The name, indented, and behind the number of its iteration."""
    index = f"[{step.path[-1].rpartition('[')[2]} " if _ends_in_iteration(step) else ""
    return "  " * len(step.path) + index + step.name


def _ends_in_iteration(step: Step) -> bool:
    return bool(step.path) and step.path[-1].endswith("]")


def _describe(step: Step) -> Iterator[str]:
    if step.attempts > 1:
        yield f"{step.attempts} attempts"
    if step.iterations:
        yield describe_counts(step.iterations, "iterations")
    if step.error:
        yield step.error


def describe_counts(counts: MapCounts, noun: str) -> str:
    """Write how many iterations or items there are, and what became of them.

    >>> from sfn_s3_cli.executions.steps import MapCounts
    >>> describe_counts(MapCounts(10, succeeded=5, failed=1, running=4), "items")
    '5 of 10 items succeeded, 1 failed, 4 running'
    """
    total = "?" if counts.total is None else f"{counts.total:,}"
    names = ("failed", "aborted", "running", "pending")
    more = [f"{getattr(counts, each):,} {each}" for each in names if getattr(counts, each)]
    return ", ".join([f"{counts.succeeded:,} of {total} {noun} succeeded", *more])


def _explain(step: Step, place: str, *, is_full: bool) -> Iterator[Line]:
    if place:
        yield Line(f"      at {escape(place)}")
    if step.cause and step.type not in CONTAINERS:
        yield Line(f"      cause: {escape(cut(step.cause, is_full=is_full))}")
    yield from _data_lines(step, is_full=is_full)


def _data_lines(step: Step, *, is_full: bool) -> Iterator[Line]:
    for title, text in (("input", step.input), ("output", step.output)):
        if text is not None:
            yield Line(f"      {title}:")
            yield from json_lines(text, "        ", is_full=is_full)


def json_lines(text: str, indent: str, *, is_full: bool) -> Iterator[Line]:
    """Write JSON on several lines. Text that is no JSON, as AWS cuts it off, stays as it is."""
    if not is_full:
        try:
            text = json.dumps(_shorten(json.loads(text)), ensure_ascii=False)
        except (ValueError, RecursionError):
            text = cut(text)
    every = [*pretty_json.lines(text, indent)]
    shown = every if is_full or len(every) <= _MOST_LINES + 1 else every[:_MOST_LINES]
    yield from shown
    if more := len(every) - len(shown):
        yield Line(f"{indent}… {more:,} more lines: --full", "dim")


def _shorten(value: object) -> object:
    """The value with long texts cut off."""
    match value:
        case str():
            return cut(value, _LONGEST_TEXT)
        case list():
            return [_shorten(each) for each in value]
        case dict():
            return {key: _shorten(each) for key, each in value.items()}
    return value


def cut(text: str, length: int = _LONGEST_CAUSE, *, is_full: bool = False) -> str:
    """The beginning of a long text, and how much more there is."""
    if is_full or len(text) <= length:
        return text
    return f"{text[:length]}… ({len(text) - length:,} more characters: --full)"
