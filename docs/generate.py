"""Writes the parts of the docs that the program knows best: commands, config and findings.

`make docs` runs it; a test fails when what it would write is not what stands there. `make test-all`
gives it the figures of the tests, for reliability.md.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from sfn_s3_cli.cli import app
from sfn_s3_cli.config.schema import json_schema
from sfn_s3_cli.documents.findings import RULES

DOCS = Path(__file__).parent

COMMANDS = """\
# Commands

Written by `make docs` from `--help`.
"""

CONFIG = """\
# The config file

Written by `make docs` from the schema, which `sfnctl schema` prints for editors.

Strings may hold `${VAR}`, `${VAR:-default}` and `${VAR:?message}`, filled from the environment;
`$${` is a literal `${`. Unknown keys, duplicate keys, YAML tags, anchors and aliases are errors.

| key | what it is | may be | default |
|---|---|---|---|
"""

FINDINGS = """\
# What sfnctl validate finds

Written by `make docs` from the checks themselves.

An error is what AWS refuses, or what cannot work; a warning is what AWS takes, and what is likely
not meant. Where Step Functions has an id for what is found, it is the same; asked with credentials,
it may add findings under ids that do not stand here.

| id | what is found |
|---|---|
"""


def commands() -> str:
    os.environ |= {"COLUMNS": "80", "NO_COLOR": "1"}
    parts = [COMMANDS, _help()]
    parts += [
        _help(command.name or command.callback.__name__)
        for command in app.registered_commands
        if not command.hidden and command.callback
    ]
    for group in app.registered_groups:
        name = str(group.name)
        inner = group.typer_instance.registered_commands if group.typer_instance else []
        names = [each.callback.__name__ for each in inner if each.callback]
        parts += [_help(name), *(_help(name, each) for each in names)]
    return "\n".join(parts)


def _help(*words: str) -> str:
    shown = CliRunner().invoke(app, [*words, "--help"], prog_name="sfnctl").output
    return f"## {' '.join(['sfnctl', *words])}\n\n```text\n{shown.rstrip()}\n```\n"


def config() -> str:
    schema = json_schema()
    return CONFIG + "".join(_rows(schema, schema["$defs"], ""))


def _rows(node: dict[str, Any], definitions: dict[str, Any], prefix: str) -> list[str]:
    rows = []
    required = node.get("required", [])
    for name, value in node.get("properties", {}).items():
        path = f"{prefix}{name}"
        default = "required" if name in required else _default(value.get("default"))
        inner = definitions.get(_reference(value), {})
        description = value.get("description") or inner.get("description", "")
        rows.append(f"| `{path}` | {description} | {_allowed(value)} | {default} |\n")
        rows += _rows(inner, definitions, f"{path}.")
    return rows


def _reference(value: dict[str, Any]) -> str:
    for each in (value, value.get("items", {}), *value.get("anyOf", ()), *value.get("allOf", ())):
        if "$ref" in each:
            return str(each["$ref"]).rpartition("/")[2]
    return ""


def _allowed(value: Any) -> str:
    """The values or the range that a key may have; empty where the type says it all."""
    match value:
        case {"enum": list(values)}:
            return ", ".join(f"`{each}`" for each in values)
        case {"const": constant}:
            return f"`{constant}`"
        case {"minimum": low, "maximum": high}:
            return f"{low} to {high}"
        case {"items": items}:
            return _allowed(items)
        case {"anyOf": list(choices)}:
            return next(filter(None, map(_allowed, choices)), "")
    return ""


def _default(value: Any) -> str:
    match value:
        case None | [] | "":
            return ""
        case dict():
            return "see below" if value else ""
        case bool():
            return f"`{str(value).lower()}`"
        case list():
            return f"`[{', '.join(map(str, value))}]`"
    return f"`{value}`"


def findings() -> str:
    return FINDINGS + "".join(f"| `{id_}` | {RULES[id_]} |\n" for id_ in sorted(RULES))


PAGES = {"commands.md": commands, "config.md": config, "findings.md": findings}


BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def reliability(page: str, lines: list[str]) -> str:
    """The page with the figures that `tests/figures.py` wrote, one a line, summed up."""
    tried: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for line in lines:
        name, *numbers = json.loads(line)
        tried[name] += numbers[0]
        lost[name] += numbers[1]
    rows = [f"| {name} | {tried[name]:,} | {lost[name]:,} |\n" for name in sorted(tried)]
    table = "".join(["| what was tried | how often | lost |\n|---|---|---|\n", *rows])
    head, _, rest = page.partition(BEGIN)
    return f"{head}{BEGIN}{table}{END}{rest.partition(END)[2]}"


def main(figures: str = "") -> None:
    for name, page in PAGES.items():
        (DOCS / name).write_text(page())
    if figures:
        path = DOCS / "reliability.md"
        path.write_text(reliability(path.read_text(), Path(figures).read_text().splitlines()))


if __name__ == "__main__":
    main(*sys.argv[1:])
