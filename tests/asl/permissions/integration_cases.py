"""The cases of integration_cases.txt: a call, and the statements that it needs.

A case begins with a Resource and its parameters. The statements follow, as `summarize` writes them,
then those for the same call with computed parameters, unless they are `the same`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple


class IntegrationCase(NamedTuple):
    resource: str
    parameters: Any
    statements: list[str]
    statements_when_computed: list[str]

    def __str__(self) -> str:
        return self.resource


def _parse_case(block: str) -> IntegrationCase:
    title, *lines = filter(None, block.split("\n"))
    resource, _, parameters = title.partition(" ")
    mark = next(number for number, line in enumerate(lines) if line.startswith("  computed"))
    statements = [line.strip() for line in lines[:mark]]
    computed = [line.strip() for line in lines[mark + 1 :]]
    is_same = lines[mark].endswith("the same")
    return IntegrationCase(
        resource, json.loads(parameters), statements, statements if is_same else computed
    )


_TEXT = Path(__file__).with_suffix(".txt").read_text("utf-8")
CASES = [_parse_case(block) for block in _TEXT.split("\n\n")]
