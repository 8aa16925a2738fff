"""Writes a picture as one HTML page that needs no network: a click on a state shows its details.

Names, inputs and outputs may hold any text. It is data for the page's one script, which the browser
runs by its hash and which writes text only.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sfn_s3_cli.counts import Count
from sfn_s3_cli.duration import format_length
from sfn_s3_cli.graph.mermaid import make_printable
from sfn_s3_cli.graph.svg import draw_svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_s3_cli.executions.steps import Step
    from sfn_s3_cli.graph.picture import Picture
    from sfn_s3_cli.json_types import JsonObject

_MOST_STEPS = 20
"""Steps of one state that the page shows: a state in a Map may have thousands."""
_LONGEST = 20_000
"""Characters of an input or output that the page shows."""
_DRAWN = re.compile(
    r'<g class="(?P<class>[^"]*)" id="my-svg-(?:flowchart-(?P<node>\w+)-\d+|(?P<group>\w+))"'
)


def write_page(picture: Picture) -> str:
    """Writes the whole page."""
    folder = Path(__file__).parent
    script = (folder / "page.js").read_text(encoding="utf-8")
    parts = {
        "HASH": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        "TITLE": _escape(picture.title),
        "SUMMARY": _escape(_summarize(picture)),
        "SVG": _make_choosable(draw_svg(picture.graph), picture),
        "STATES": _write_data(_list_states(picture)),
        "SCRIPT": script,
    }
    page = (folder / "page.html").read_text(encoding="utf-8")
    return re.sub("__([A-Z]+)__", lambda placeholder: parts[placeholder[1]], page)


def _write_data(states: JsonObject) -> str:
    """Writes JSON that cannot end the element around it. Half characters become `?`."""
    text = json.dumps(states, ensure_ascii=False).encode(errors="replace").decode()
    return text.replace("<", "\\u003c")


def _escape(text: str) -> str:
    return html.escape(make_printable(text))


def _summarize(picture: Picture) -> str:
    """How the execution ended; empty for a picture without one."""
    if picture.details is None:
        return ""
    execution = picture.details.execution
    took = f" after {format_length(execution.duration)}" if execution.duration else ""
    place = f" at {execution.failed_state}" if execution.failed_state else ""
    error = f": {execution.error}" if execution.error else ""
    key = f", s3://{execution.object.bucket}/{execution.object.key}" if execution.object else ""
    return f"{execution.status}{place}{error}{took}{key}"


def _make_choosable(svg: str, picture: Picture) -> str:
    """Marks what the script makes clickable: the nodes and groups that are states."""

    def mark(drawn: re.Match[str]) -> str:
        id_ = drawn["node"] or drawn["group"]
        if id_ not in picture.definitions:
            return drawn[0]
        return f'{drawn[0]} data-state="{id_}" tabindex="0" role="button"'

    return _DRAWN.sub(mark, svg)


def _list_states(picture: Picture) -> JsonObject:
    """What the page shows of each state, by the id of its node."""
    return {
        node.id: {
            "title": node.title,
            "text": node.lines,
            "definition": picture.definitions[node.id],
            **_list_steps(picture.steps.get(node.id, ())),
        }
        for node in picture.graph.walk()
        if node.id in picture.definitions
    }


def _list_steps(steps: Sequence[Step]) -> JsonObject:
    """The first steps of a state, those that failed before the others."""
    shown = sorted(steps, key=lambda each: not each.has_failed)[:_MOST_STEPS]
    more = Count(len(steps) - len(shown))
    return {
        "steps": [_describe_step(each) for each in shown],
        "left_out": f"{more:more step} of this state" if more else "",
    }


def _describe_step(step: Step) -> JsonObject:
    took = f"after {format_length(step.duration)}" if step.duration is not None else ""
    attempts = f"{Count(step.attempts):attempt}" if step.attempts > 1 else ""
    parts = [*step.path, step.status, took, attempts, step.activity or ""]
    described: JsonObject = {
        "heading": " ".join(each for each in parts if each),
        "has_failed": step.has_failed,
    }
    for name, text in (
        ("error", step.error),
        ("cause", step.cause),
        ("input", step.input),
        ("output", step.output),
    ):
        if text is not None:
            described[name] = _shorten(text)
    return described


def _shorten(text: str) -> str:
    """The text, indented if it is JSON, and cut off where it is very long."""
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    more = len(text) - _LONGEST
    return text if more <= 0 else f"{text[:_LONGEST]}… ({more:,} more characters)"
