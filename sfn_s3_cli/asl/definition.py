"""The state machine's definition: read, with its placeholders filled in."""

from __future__ import annotations

import json as compact
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from sfn_s3_cli.config import json, yaml
from sfn_s3_cli.config.document import Complaint, Document, Fault, Mark, ValuePath, uncovered
from sfn_s3_cli.config.source import read
from sfn_s3_cli.config.words import found, meant
from sfn_s3_cli.errors import ConfigError, Problem

Scalar: TypeAlias = str | int | float | bool

_LARGEST = 1_048_576  # characters; CreateStateMachine's limit
_OF_TEMPLATES = {"AWSTemplateFormatVersion", "Resources", "stepFunctions"}
_COMPARED = 20  # keys, in search for what is missing
_PLACEHOLDER = re.compile(r"\$(?P<escaped>\$)(?=\{)|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_.:-]*)\}")


def load(path: Path, substitutions: Mapping[str, Scalar]) -> Document:
    """The definition in a .json, .yaml or .yml file, each `${Name}` replaced by its substitution.

    A string that is one placeholder and nothing else becomes the value with its type; `$${` is a
    literal `${`. They are replaced after parsing, so that no value can break the syntax.
    Gives the filled definition, a mapping, and where each part of it stands in the file.
    Raises ConfigError with every problem, each at its place in the definition's file.
    """
    document = _parsed(path)
    if template := _template(document):
        raise document.error([template])
    placeholders = _Placeholders(document, substitutions)
    definition = placeholders.filled()
    faults = [*document.faults, *placeholders.faults, *placeholders.unused()]
    faults += uncovered(_misshapen(definition.value, definition), faults)
    if len(compact.dumps(definition.value, ensure_ascii=False, separators=(",", ":"))) > _LARGEST:
        too_large = Complaint(f"Step Functions takes no more than {_LARGEST:,} characters")
        faults.append(Fault((), Mark(1, 1), too_large))
    if faults:
        raise document.error(faults)
    return definition


def _parsed(path: Path) -> Document:
    match path.suffix:
        case ".json":
            return json.parse(read(path), str(path))
        case ".yaml" | ".yml":
            return yaml.parse(read(path), str(path))
    raise ConfigError([Problem(str(path), "a definition is a .json, .yaml or .yml file")])


def _template(document: Document) -> Fault | None:
    """What a tool makes a definition of, among other things."""
    match document.value:
        case dict(given) if "States" not in given and (keys := _OF_TEMPLATES & given.keys()):
            path: ValuePath = (min(keys),)
            complaint = Complaint("this is a template", "put the definition itself in a file")
            return Fault(path, document.keys[path], complaint)
    return None


class _Placeholders:
    """The `${Name}` of a document: fills them in, and remembers what was missing or used."""

    def __init__(self, document: Document, substitutions: Mapping[str, Scalar]) -> None:
        self.faults: list[Fault] = []
        self._document = document
        self._substitutions = substitutions
        self._names: set[str] = set()
        self._filled = document._replace(values={}, keys={})

    def filled(self) -> Document:
        """The document with its placeholders filled in, also those of its keys."""
        return self._filled._replace(value=self._fill(self._document.value, (), ()))

    def _fill(self, value: Any, path: ValuePath, filled: ValuePath) -> Any:
        """The value at `path`, which is to stand at `filled`."""
        self._filled.values[filled] = mark = self._document.mark(path)
        match value:
            case str():
                return self._fill_text(value, path, mark)
            case list():
                return [
                    self._fill(item, (*path, index), (*filled, index))
                    for index, item in enumerate(value)
                ]
            case dict():
                return self._fill_mapping(value, path, filled)
        return value

    def unused(self) -> Iterator[Fault]:
        missing = sorted(self._names - self._substitutions.keys())
        for name in self._substitutions:
            if name not in self._names:
                complaint = Complaint(f"the substitution {found(name)} is used nowhere")
                yield Fault((name,), Mark(1, 1), complaint._replace(hint=meant(name, missing)))

    def _fill_mapping(
        self, mapping: dict[str, Any], path: ValuePath, filled: ValuePath
    ) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for key, value in mapping.items():
            inside = (*path, key)
            mark = self._document.keys[inside]
            name = _text(self._fill_text(key, inside, mark))
            if name in members:
                complaint = Complaint(f"two keys become {found(name)} here")
                self.faults.append(Fault(inside, mark, complaint))
            self._filled.keys[*filled, name] = mark
            members[name] = self._fill(value, inside, (*filled, name))
        return members

    def _fill_text(self, text: str, path: ValuePath, mark: Mark) -> Scalar:
        def fill(placeholder: re.Match[str]) -> Scalar:
            name = placeholder["name"]
            if name is None:
                return "$"
            self._names.add(name)
            if name not in self._substitutions:
                add = (
                    f"add it under state_machine.substitutions, or write `$${{{name}}}` to keep it"
                )
                hint = meant(name, self._substitutions) or add
                complaint = Complaint(f"nothing is substituted for ${{{name}}}", hint)
                self.faults.append(Fault(path, mark, complaint))
            return self._substitutions.get(name, "")

        whole = _PLACEHOLDER.fullmatch(text)
        return fill(whole) if whole else _PLACEHOLDER.sub(lambda each: _text(fill(each)), text)


def _text(value: Scalar) -> str:
    return value if isinstance(value, str) else compact.dumps(value)


def _misshapen(definition: Any, document: Document) -> Iterator[Fault]:
    match definition:
        case dict():
            yield from _member(definition, "StartAt", str, (), document)
            yield from _member(definition, "States", dict, (), document)
        case _:
            yield Fault((), document.mark(()), _expected("a mapping", definition))
    match definition:
        case {"States": dict(states)}:
            if not states:
                yield Fault(("States",), document.mark(("States",)), Complaint("there is no state"))
            for name, state in states.items():
                path = ("States", name)
                if isinstance(state, dict):
                    yield from _member(state, "Type", str, path, document)
                else:
                    yield Fault(path, document.mark(path), _expected("a mapping", state))


def _member(
    owner: dict[str, Any], key: str, kind: type, path: ValuePath, document: Document
) -> Iterator[Fault]:
    inside = (*path, key)
    if key not in owner:
        yield from _missing(owner, key, path, document)
    elif not isinstance(owner[key], kind):
        expected = "a string" if kind is str else "a mapping"
        yield Fault(inside, document.mark(inside), _expected(expected, owner[key]))


def _missing(
    owner: dict[str, Any], key: str, path: ValuePath, document: Document
) -> Iterator[Fault]:
    if any(fault.path == (*path, "<<") for fault in document.faults):
        return  # a merge key, which may have held it
    at, hint = path, f"add `{key}`"
    for near in islice(owner, _COMPARED):
        if guess := meant(near, [key]):
            at, hint = (*path, near), guess
    complaint = Complaint(f"the key {key!r} is missing", hint)
    yield Fault((*path, key), document.keys.get(at) or document.mark(at), complaint)


def _expected(what: str, value: object) -> Complaint:
    return Complaint(f"expected {what}, found {found(value)}")
