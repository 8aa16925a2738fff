"""Builds a document from the tokens of YAML or JSON, with the rules that both share."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple, TypeAlias

from sfn_s3_cli.documents.document import MOST_FINDINGS, LocatedDocument
from sfn_s3_cli.documents.findings import Finding, invalid_config
from sfn_s3_cli.documents.places import Mark, ValuePath
from sfn_s3_cli.documents.wording import SURROGATE, describe
from sfn_s3_cli.errors import ConfigError

Scalar: TypeAlias = str | int | float | bool | None
JsonValue: TypeAlias = "Scalar | list[JsonValue] | dict[str, JsonValue]"

TOO_DEEP = invalid_config("nested too deeply", "use fewer levels of nesting")

_DEEPEST = 200
_MOST_VALUES = 100_000  # a definition of the size that AWS accepts has fewer


class TokenType(Enum):
    SCALAR = "scalar"
    LIST = "list"
    MAPPING = "mapping"
    END = "end"


class Token(NamedTuple):
    """A scalar with its value, or the beginning or end of a list or mapping."""

    type: TokenType
    mark: Mark
    value: Scalar = None
    findings: tuple[Finding, ...] = ()
    """What is wrong with it, without path and mark."""


def build_document(tokens: Iterator[Token], file: str) -> LocatedDocument:
    """Builds the document.

    Duplicate keys, keys that are not strings and lone surrogates become findings of the document.
    Input that would take too much time or memory is a ConfigError: more than 200 levels of nesting,
    100,000 values or 100 findings.
    """
    document = LocatedDocument(file, None, {}, {}, [])
    value: JsonValue = None
    for token in tokens:
        value = _build_value(token, tokens, (), document)
    return document._replace(value=value)


def _build_value(
    token: Token, tokens: Iterator[Token], path: ValuePath, document: LocatedDocument
) -> JsonValue:
    _check_size(token, path, document)
    document.values[path] = token.mark
    document.findings.extend(
        each._replace(path=path, mark=token.mark) for each in _check_text(token)
    )
    match token.type:
        case TokenType.LIST:
            return _build_list(tokens, path, document)
        case TokenType.MAPPING:
            return _build_mapping(tokens, path, document)
    return token.value


def _check_size(token: Token, path: ValuePath, document: LocatedDocument) -> None:
    if len(document.findings) > MOST_FINDINGS:
        raise document.error(document.findings)
    if len(path) > _DEEPEST:
        finding = TOO_DEEP
    elif len(document.values) > _MOST_VALUES:
        finding = invalid_config(
            f"the file has more than {_MOST_VALUES:,} values", "make it smaller"
        )
    else:
        return
    raise ConfigError([finding.locate(document.file, token.mark)])


def _check_text(token: Token) -> Iterator[Finding]:
    yield from token.findings
    if isinstance(token.value, str) and SURROGATE.search(token.value):
        yield invalid_config("half a surrogate pair is not a character", "write both halves")


def _build_list(
    tokens: Iterator[Token], path: ValuePath, document: LocatedDocument
) -> list[JsonValue]:
    values: list[JsonValue] = []
    while (token := next(tokens)).type is not TokenType.END:
        values.append(_build_value(token, tokens, (*path, len(values)), document))
    return values


def _build_mapping(
    tokens: Iterator[Token], path: ValuePath, document: LocatedDocument
) -> dict[str, JsonValue]:
    values: dict[str, JsonValue] = {}
    while (token := next(tokens)).type is not TokenType.END:
        key, findings = _read_key(token, values)
        inside = (*path, key)
        is_nameless = bool(findings) and key not in values
        document.keys[inside] = token.mark
        document.findings.extend(
            each._replace(path=inside, mark=token.mark, is_nameless=is_nameless)
            for each in findings
        )
        if token.type is not TokenType.SCALAR:
            raise document.error(document.findings)
        values[key] = _build_value(next(tokens), tokens, inside, document)
    return values


def _read_key(token: Token, known: dict[str, JsonValue]) -> tuple[str, list[Finding]]:
    """The key, or a description of what is there instead, and what is wrong with it."""
    findings = [*_check_text(token)]
    if token.type is not TokenType.SCALAR:
        found = f"a {token.type.value}"
    elif isinstance(token.value, str):
        if token.value in known:
            findings.append(
                invalid_config(
                    f"the key {describe(token.value)} is defined twice", "remove one of them"
                )
            )
        return token.value, findings
    else:
        found = describe(token.value)
    return found, findings or [
        invalid_config(f"expected a string as a key, found {found}", "quote it")
    ]
