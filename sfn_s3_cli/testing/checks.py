"""Checks what the schema of test cases cannot: names of states, files, and the trigger."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from sfn_s3_cli.documents.findings import Finding, invalid_config
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.events.mismatch import find_mismatch
from sfn_s3_cli.testing.workflow import can_be_mocked, is_callback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.config.schema import Trigger
    from sfn_s3_cli.documents.places import ValuePath
    from sfn_s3_cli.events.source import Upload
    from sfn_s3_cli.testing.schema import Case, CaseFile, Mock
    from sfn_s3_cli.testing.workflow import Workflow

_NOT_MOCKED = "only a Task calls a service, and a Map with an ItemReader"
_TRIED = {"Task", "Map", "Parallel"}


def check_names(content: CaseFile) -> Iterator[Finding]:
    """The names of the cases of a file must differ."""
    seen: Counter[str] = Counter()
    for index, case in enumerate(content.cases):
        seen[case.name] += 1
        if seen[case.name] == 2:  # noqa: PLR2004
            message = f"two cases are called {describe(case.name)}"
            yield invalid_config(message, "rename one of them", ("cases", index, "name"))


def check(case: Case, path: ValuePath, workflow: Workflow) -> Iterator[Finding]:
    """Checks a case against the definition."""
    checker = _Checker(workflow.states)
    yield from checker.check_keys(
        case.answers, (*path, "answers"), is_callback, "it does not wait for a task token"
    )
    expected = (*path, "expect")
    yield from checker.check_keys(
        case.expect.calls, (*expected, "calls"), can_be_mocked, _NOT_MOCKED
    )
    yield from checker.check_keys(
        case.expect.attempts,
        (*expected, "attempts"),
        lambda each: each.type in _TRIED,
        "only a Task, a Map and a Parallel are tried again",
    )
    yield from checker.check_path(case.expect.path or [], (*expected, "path"))
    yield from _check_part(case, path, checker)


def check_mocks(mocks: Iterable[str], path: ValuePath, workflow: Workflow) -> Iterator[Finding]:
    """Mocks must be of states that call a service."""
    yield from _Checker(workflow.states).check_keys(mocks, path, can_be_mocked, _NOT_MOCKED)


class _Checker:
    """Checks the names of states that a case has."""

    def __init__(self, states: Mapping[str, State]) -> None:
        self._states = states

    def check_keys(
        self,
        names: Iterable[str],
        path: ValuePath,
        is_possible: Callable[[State], bool],
        why_not: str,
    ) -> Iterator[Finding]:
        for name in names:
            yield from self.check_state(name, (*path, name), at_key=True)
            state = self._states.get(name)
            if state is not None and not is_possible(state):
                message = f"{describe(name)} is a {state.type}: {why_not}"
                found = invalid_config(message, "remove it", (*path, name))
                yield found._replace(at_key=True)

    def check_state(self, name: str, path: ValuePath, *, at_key: bool = False) -> Iterator[Finding]:
        if name not in self._states:
            message = f"the definition has no state {describe(name)}"
            remedy = suggest(name, self._states) or f"it has {', '.join(self._states)}"
            yield invalid_config(message, remedy, path)._replace(at_key=at_key)

    def check_path(self, entries: list[object] | object, path: ValuePath) -> Iterator[Finding]:
        """The names of states, with lists of them for iterations and branches."""
        match entries:
            case list():
                for index, each in enumerate(entries):
                    yield from self.check_path(each, (*path, index))
            case str():
                yield from self.check_state(entries, path)
            case _:
                message = f"expected the name of a state or a list, found {describe(entries)}"
                yield invalid_config(message, "", path)

    def find(self, name: str | None) -> State | None:
        return self._states.get(name) if name is not None else None


def _check_part(case: Case, path: ValuePath, checker: _Checker) -> Iterator[Finding]:
    """`from` and `to` must name states beside each other."""
    for key, name in (("from", case.from_), ("to", case.to)):
        if name is not None:
            yield from checker.check_state(name, (*path, key))
    start, end = checker.find(case.from_), checker.find(case.to)
    if start and end and start.container.path != end.container.path:
        message = f"{describe(end.name)} is not beside {describe(start.name)}"
        remedy = "name two states of the same branch, Map or definition"
        yield invalid_config(message, remedy, (*path, "to"))
    inside = start or end
    if case.item is not None and not (inside and _is_in_map(inside)):
        message = "only an iteration of a Map has an item"
        yield invalid_config(message, "remove it, or add a `from` inside a Map", (*path, "item"))


def _is_in_map(state: State) -> bool:
    path = state.container.path
    return any(
        states == "States" and field in {"ItemProcessor", "Iterator"}
        for states, _, field in zip(path, path[1:], path[2:], strict=False)
    )


def check_object(upload: Upload, trigger: Trigger, path: ValuePath) -> Iterator[Finding]:
    """Only an object that the trigger matches can start an execution."""
    if why := find_mismatch(trigger, upload.key, event=upload.event, size=upload.size):
        message = f"the trigger does not match the object {describe(upload.key)}: {why}"
        yield invalid_config(message, "change the object, or use `event` or `input`", path)


def check_function(mock: Mock, folder: Path, path: ValuePath) -> Iterator[Finding]:
    """A mock in Python must name a file, and a function in it."""
    name, _, function = (mock.python or "").rpartition(":")
    try:
        tree = ast.parse((folder / name).read_bytes())
    except OSError as error:
        yield invalid_config(f"{name} cannot be read: {error.strerror}", "", path)
    except (SyntaxError, ValueError) as error:
        yield invalid_config(f"{name} is not Python: {error}", "correct it", path)
    else:
        defined = set(_list_names(tree))
        if function not in defined:
            message = f"{name} has no function {describe(function)}"
            yield invalid_config(message, suggest(function, defined), path)


def _list_names(tree: ast.Module) -> Iterator[str]:
    """The names that a file defines at its top level, in any way."""
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from (each.asname or each.name for each in aliases)
            case ast.Assign() | ast.AnnAssign():
                yield from (each.id for each in ast.walk(node) if isinstance(each, ast.Name))
