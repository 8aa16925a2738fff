"""Writes a first file with test cases: one for each way through the Choices of a workflow."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from textwrap import shorten
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language.conditions import describe_condition
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
_LONGEST = 60
"""Characters of a condition in the name of a case."""
_NO_RULE = "no other rule"
_GET_OBJECT = ":aws-sdk:s3:getObject"
_BODY = "{}"
_HEADER = """\
# Test cases of {file}: `sfnctl test` runs them.
# There is one for each way through the Choices. Fill in what objects hold and calls return, until
# all pass.
cases:
"""


@dataclass(frozen=True)
class FirstCases:
    """A file that was written, and the names of its cases."""

    file: Path
    names: tuple[str, ...]


class _Decision(NamedTuple):
    """What a Choice decides: the state that follows, and why."""

    choice: str
    target: str
    rule: str
    """As it is in the definition."""
    condition: str
    """In words."""


@dataclass(frozen=True)
class _Way:
    """A way through a workflow: its path, the decisions on it, and whether it ends in a Fail."""

    path: tuple[str | StatePath, ...] = ()
    decisions: tuple[_Decision, ...] = ()
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
    """Names each way by its decisions; conditions, or else numbers, tell equal names apart."""
    short = [_name(way, with_conditions=False) for way in ways]
    total = Counter(short)
    seen: Counter[str] = Counter()
    names = []
    for way, name in zip(ways, short, strict=True):
        clear = _name(way, with_conditions=True) if total[name] > 1 else name
        seen[clear] += 1
        names.append(f"{clear} ({seen[clear]})" if seen[clear] > 1 else clear)
    return tuple(names)


def _name(way: _Way, *, with_conditions: bool) -> str:
    names = [f"{each.choice} to {each.target}" for each in way.decisions]
    if with_conditions:
        conditions = [shorten(each.condition, _LONGEST, placeholder="…") for each in way.decisions]
        names = [f"{name} ({why})" for name, why in zip(names, conditions, strict=True)]
    return ", ".join(names) or "to the end"


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
        for decision in _list_decisions(name, state.value):
            decisions = (*entered.decisions, decision)
            yield from _continue(states, decision.target, _Way(entered.path, decisions))
    elif "Next" in state.value:
        yield from _continue(states, str(state.value["Next"]), entered)
    else:
        yield entered


def _first_path(container: Container) -> tuple[str | StatePath, ...]:
    """The path of one branch or iteration."""
    return next((each.path for each in _list_ways(container)), ())


def _list_decisions(name: str, choice: JsonMapping) -> Iterator[_Decision]:
    """What a Choice can decide, rule by rule."""
    for rule in choice.get("Choices", []):
        condition = {key: each for key, each in rule.items() if key not in {"Next", "Assign"}}
        written = json.dumps(condition, ensure_ascii=False)
        yield _Decision(name, str(rule.get("Next")), written, describe_condition(rule))
    if "Default" in choice:
        yield _Decision(name, str(choice["Default"]), _NO_RULE, _NO_RULE)


def _write_case(name: str, way: _Way, states: Mapping[str, State], trigger: Trigger) -> str:
    lines = [f"  # {write_key(each.choice)}: {each.rule}" for each in way.decisions]
    called = [states[each] for each in {each.state: None for each in list_states([*way.path])}]
    reads = [each for each in called if _reads_object(each)] if _is_created(trigger) else []
    lines += [
        f"  - name: {json.dumps(name, ensure_ascii=False)}",
        _write_object(trigger, has_body=bool(reads)),
    ]
    mocked = [each for each in called if each not in reads]
    for key, results in (("mocks", _list_results(mocked)), ("answers", _list_answers(called))):
        if entries := [*results]:
            lines += [f"    {key}:", *(f"      {write_key(one)}: {each}" for one, each in entries)]
    lines += [
        "    expect:",
        f"      status: {'FAILED' if way.fails else 'SUCCEEDED'}",
        f"      path: {json.dumps(way.path, ensure_ascii=False)}",
    ]
    return "".join(f"{line}\n" for line in lines)


def _is_created(trigger: Trigger) -> bool:
    return trigger.events[0] == "created"


def _reads_object(state: State) -> bool:
    """Whether a Task reads an object whose key depends on the input: the one of the case."""
    if state.type != "Task" or not str(state.value.get("Resource")).endswith(_GET_OBJECT):
        return False
    arguments = state.value.get("Arguments", state.value.get("Parameters"))
    match arguments:
        case {"Key.$": _}:
            return True
        case {"Key": str(key)} | str(key):
            return key.startswith("{%")
    return False


def _write_object(trigger: Trigger, *, has_body: bool) -> str:
    key = f"{(*trigger.prefix, '')[0]}sample{(*trigger.suffix, '')[0]}"
    given: dict[str, object] = {"key": key}
    if not _is_created(trigger):
        given["event"] = trigger.events[0]
    elif not has_body or trigger.min_size > len(_BODY):
        given["size"] = max(1, trigger.min_size)
    if has_body:
        given["body"] = {}
    return f"    object: {json.dumps(given, ensure_ascii=False)}"


def _list_results(states: list[State]) -> Iterator[tuple[str, str]]:
    for state in states:
        if can_be_mocked(state):
            resource = str(state.value.get("Resource"))
            result = "{Payload: {}}" if ":::lambda:invoke" in resource else "{}"
            if resource.endswith(_GET_OBJECT):
                result = f"{{Body: '{_BODY}'}}"
            yield state.name, f"{{return: {'[{}]' if state.type == 'Map' else result}}}"


def _list_answers(states: list[State]) -> Iterator[tuple[str, str]]:
    for state in states:
        if is_callback(state):
            yield state.name, "{return: {}}"
