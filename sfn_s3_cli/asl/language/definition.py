"""Loads a state machine's definition from its file and replaces its placeholders."""

from __future__ import annotations

import json as json_text
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sfn_s3_cli.documents import json, yaml
from sfn_s3_cli.documents.document import LocatedDocument
from sfn_s3_cli.documents.files import read_text
from sfn_s3_cli.documents.findings import Finding, invalid_config
from sfn_s3_cli.documents.places import Mark, ValuePath
from sfn_s3_cli.documents.tokens import JsonValue
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import ConfigError, unreadable
from sfn_s3_cli.json_types import JsonMapping

Substitution: TypeAlias = str | int | float | bool

_LONGEST = 1_048_576  # characters; CreateStateMachine's limit
_TEMPLATE_KEYS = {"AWSTemplateFormatVersion", "Resources", "stepFunctions"}
_PLACEHOLDER = re.compile(r"\$(?P<escaped>\$)(?=\{)|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_.:-]*)\}")


class Definition(NamedTuple):
    """A definition that could be read."""

    document: LocatedDocument
    """A mapping without placeholders. Its findings are about the file and the placeholders."""
    unused: tuple[str, ...]
    """The substitutions that no placeholder uses; empty if a placeholder has no substitution."""


def load(path: Path, substitutions: Mapping[str, Substitution]) -> Definition:
    """Loads a .json, .yaml or .yml file and replaces each `${Name}` by its substitution.

    A string that is only a placeholder becomes the value with its type; `$${` is a literal `${`.
    Placeholders are replaced after parsing, so that no value can break the syntax. ConfigError if
    the file is not a definition at all.
    """
    document = _parse(path)
    _check_is_definition(document)
    replacer = _Replacer(document, substitutions)
    replaced = replacer.replace()
    if len(serialize(replaced.value)) > _LONGEST:
        message = f"Step Functions accepts at most {_LONGEST:,} characters"
        raise document.error([invalid_config(message, "move states into another state machine")])
    return Definition(replaced, replacer.unused)


def serialize(definition: JsonMapping) -> str:
    """The definition as JSON, as short as possible because its length is limited."""
    return json_text.dumps(definition, ensure_ascii=False, separators=(",", ":"))


def _parse(path: Path) -> LocatedDocument:
    match path.suffix:
        case ".json":
            return json.parse(read_text(path), str(path))
        case ".yaml" | ".yml":
            return yaml.parse(read_text(path), str(path))
    message = "a definition is a .json, .yaml or .yml file"
    raise ConfigError([unreadable(str(path), message, "rename it")])


def _check_is_definition(document: LocatedDocument) -> None:
    """ConfigError if it is not a mapping, or a template that contains a definition."""
    value = document.value
    if not isinstance(value, dict):
        message = f"expected a mapping, found {describe(value)}"
        raise document.error([invalid_config(message, "write `StartAt` and `States`")])
    if "States" not in value and (keys := _TEMPLATE_KEYS & value.keys()):
        finding = invalid_config(
            "this is a template, not a definition", "put the definition in its own file"
        )
        raise document.error([finding._replace(path=(min(keys),), at_key=True)])


class _Replacer:
    """Replaces the `${Name}` of a document; notes which ones have no substitution."""

    def __init__(
        self, document: LocatedDocument, substitutions: Mapping[str, Substitution]
    ) -> None:
        self._document = document
        self._substitutions = substitutions
        self._names: set[str] = set()
        self._replaced = document._replace(values={}, keys={}, findings=[*document.findings])

    def replace(self) -> LocatedDocument:
        """The document without placeholders, in values and keys."""
        return self._replaced._replace(value=self._replace_in(self._document.value, (), ()))

    @property
    def unused(self) -> tuple[str, ...]:
        if not self._names <= self._substitutions.keys():
            return ()  # a misspelled placeholder may be meant for one of them
        return tuple(name for name in self._substitutions if name not in self._names)

    def _replace_in(self, value: JsonValue, path: ValuePath, target: ValuePath) -> JsonValue:
        """The value at `path`, whose path will be `target`."""
        self._replaced.values[target] = mark = self._document.mark(path)
        match value:
            case str():
                text, findings = self._replace_text(value)
                self._note(findings, target, mark)
                return text
            case list():
                return [
                    self._replace_in(item, (*path, index), (*target, index))
                    for index, item in enumerate(value)
                ]
            case dict():
                return self._replace_mapping(value, path, target)
        return value

    def _replace_mapping(
        self, mapping: dict[str, JsonValue], path: ValuePath, target: ValuePath
    ) -> dict[str, JsonValue]:
        members: dict[str, JsonValue] = {}
        for key, value in mapping.items():
            text, findings = self._replace_text(key)
            name = _to_text(text)
            here = (*target, name)
            self._replaced.keys[here] = mark = self._document.keys[*path, key]
            self._note((each._replace(is_nameless=True) for each in findings), here, mark)
            if name in members:
                twice = invalid_config(f"two keys become {describe(name)}", "rename one of them")
                self._note([twice], here, mark)
            members[name] = self._replace_in(value, (*path, key), here)
        return members

    def _note(self, findings: Iterable[Finding], path: ValuePath, mark: Mark) -> None:
        self._replaced.findings.extend(each._replace(path=path, mark=mark) for each in findings)

    def _replace_text(self, text: str) -> tuple[Substitution, list[Finding]]:
        """The text without placeholders, and what is wrong with them."""
        findings: list[Finding] = []

        def replace(placeholder: re.Match[str]) -> Substitution:
            name = placeholder["name"]
            if name is None:
                return "$"
            self._names.add(name)
            if name not in self._substitutions:
                findings.append(self._explain_missing(name))
            return self._substitutions.get(name, placeholder[0])

        if whole := _PLACEHOLDER.fullmatch(text):
            return replace(whole), findings
        return _PLACEHOLDER.sub(lambda each: _to_text(replace(each)), text), findings

    def _explain_missing(self, name: str) -> Finding:
        add = f"add it to state_machine.substitutions, or write `$${{{name}}}` to keep it"
        remedy = suggest(name, self._substitutions) or add
        return invalid_config(f"${{{name}}} has no substitution", remedy)


def _to_text(value: Substitution) -> str:
    return value if isinstance(value, str) else json_text.dumps(value)
