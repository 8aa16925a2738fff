"""CloudWatch Logs: filter patterns for JSON, such as `{ $.type = "Execution*" }`.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

_MEMBER = r"\$((?:\.\w+)+)"
_TOKEN = re.compile(rf'\s*(?:(&&|\|\||[()])|{_MEMBER}\s*(!?=)\s*"([^"]*)")')

Test = Callable[[Any], bool]


def parse_pattern(pattern: str) -> Test:
    """The test that a pattern describes: members compared with strings, `&&`, `||`, parentheses.

    ValueError for any other pattern.
    """
    body = pattern.strip()
    if not (body.startswith("{") and body.endswith("}")):
        raise ValueError(pattern)
    tokens = _split(body[1:-1].strip())
    test = _parse_any(tokens)
    if tokens:
        raise ValueError(pattern)
    return test


def _split(text: str) -> list[str | Test]:
    tokens: list[str | Test] = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise ValueError(text)
        sign, path, operator, wanted = found.groups()
        tokens.append(sign or _compare(path.split(".")[1:], operator, wanted))
        position = found.end()
    return tokens


def _compare(path: list[str], operator: str, wanted: str) -> Test:
    """A `*` stands for any characters; a member that is missing equals nothing."""
    glob = wanted.replace("[", "[[]").replace("?", "[?]")

    def test(document: Any) -> bool:
        for name in path:
            document = document.get(name) if isinstance(document, dict) else None
        if not isinstance(document, str):
            return False
        return fnmatchcase(document, glob) is (operator == "=")

    return test


def _parse_any(tokens: list[str | Test]) -> Test:
    tests = [_parse_all(tokens)]
    while tokens and tokens[0] == "||":
        tokens.pop(0)
        tests.append(_parse_all(tokens))
    return lambda document: any(test(document) for test in tests)


def _parse_all(tokens: list[str | Test]) -> Test:
    tests = [_parse_one(tokens)]
    while tokens and tokens[0] == "&&":
        tokens.pop(0)
        tests.append(_parse_one(tokens))
    return lambda document: all(test(document) for test in tests)


def _parse_one(tokens: list[str | Test]) -> Test:
    match tokens[:1]:
        case ["("]:
            tokens.pop(0)
            test = _parse_any(tokens)
            if tokens[:1] != [")"]:
                raise ValueError(tokens)
            tokens.pop(0)
            return test
        case [str() as sign]:
            raise ValueError(sign)
        case [test]:
            tokens.pop(0)
            return test
    raise ValueError(tokens)
