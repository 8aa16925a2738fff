"""The state machine's definition: read, with its placeholders filled in."""

from __future__ import annotations

import json as compact
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from sfn_s3_cli.documents import json, yaml
from sfn_s3_cli.documents.document import Complaint, Document, Fault, Mark, ValuePath
from sfn_s3_cli.documents.files import read
from sfn_s3_cli.documents.wording import found, meant
from sfn_s3_cli.errors import ConfigError, unreadable

Scalar: TypeAlias = str | int | float | bool

_LARGEST = 1_048_576  # characters; CreateStateMachine's limit
_OF_TEMPLATES = {"AWSTemplateFormatVersion", "Resources", "stepFunctions"}
_PLACEHOLDER = re.compile(r"\$(?P<escaped>\$)(?=\{)|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_.:-]*)\}")


class Loaded(NamedTuple):
    """A definition that could be read."""

    document: Document
    """Filled in, a mapping. Its faults are what is wrong with the file and the placeholders."""
    unused: tuple[str, ...]
    """The substitutions that no placeholder names, though every placeholder has its own."""


def load(path: Path, substitutions: Mapping[str, Scalar]) -> Loaded:
    """The definition in a .json, .yaml or .yml file, each `${Name}` replaced by its substitution.

    A string that is one placeholder and nothing else becomes the value with its type; `$${` is a
    literal `${`. They are replaced after parsing, so that no value can break the syntax.
    Raises ConfigError for what is no definition at all.
    """
    document = _parsed(path)
    if other := _something_else(document):
        raise document.error([other])
    placeholders = _Placeholders(document, substitutions)
    filled = placeholders.filled()
    if len(written(filled.value)) > _LARGEST:
        too_large = Complaint(
            f"Step Functions takes no more than {_LARGEST:,} characters",
            "move states into another one",
        )
        raise document.error([Fault((), Mark(1, 1), too_large)])
    return Loaded(filled, placeholders.unused)


def written(definition: Mapping[str, Any]) -> str:
    """The text of a definition, as short as it can be, for its length has a limit."""
    return compact.dumps(definition, ensure_ascii=False, separators=(",", ":"))


def _parsed(path: Path) -> Document:
    match path.suffix:
        case ".json":
            return json.parse(read(path), str(path))
        case ".yaml" | ".yml":
            return yaml.parse(read(path), str(path))
    raise ConfigError(
        [unreadable(str(path), "a definition is a .json, .yaml or .yml file", "rename it")]
    )


def _something_else(document: Document) -> Fault | None:
    """That it is no mapping, or what a tool makes a definition of, among other things."""
    match document.value:
        case dict(given):
            if "States" not in given and (keys := _OF_TEMPLATES & given.keys()):
                path: ValuePath = (min(keys),)
                complaint = Complaint("this is a template", "put the definition itself in a file")
                return Fault(path, document.keys[path], complaint)
            return None
        case other:
            complaint = Complaint(
                f"expected a mapping, found {found(other)}", "write `StartAt` and `States`"
            )
            return Fault((), document.mark(()), complaint)


class _Placeholders:
    """The `${Name}` of a document: fills them in, and remembers what was missing or used."""

    def __init__(self, document: Document, substitutions: Mapping[str, Scalar]) -> None:
        self._document = document
        self._substitutions = substitutions
        self._names: set[str] = set()
        self._filled = document._replace(values={}, keys={}, faults=[*document.faults])

    def filled(self) -> Document:
        """The document with its placeholders filled in, also those of its keys."""
        return self._filled._replace(value=self._fill(self._document.value, (), ()))

    def _fill(self, value: Any, path: ValuePath, filled: ValuePath) -> Any:
        """The value at `path`, which is to stand at `filled`."""
        self._filled.values[filled] = mark = self._document.mark(path)
        match value:
            case str():
                text, complaints = self._fill_text(value)
                self._filled.faults.extend(Fault(filled, mark, each) for each in complaints)
                return text
            case list():
                return [
                    self._fill(item, (*path, index), (*filled, index))
                    for index, item in enumerate(value)
                ]
            case dict():
                return self._fill_mapping(value, path, filled)
        return value

    @property
    def unused(self) -> tuple[str, ...]:
        if not self._names <= self._substitutions.keys():
            return ()  # one may be what a placeholder was to name
        return tuple(name for name in self._substitutions if name not in self._names)

    def _fill_mapping(
        self, mapping: dict[str, Any], path: ValuePath, filled: ValuePath
    ) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for key, value in mapping.items():
            inside = (*path, key)
            mark = self._document.keys[inside]
            text, complaints = self._fill_text(key)
            name = _text(text)
            here = (*filled, name)
            self._filled.faults.extend(
                Fault(here, mark, each, is_nameless=True) for each in complaints
            )
            if name in members:
                complaint = Complaint(f"two keys become {found(name)} here", "rename one of them")
                self._filled.faults.append(Fault(here, mark, complaint))
            self._filled.keys[*filled, name] = mark
            members[name] = self._fill(value, inside, (*filled, name))
        return members

    def _fill_text(self, text: str) -> tuple[Scalar, list[Complaint]]:
        """The text with its placeholders filled in, and what is wrong with them."""
        complaints: list[Complaint] = []

        def fill(placeholder: re.Match[str]) -> Scalar:
            name = placeholder["name"]
            if name is None:
                return "$"
            self._names.add(name)
            if name not in self._substitutions:
                complaints.append(self._unsubstituted(name))
            return self._substitutions.get(name, placeholder[0])

        whole = _PLACEHOLDER.fullmatch(text)
        filled = fill(whole) if whole else _PLACEHOLDER.sub(lambda each: _text(fill(each)), text)
        return filled, complaints

    def _unsubstituted(self, name: str) -> Complaint:
        add = f"add it under state_machine.substitutions, or write `$${{{name}}}` to keep it"
        hint = meant(name, self._substitutions) or add
        return Complaint(f"nothing is substituted for ${{{name}}}", hint)


def _text(value: Scalar) -> str:
    return value if isinstance(value, str) else compact.dumps(value)
