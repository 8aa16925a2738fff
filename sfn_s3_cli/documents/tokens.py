"""From the tokens of YAML or JSON to a document: the rules that both have in common."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple

from sfn_s3_cli.documents.document import (
    MOST_FAULTS,
    Complaint,
    Document,
    Fault,
    Mark,
    ValuePath,
    problem,
)
from sfn_s3_cli.documents.wording import SURROGATE, found
from sfn_s3_cli.errors import ConfigError

_DEEPEST = 200
_MOST = 100_000  # values; a definition of the size that AWS takes has fewer


class Kind(Enum):
    SCALAR = "scalar"
    LIST = "list"
    MAPPING = "mapping"
    END = "end"


class Token(NamedTuple):
    """A scalar with its value, or the beginning or end of a list or mapping."""

    kind: Kind
    mark: Mark
    value: Any = None
    complaints: tuple[Complaint, ...] = ()


def build(tokens: Iterator[Token], file: str) -> Document:
    """The document that the tokens spell.

    Duplicate keys, keys that are no strings and lone surrogates become faults of the document.
    What would take long or much memory raises ConfigError at once: a nesting deeper than 200
    levels, more than 100,000 values, more than 100 faults.
    """
    document = Document(file, None, {}, {}, [])
    value = None
    for token in tokens:
        value = _value(token, tokens, (), document)
    return document._replace(value=value)


def _value(token: Token, tokens: Iterator[Token], path: ValuePath, document: Document) -> Any:
    _refuse_too_much(token, path, document)
    document.values[path] = token.mark
    document.faults.extend(Fault(path, token.mark, each) for each in _complaints(token))
    match token.kind:
        case Kind.LIST:
            return _list(tokens, path, document)
        case Kind.MAPPING:
            return _mapping(tokens, path, document)
    return token.value


def _refuse_too_much(token: Token, path: ValuePath, document: Document) -> None:
    if len(document.faults) > MOST_FAULTS:
        raise document.error(document.faults)
    if len(path) > _DEEPEST:
        complaint = Complaint("nested too deeply", "nest it less deeply")
    elif len(document.values) > _MOST:
        complaint = Complaint(f"the file holds more than {_MOST:,} values", "make it smaller")
    else:
        return
    raise ConfigError([problem(document.file, token.mark, complaint)])


def _complaints(token: Token) -> Iterator[Complaint]:
    yield from token.complaints
    match token.value:
        case str(text) if SURROGATE.search(text):
            yield Complaint("half a surrogate pair is no character", "write the whole pair")


def _list(tokens: Iterator[Token], path: ValuePath, document: Document) -> list[Any]:
    values: list[Any] = []
    while (token := next(tokens)).kind is not Kind.END:
        values.append(_value(token, tokens, (*path, len(values)), document))
    return values


def _mapping(tokens: Iterator[Token], path: ValuePath, document: Document) -> dict[str, Any]:
    values: dict[str, Any] = {}
    while (token := next(tokens)).kind is not Kind.END:
        key, complaints = _key(token, values)
        inside = (*path, key)
        is_nameless = bool(complaints) and key not in values
        document.keys[inside] = token.mark
        document.faults.extend(Fault(inside, token.mark, each, is_nameless) for each in complaints)
        if token.kind is not Kind.SCALAR:
            raise document.error(document.faults)
        values[key] = _value(next(tokens), tokens, inside, document)
    return values


def _key(token: Token, known: dict[str, Any]) -> tuple[str, list[Complaint]]:
    complaints = [*_complaints(token)]
    match token:
        case Token(Kind.SCALAR, value=str(key)):
            if key in known:
                complaints.append(
                    Complaint(f"the key {found(key)} stands here twice", "remove one of them")
                )
            return key, complaints
        case Token(Kind.SCALAR, value=value):
            here = found(value)
        case _:
            here = f"a {token.kind.value}"
    not_a_string = Complaint(f"a key is a string, but here stands {here}", "quote it")
    return here, complaints or [not_a_string]
