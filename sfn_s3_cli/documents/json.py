"""JSON, read strictly: no duplicate keys, no NaN, each value at its line and column."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from sfn_s3_cli.documents.document import Complaint, Document, Mark, problem
from sfn_s3_cli.documents.tokens import Kind, Token, build
from sfn_s3_cli.errors import ConfigError

_TOKEN = re.compile(r'\n|"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]|[^\s{}\[\],:"]+')
_HABITS = {
    "//": "remove the comment: JSON has none",
    "/*": "remove the comment: JSON has none",
    "'": 'write it in double quotes: "..."',
    "${": 'write it in double quotes: what is substituted for "${Name}" keeps its type',
}
_NUMBER = "write another number, or a string"
_LOOK = "correct this line, or the one before it"
_PERHAPS_YAML = "begin it with `{`; if it is YAML, name the file .yaml"
_LONGEST_NUMBER = 300  # characters; a float holds no more digits before the point


def parse(text: str, file: str) -> Document:
    """The document of a JSON text; what is no JSON raises ConfigError.

    Numbers that JSON or a float cannot hold are faults of the document.
    """
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        mark, complaint = Mark(error.lineno, error.colno), _complaint(error)
        if not text.strip():
            mark, complaint = Mark(1, 1), Complaint("the file is empty", "write a document into it")
    except RecursionError:
        mark, complaint = Mark(1, 1), Complaint("nested too deeply", "nest it less deeply")
    else:
        return build(_tokens(text), file)
    raise ConfigError([problem(file, mark, complaint)])


def _complaint(error: json.JSONDecodeError) -> Complaint:
    before, after = error.doc[: error.pos].rstrip(), error.doc[error.pos :]
    likely = _PERHAPS_YAML if not error.doc.lstrip().startswith(("{", "[")) else _LOOK
    hint = next((hint for start, hint in _HABITS.items() if after.startswith(start)), likely)
    if before.endswith(",") and after.startswith(("}", "]")):
        hint = "remove the comma before it"
    reason = f"{error.msg[:1].lower()}{error.msg[1:]}".removesuffix(" at")
    return Complaint(f"not JSON: {reason}", hint)


def _tokens(text: str) -> Iterator[Token]:
    line, line_start = 1, 0
    for found in _TOKEN.finditer(text):
        mark = Mark(line, found.start() - line_start + 1)
        match found[0]:
            case "\n":
                line, line_start = line + 1, found.end()
            case "{":
                yield Token(Kind.MAPPING, mark)
            case "[":
                yield Token(Kind.LIST, mark)
            case "}" | "]":
                yield Token(Kind.END, mark)
            case scalar:
                yield _scalar(scalar, mark)


def _scalar(text: str, mark: Mark) -> Token:
    value: Any = math.nan if len(text) > _LONGEST_NUMBER and text[0] != '"' else json.loads(text)
    match value:
        case float() if not math.isfinite(value):
            complaint = Complaint(f"{text[:20]} is no number that JSON can carry", _NUMBER)
            return Token(Kind.SCALAR, mark, None, (complaint,))
    return Token(Kind.SCALAR, mark, value)
