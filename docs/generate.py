"""Writes the pages that follow from the program: commands, config, findings and pictures.

`make docs` runs it; a test fails if a page is out of date. `make test-all` passes it the figures of
the tests, for reliability.md.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from sfn_s3_cli.asl.language import definition
from sfn_s3_cli.checks.codes import CODES
from sfn_s3_cli.cli import app
from sfn_s3_cli.config.schema import Pipeline, json_schema
from sfn_s3_cli.executions.details import MapRun
from sfn_s3_cli.executions.steps import MapCounts, Step, StepStatus
from sfn_s3_cli.graph.machine import draw_machine, make_graph
from sfn_s3_cli.graph.mermaid import write_mermaid
from sfn_s3_cli.graph.pipeline import make_chain
from sfn_s3_cli.graph.run import group_by_state, mark_states
from sfn_s3_cli.views import execution_schema

DOCS = Path(__file__).parent

COMMANDS = """\
# Commands

`make docs` writes this page from `--help`.
"""

CONFIG = """\
# The config file

`make docs` writes this page from the schema, which `sfnctl schema` prints for editors.

Strings may contain `${VAR}`, `${VAR:-default}` and `${VAR:?message}`, which are replaced from the
environment; `$${` is a literal `${`. Unknown keys, duplicate keys, YAML tags, anchors and aliases
are errors.

| key | description | values | default |
|---|---|---|---|
"""

FINDINGS = """\
# What sfnctl validate finds

`make docs` writes this page from the checks.

An error is something that AWS refuses, or that cannot work. A warning is something that AWS accepts
but that is probably a mistake. Codes are those of Step Functions where it has one. With
credentials, Step Functions may report problems with other codes too.

| code | problem |
|---|---|
"""

EXECUTIONS = """\
# Executions as JSON

`make docs` writes this page from the schema, which `sfnctl schema execution` prints.

`sfnctl watch-executions --output json` writes one document per line on stdout: an execution when
it starts, and again whenever its status changes. Every line is written and flushed as a whole.
Within a version `v`, fields may be added, but none is removed, renamed or given another meaning; a
reader should ignore fields that it does not know. Times are in UTC with milliseconds. A field whose
value is not known is left out.

With `--summary` there is one document at the end, of the type `summary`: `executions` is their
number, and each of the `groups` has a `status`, the `failed_state` and `error` if there are any, a
`count`, and the `latest` execution with `arn`, `name`, `since` and `object`.

Everything else goes to stderr, one document per line: `{"v": 1, "type": "remark", "text": …}`
during the watch, and `{"v": 1, "type": "error", "message": …, "exit_code": …}` if it fails.

```console
$ sfnctl watch-executions -o json | jq -c 'select(.status == "FAILED") | [.failed_state, .error]'
```

