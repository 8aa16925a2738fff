"""YAML, the plain part of it: mappings, lists and scalars, each at its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.reader import ReaderError

from sfn_s3_cli.documents.document import Complaint, Document, Mark, mark_at, problem
from sfn_s3_cli.documents.tokens import Kind, Token, build
from sfn_s3_cli.errors import ConfigError

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}")

_TAG = Complaint("tags are not allowed", "leave it out; a string that begins with ! needs quotes")
_ANCHOR = Complaint("anchors are not allowed", "leave it out")
_ALIAS = Complaint("aliases are not allowed", "write the value out")
_MERGE = Complaint("merge keys are not allowed", "write the keys out")
_SECOND = Complaint("the file holds more than one document", "keep the first")


def parse(text: str, file: str) -> Document:
    """The document of a YAML text.

    Scalars are what YAML 1.2 takes them for, and only when that is plain: null, true, false and
    decimal numbers. Everything else (012, 1:30, 2026-01-01, off, 1e3) stays the string it is.
    Tags, anchors, aliases and merge keys are faults of the document. What is no YAML, or more
    than one document, raises ConfigError.
    """
    try:
        return build(_tokens(text, file), file)
    except ReaderError as error:
        mark = mark_at(text, error.position)
        complaint = Complaint(
            f"the character U+{ord(text[error.position]):04X} is not allowed", "remove it"
        )
    except yaml.MarkedYAMLError as error:
        mark = _mark(error.problem_mark)
        complaint = Complaint(f"not YAML: {error.problem}", _hint(mark, text, error.problem))
    except (ValueError, OverflowError):
        mark, complaint = (
            Mark(1, 1),
            Complaint("not YAML: an escape stands for no character", "correct the escape"),
        )
    raise ConfigError([problem(file, mark, complaint)])


def _tokens(text: str, file: str) -> Iterator[Token]:
    documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        mark = _mark(event.start_mark)
        match event:
            case yaml.DocumentStartEvent():
                documents += 1
                if documents > 1:
                    raise ConfigError([problem(file, mark, _SECOND)])
            case yaml.AliasEvent():
                yield Token(Kind.SCALAR, mark, f"*{event.anchor}", (_ALIAS,))
            case yaml.ScalarEvent():
                yield Token(Kind.SCALAR, mark, _scalar(event), _complaints(event))
            case yaml.SequenceStartEvent():
                yield Token(Kind.LIST, mark, None, _complaints(event))
            case yaml.MappingStartEvent():
                yield Token(Kind.MAPPING, mark, None, _complaints(event))
            case yaml.CollectionEndEvent():
                yield Token(Kind.END, mark)


def _complaints(event: yaml.NodeEvent) -> tuple[Complaint, ...]:
    match event:
        case yaml.ScalarEvent(style=None, value="<<"):
            return (_MERGE,)
        case yaml.NodeEvent(anchor=str()):
            return (_ANCHOR,)
        case yaml.ScalarEvent(tag=str()) | yaml.CollectionStartEvent(tag=str()):
            return (_TAG,)
    return ()


def _hint(mark: Mark, text: str, problem: str | None) -> str:
    if "'%'" in (problem or ""):
        return "quote it: '{% ... %}'"
    line = "".join(text.splitlines()[mark.line - 1 : mark.line])
    if "\t" in line[: mark.column]:
        return "indent with spaces"
    if "${" in line:
        return "a ${VAR} inside { } or [ ] needs quotes"
    return "correct this line, or the one before it"


def _scalar(event: yaml.ScalarEvent) -> str | int | float | bool | None:
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
