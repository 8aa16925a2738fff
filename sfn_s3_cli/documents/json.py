"""Reads JSON strictly: no duplicate keys, no NaN, each value with its line and column."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator

from sfn_s3_cli.documents.document import LocatedDocument
from sfn_s3_cli.documents.findings import Finding, invalid_config
from sfn_s3_cli.documents.places import Mark
from sfn_s3_cli.documents.tokens import TOO_DEEP, Scalar, Token, TokenType, build_document
from sfn_s3_cli.errors import ConfigError

_TOKEN = re.compile(r'\n|"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]|[^\s{}\[\],:"]+')
_COMMON_MISTAKES = {
    "//": "remove the comment: JSON has none",
    "/*": "remove the comment: JSON has none",
    "'": 'write it in double quotes: "..."',
    "${": 'write it in double quotes: "${Name}" takes the type of its substitution',
}
_START = Mark(1, 1)
_LONGEST_NUMBER = 300  # characters; a float holds no more digits before the point


def parse(text: str, file: str) -> LocatedDocument:
    """Parses a JSON text; ConfigError if it is not JSON.

    Numbers that JSON or a float cannot hold become findings of the document.
    """
    if not text.strip():
        raise _error(invalid_config("the file is empty", "write a document into it"), file)
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        raise _error(_explain(error), file, Mark(error.lineno, error.colno)) from None
    except RecursionError:
        raise _error(TOO_DEEP, file) from None
    return build_document(_read_tokens(text), file)


def _error(finding: Finding, file: str, mark: Mark = _START) -> ConfigError:
    return ConfigError([finding.locate(file, mark)])


def _explain(error: json.JSONDecodeError) -> Finding:
    reason = f"{error.msg[:1].lower()}{error.msg[1:]}".removesuffix(" at")
    return invalid_config(f"not JSON: {reason}", _remedy(error.doc, error.pos))


def _remedy(text: str, position: int) -> str:
    before, after = text[:position].rstrip(), text[position:]
    if before.endswith(",") and after.startswith(("}", "]")):
        return "remove the comma before it"
    for start, remedy in _COMMON_MISTAKES.items():
        if after.startswith(start):
            return remedy
    if not text.lstrip().startswith(("{", "[")):
        return "begin it with `{`; if it is YAML, name the file .yaml"
    return "correct this line, or the one before it"


def _read_tokens(text: str) -> Iterator[Token]:
    line, line_start = 1, 0
    for match in _TOKEN.finditer(text):
        mark = Mark(line, match.start() - line_start + 1)
        match match[0]:
            case "\n":
                line, line_start = line + 1, match.end()
            case "{":
                yield Token(TokenType.MAPPING, mark)
            case "[":
                yield Token(TokenType.LIST, mark)
            case "}" | "]":
                yield Token(TokenType.END, mark)
            case text_of_scalar:
                yield _read_scalar(text_of_scalar, mark)


def _read_scalar(text: str, mark: Mark) -> Token:
    is_too_long = len(text) > _LONGEST_NUMBER and text[0] != '"'
    value: Scalar = math.nan if is_too_long else json.loads(text)
    if isinstance(value, float) and not math.isfinite(value):
        finding = invalid_config(
            f"cannot read the number {text[:20]}", "write another number or a string"
        )
        return Token(TokenType.SCALAR, mark, None, (finding,))
    return Token(TokenType.SCALAR, mark, value)
