"""Reads the mock configuration file of AWS Step Functions Local.

https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.documents import json
from sfn_s3_cli.documents.files import read_text
from sfn_s3_cli.documents.findings import Finding, invalid_config
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sfn_s3_cli.documents.places import ValuePath
    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.local.testing.wire import Mocks

_RANGE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")


class _InvalidError(Exception):
    """The file does not say what it must."""


def read(path: Path, machine: str, test_case: str, place: ValuePath) -> tuple[Mocks, list[Finding]]:
    """The mocks of a test case, by state, and what is wrong; that is shown where the case names the
    file. A state machine that is the only one in the file may have any name."""
    try:
        document = json.parse(read_text(path), str(path)).value
        return dict(_list_mocks(document, machine, test_case)), []
    except ConfigError as error:
        [problem, *_] = error.problems
        return {}, [invalid_config(f"{problem.location}: {problem.message}", problem.remedy, place)]
    except _InvalidError as error:
        return {}, [invalid_config(f"{path}: {error}", "", place)]


def _list_mocks(
    document: Any, machine: str, test_case: str
) -> Iterator[tuple[str, list[JsonObject]]]:
    machines = _get(document, "StateMachines")
    name = next(iter(machines)) if len(machines) == 1 else machine
    responses = _get(document, "MockedResponses")
    for state, response in _get(machines, name, "TestCases", test_case).items():
        yield state, [*_list_answers(_get(responses, str(response)), str(response))]


def _list_answers(response: JsonObject, name: str) -> Iterator[JsonObject]:
    """An answer for each invocation; `0-2` stands for three of them."""
    expected = 0
    for key, answer in response.items():
        numbers = _RANGE.fullmatch(key)
        if numbers is None or int(numbers[1]) != expected:
            raise _InvalidError(f"{name!r} has {describe(key)} where the number {expected} follows")
        last = int(numbers[2] or numbers[1])
        for _ in range(expected, last + 1):
            yield _convert(answer, name)
        expected = max(expected, last) + 1


def _convert(answer: object, name: str) -> JsonObject:
    match answer:
        case {"Return": value}:
            return {"return": value}
        case {"Throw": {"Error": str(error), **rest}}:
            return {"throw": {"error": error, "cause": str(rest.get("Cause", ""))}}
    raise _InvalidError(f"an answer of {name!r} has neither `Return` nor `Throw` with an `Error`")


def _get(value: Any, *names: str) -> JsonObject:
    """The mapping inside mappings."""
    for name in names:
        if not isinstance(value, dict) or name not in value:
            hint = suggest(name, value) if isinstance(value, dict) else ""
            raise _InvalidError(f"there is no {describe(name)}" + (f": {hint}" if hint else ""))
        value = value[name]
    if not isinstance(value, dict):
        raise _InvalidError(f"{describe(names[-1])} is not a mapping")
    found: JsonObject = value
    return found
