"""Reads YAML, the plain part of it: mappings, lists and scalars, each with its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.reader import ReaderError

from sfn_s3_cli.documents.document import LocatedDocument
from sfn_s3_cli.documents.findings import Finding, invalid_config
from sfn_s3_cli.documents.places import Mark, mark_at
from sfn_s3_cli.documents.tokens import Scalar, Token, TokenType, build_document
from sfn_s3_cli.errors import ConfigError

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_LONGEST = 20
"""Characters of a number in a message."""
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")

_TAG = invalid_config("tags are not allowed", "remove it; a string that begins with ! needs quotes")
_ANCHOR = invalid_config("anchors are not allowed", "remove it")
_ALIAS = invalid_config("aliases are not allowed", "write the value out")
_MERGE = invalid_config("merge keys are not allowed", "write the keys out")
_SECOND = invalid_config("the file has more than one document", "keep only the first")
_BAD_ESCAPE = invalid_config("not YAML: an escape does not name a character", "correct the escape")


def parse(text: str, file: str) -> LocatedDocument:
    """Parses a YAML text; ConfigError if it is not YAML, or more than one document.

    Unquoted scalars follow YAML 1.2, and only the obvious ones: null, true, false and decimal
    numbers. Everything else (012, 1:30, 2026-01-01, off, 1e3) stays a string. Tags, anchors,
    aliases and merge keys become findings of the document.
    """
    try:
        return build_document(_read_tokens(text, file), file)
    except ReaderError as error:
        mark = mark_at(text, error.position)
        character = f"U+{ord(text[error.position]):04X}"
        finding = invalid_config(f"the character {character} is not allowed", "remove it")
    except yaml.MarkedYAMLError as error:
        mark = _mark(error.problem_mark)
        finding = invalid_config(f"not YAML: {error.problem}", _remedy(mark, text, error.problem))
    except (ValueError, OverflowError):
        mark, finding = Mark(1, 1), _BAD_ESCAPE
    raise ConfigError([finding.locate(file, mark)])


def _read_tokens(text: str, file: str) -> Iterator[Token]:
    documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        mark = _mark(event.start_mark)
        match event:
            case yaml.DocumentStartEvent():
                documents += 1
                if documents > 1:
                    raise ConfigError([_SECOND.locate(file, mark)])
            case yaml.AliasEvent():
                yield Token(TokenType.SCALAR, mark, f"*{event.anchor}", (_ALIAS,))
            case yaml.ScalarEvent():
                yield Token(TokenType.SCALAR, mark, _read_scalar(event), _check(event))
            case yaml.SequenceStartEvent():
                yield Token(TokenType.LIST, mark, None, _check(event))
            case yaml.MappingStartEvent():
                yield Token(TokenType.MAPPING, mark, None, _check(event))
            case yaml.CollectionEndEvent():
                yield Token(TokenType.END, mark)


def _check(event: yaml.NodeEvent) -> tuple[Finding, ...]:
    match event:
        case yaml.ScalarEvent(style=None, value="<<"):
            return (_MERGE,)
        case yaml.ScalarEvent(style=None, value=text) if _is_too_long(text):
            shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
            message = f"the number {shown} is too long"
            return (invalid_config(message, "write a shorter one, or put quotes around a string"),)
        case yaml.NodeEvent(anchor=str()):
            return (_ANCHOR,)
        case yaml.ScalarEvent(tag=str()) | yaml.CollectionStartEvent(tag=str()):
            return (_TAG,)
    return ()


def _is_too_long(text: str) -> bool:
    """Whether it is a number with more digits than sfnctl reads: it must not become a string."""
    is_number = _NUMBER.fullmatch(text) is not None
    return is_number and not (_INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text))


def _remedy(mark: Mark, text: str, problem: str | None) -> str:
    if "'%'" in (problem or ""):
        return "quote it: '{% ... %}'"
    line = "".join(text.splitlines()[mark.line - 1 : mark.line])
    if "\t" in line[: mark.column]:
        return "indent with spaces"
    if "${" in line:
        return "a ${VAR} inside { } or [ ] needs quotes"
    return "correct this line, or the one before it"


def _read_scalar(event: yaml.ScalarEvent) -> Scalar:
    text: str = event.value
    if event.style is not None:
        return text
    match text:
        case "" | "~" | "null" | "Null" | "NULL":
            return None
        case "true" | "True" | "TRUE":
            return True
        case "false" | "False" | "FALSE":
            return False
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _mark(mark: Any) -> Mark:
    return Mark(mark.line + 1, mark.column + 1)
