"""Writes a first file with test cases: one for each way through the Choices of a workflow."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.states import to_container
from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.testing.case_file import SUFFIX
from sfn_s3_cli.testing.coverage import list_states
from sfn_s3_cli.testing.words import write_key
from sfn_s3_cli.testing.workflow import can_be_mocked, is_callback

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sfn_s3_cli.asl.language.states import Container, State
    from sfn_s3_cli.config.schema import Trigger
    from sfn_s3_cli.json_types import JsonMapping
    from sfn_s3_cli.testing.paths import Path as StatePath
    from sfn_s3_cli.testing.workflow import Workflow

_MOST = 20
"""Ways through the workflow; more would not help to begin."""
_HEADER = """\
# Test cases of {file}: `sfnctl test` runs them.
# There is one for each way through the Choices. Fill in what the calls return until all pass.
cases:
"""


@dataclass(frozen=True)
class FirstCases:
    """A file that was written, and the names of its cases."""

    file: Path
    names: tuple[str, ...]


@dataclass(frozen=True)
class _Way:
    """A way through a workflow: its path, the decisions on it, and whether it ends in a Fail."""

    path: tuple[str | StatePath, ...] = ()
    decisions: tuple[tuple[str, str, str], ...] = ()
    """Of each Choice its name, the state that follows, and the condition."""
    fails: bool = False


def write(definition: Path, workflow: Workflow, trigger: Trigger) -> FirstCases:
    """Writes the file beside the definition; UsageError if it exists."""
    stem = definition.name.removesuffix(definition.suffix).removesuffix(".asl")
    file = definition.with_name(f"{stem}{SUFFIX}")
    ways = [*islice(_list_ways(to_container(workflow.definition)), _MOST)]
    if not ways:
        raise UsageError(f"{definition} has no way to an end", "give one of its states an `End`")
    names = _name_all(ways)
    cases = (_write_case(*each, workflow.states, trigger) for each in zip(names, ways, strict=True))
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(_HEADER.format(file=definition.name) + "\n".join(cases))
    except FileExistsError:
        raise UsageError(f"{file} exists already", "add cases to it, or rename it") from None
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}", "") from None
    return FirstCases(file, names)


def _name_all(ways: list[_Way]) -> tuple[str, ...]:
    """Names each way by its decisions; numbers tell equal names apart."""
    seen: Counter[str] = Counter()
    names = []
    for way in ways:
        name = ", ".join(f"{choice} to {target}" for choice, target, _ in way.decisions)
        name = name or "to the end"
        seen[name] += 1
        names.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return tuple(names)


def _list_ways(container: Container) -> Iterator[_Way]:
    """The ways from the first state to an end that enter no state twice."""
    states = {each.name: each for each in container.states()}
    yield from _continue(states, str(container.value.get("StartAt")), _Way())


def _continue(states: Mapping[str, State], name: str, way: _Way) -> Iterator[_Way]:
    state = states.get(name)
    if state is None or name in way.path:
        return
    inside = [list(_first_path(each)) for each in state.containers()]
    entered = _Way((*way.path, name, *inside), way.decisions, fails=state.type == "Fail")
    if state.type == "Choice":
        for target, condition in _list_rules(state.value):
            decisions = (*entered.decisions, (name, target, condition))
            yield from _continue(states, target, _Way(entered.path, decisions))
    elif "Next" in state.value:
        yield from _continue(states, str(state.value["Next"]), entered)
    else:
        yield entered


def _first_path(container: Container) -> tuple[str | StatePath, ...]:
    """The path of one branch or iteration."""
    return next((each.path for each in _list_ways(container)), ())


def _list_rules(choice: JsonMapping) -> Iterator[tuple[str, str]]:
    """Where each rule leads, and its condition."""
    for rule in choice.get("Choices", []):
        condition = {key: each for key, each in rule.items() if key not in {"Next", "Assign"}}
        yield str(rule.get("Next")), json.dumps(condition, ensure_ascii=False)
    if "Default" in choice:
        yield str(choice["Default"]), "no other rule"


def _write_case(name: str, way: _Way, states: Mapping[str, State], trigger: Trigger) -> str:
    lines = [f"  # {write_key(one)}: {condition}" for one, _, condition in way.decisions]
    lines += [f"  - name: {json.dumps(name, ensure_ascii=False)}", _write_object(trigger)]
    called = dict.fromkeys(each.state for each in list_states([*way.path]))
    for key, results in (("mocks", _list_results), ("answers", _list_answers)):
        if entries := [*results([states[each] for each in called])]:
            lines += [f"    {key}:", *(f"      {write_key(one)}: {each}" for one, each in entries)]
    lines += [
        "    expect:",
        f"      status: {'FAILED' if way.fails else 'SUCCEEDED'}",
        f"      path: {json.dumps(way.path, ensure_ascii=False)}",
    ]
    return "".join(f"{line}\n" for line in lines)


def _write_object(trigger: Trigger) -> str:
    key = f"{(*trigger.prefix, '')[0]}sample{(*trigger.suffix, '')[0]}"
    given: dict[str, object] = {"key": key, "size": max(1, trigger.min_size)}
    if trigger.events[0] != "created":
        given = {"key": key, "event": trigger.events[0]}
    return f"    object: {json.dumps(given, ensure_ascii=False)}"


def _list_results(states: list[State]) -> Iterator[tuple[str, str]]:
    for state in states:
        if can_be_mocked(state):
            resource = str(state.value.get("Resource"))
            result = "{Payload: {}}" if ":::lambda:invoke" in resource else "{}"
            yield state.name, f"{{return: {'[{}]' if state.type == 'Map' else result}}}"


def _list_answers(states: list[State]) -> Iterator[tuple[str, str]]:
    for state in states:
        if is_callback(state):
            yield state.name, "{return: {}}"