| field | description | values | always |
|---|---|---|---|
"""


def render_commands() -> str:
    os.environ |= {"COLUMNS": "80", "NO_COLOR": "1"}
    parts = [COMMANDS, _render_help()]
    parts += [
        _render_help(command.name or command.callback.__name__)
        for command in app.registered_commands
        if not command.hidden and command.callback
    ]
    for group in app.registered_groups:
        name = str(group.name)
        inner = group.typer_instance.registered_commands if group.typer_instance else []
        names = [each.callback.__name__ for each in inner if each.callback]
        parts += [_render_help(name), *(_render_help(name, each) for each in names)]
    return "\n".join(parts)


def _render_help(*words: str) -> str:
    shown = CliRunner().invoke(app, [*words, "--help"], prog_name="sfnctl").output
    return f"## {' '.join(['sfnctl', *words])}\n\n```text\n{shown.rstrip()}\n```\n"


def render_config() -> str:
    schema = json_schema()
    return CONFIG + "".join(_list_rows(schema, schema["$defs"], ""))


def _list_rows(node: dict[str, Any], definitions: dict[str, Any], prefix: str) -> list[str]:
    rows = []
    required = node.get("required", [])
    for name, value in node.get("properties", {}).items():
        path = f"{prefix}{name}"
        default = "required" if name in required else _format_default(value.get("default"))
        inner = definitions.get(_find_reference(value), {})
        description = value.get("description") or inner.get("description", "")
        rows.append(f"| `{path}` | {description} | {_format_values(value)} | {default} |\n")
        rows += _list_rows(inner, definitions, f"{path}.")
    return rows


def _find_reference(value: dict[str, Any]) -> str:
    for each in (value, value.get("items", {}), *value.get("anyOf", ()), *value.get("allOf", ())):
        if "$ref" in each:
            return str(each["$ref"]).rpartition("/")[2]
    return ""


def _format_values(value: Any) -> str:
    """List the values or the range of a key; empty if the type says everything."""
    match value:
        case {"enum": list(values)}:
            return ", ".join(f"`{each}`" for each in values)
        case {"const": constant}:
            return f"`{constant}`"
        case {"minimum": low, "maximum": high, "multipleOf": step}:
            return f"{low} to {high}, in steps of {step}"
        case {"minimum": low, "maximum": high}:
            return f"{low} to {high}"
        case {"items": items}:
            return _format_values(items)
        case {"anyOf": list(choices)}:
            return next(filter(None, map(_format_values, choices)), "")
    return ""


def _format_default(value: Any) -> str:
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


def render_executions() -> str:
    return EXECUTIONS + "".join(_list_fields(execution_schema.json_schema(), ""))


def _list_fields(node: dict[str, Any], prefix: str) -> list[str]:
    rows = []
    for name, value in node.get("properties", {}).items():
        always = "yes" if name in node["required"] else ""
        text, values = value["description"], _format_values(value)
        rows.append(f"| `{prefix}{name}` | {text} | {values} | {always} |\n")
        rows += _list_fields(value, f"{prefix}{name}.")
    return rows


def render_findings() -> str:
    return FINDINGS + "".join(f"| `{id_}` | {CODES[id_]} |\n" for id_ in sorted(CODES))


PICTURES = "<!-- pictures -->\n"
TEMPLATES = DOCS.parent / "templates"


def render_graphs() -> str:
    """The page as it is, with new pictures below its text."""
    text = (DOCS / "graph.md").read_text().partition(PICTURES)[0]
    sections = (
        f"\n### {title}\n\n```mermaid\n{picture}\n```\n"
        for title, picture in _draw_pictures().items()
    )
    return text + PICTURES + "".join(sections)


def _draw_pictures() -> dict[str, str]:
    copy = _read_definition(TEMPLATES / "copy")
    trail = Pipeline.model_validate(
        {
            "name": "orders",
            "bucket": {"name": "acme-orders"},
            "trigger": {"prefix": ["incoming/"], "suffix": [".json"], "input": "object"},
            "state_machine": {"definition": "workflow.asl.yaml"},
            "alarms": {"topic": "arn:aws:sns:eu-west-1:123456789012:alerts"},
        }
    )
    switch = trail.model_copy(
        update={"trigger": trail.trigger.model_copy(update={"via": "s3", "min_size": 1})}
    )
    return {
        "A pipeline: an upload on its way": write_mermaid(make_chain(trail)),
        "A pipeline and its states": write_mermaid(make_chain(switch, copy)),
        "The template `hello`": draw_machine(_read_definition(TEMPLATES / "hello")),
        "The template `express-fanout`": draw_machine(
            _read_definition(TEMPLATES / "express-fanout")
        ),
        "Choices": draw_machine(_read_definition(DOCS / "pictures", "routing")),
        "A loop that waits": draw_machine(_read_definition(DOCS / "pictures", "polling")),
        "A question with a task token": draw_machine(
            _read_definition(DOCS / "pictures", "approval")
        ),
        "Errors that undo earlier steps": draw_machine(_read_definition(DOCS / "pictures", "saga")),
        "A Distributed Map inside a Parallel": draw_machine(
            _read_definition(DOCS / "pictures", "batch")
        ),
        "An execution that failed": _draw_failure(),
    }


def _read_definition(folder: Path, name: str = "workflow") -> Any:
    return definition.load(folder / f"{name}.asl.yaml", {}).document.value


def _draw_failure() -> str:
    """The Distributed Map, where too many rows were invalid."""
    started = datetime(2026, 1, 1, tzinfo=UTC)

    def step(name: str, kind: str, status: StepStatus, seconds: float, **more: Any) -> Step:
        ended = started + timedelta(seconds=seconds)
        return Step(name, kind, (), status, started, ended, **more)

    error = "States.ExceedToleratedFailureThreshold"
    items = MapCounts(1000, succeeded=931, failed=69)
    steps = [
        step("Process", "Parallel", StepStatus.CAUGHT, 41.2, error=error),
        step("Rows", "Map", StepStatus.FAILED, 41.2, error=error, map_run_arn="run"),
        step("Report", "Task", StepStatus.SUCCEEDED, 0.3, attempts=1),
        step("Quarantine", "Task", StepStatus.SUCCEEDED, 0.9, attempts=2),
    ]
    graph = make_graph(_read_definition(DOCS / "pictures", "batch"))
    return write_mermaid(
        mark_states(graph, group_by_state(steps), [MapRun("run", "FAILED", items)])
    )


PAGES = {
    "commands.md": render_commands,
    "config.md": render_config,
    "json.md": render_executions,
    "findings.md": render_findings,
    "graph.md": render_graphs,
}


BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def fill_figures(page: str, lines: list[str]) -> str:
    """Fill in the sums of the figures that `tests/reliability_figures.py` wrote, one per line."""
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
        path.write_text(fill_figures(path.read_text(), Path(figures).read_text().splitlines()))


if __name__ == "__main__":
    main(*sys.argv[1:])
