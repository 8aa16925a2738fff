"""Placeholders such as `__NAME__` in the files of a template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_s3_cli.events import SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping

GRAPH = "__GRAPH__"
RESERVED = frozenset(
    f"__{name}__"
    for name in ("NAME", "BUCKET", "VIA", "GRAPH", "CI_FILE", "CI_SECTION", "CI_SUMMARY")
)
"""The placeholders that `init` fills in, whatever the template."""


def to_placeholder(name: str) -> str:
    """The placeholder of a value: `__TASK_ROLE__` for `task_role`."""
    return f"__{name.upper()}__"


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Replaces the placeholders of these values, and nothing in what they become."""
    known = {to_placeholder(name): value for name, value in values.items()}
    if not known:
        return text
    return re.sub("|".join(map(re.escape, known)), lambda found: known[found[0]], text)


def write_via(via: str, *, needs_trail: bool = True) -> str:
    """The lines of a config that choose an event source, and name the others in comments."""
    sources = sorted(SOURCES, key=lambda each: each != via)  # the chosen one first
    lines = [f"via: {each:<17}# {SOURCES[each].SUMMARY}" for each in sources]
    chosen = "\n  # ".join([lines[0], *(each.replace("  #", "#", 1) for each in lines[1:])])
    if needs_trail:
        return chosen
    return f"{chosen}\n  trail: none          # a trail of others logs the uploads already"
