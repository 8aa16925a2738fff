"""The names of the exceptions of Lambda functions."""

from __future__ import annotations

import pytest

from sfn_s3_cli.local.repairs.functions import find_class

TRACEBACK = 'Traceback (most recent call last):\n  File "handler.py", line 1, in handle\n    x\n'


@pytest.mark.parametrize(
    ("log", "message", "name"),
    [
        (f"{TRACEBACK}ValueError: no", "no", "ValueError"),
        (f"{TRACEBACK}handler.NotText: no\nmore", "no\nmore", "NotText"),
        (f"{TRACEBACK}handler.NotText", "", "NotText"),
        (f"{TRACEBACK}handler.Outer.Inner: a: b (c)", "a: b (c)", "Inner"),
        (
            f"handler.Other: no\n{TRACEBACK}KeyError: 'no'\n\n{TRACEBACK}handler.Last: no",
            "no",
            "Last",
        ),
        ("NotText: no\n    at handle (index.js:1:1)", "no", "NotText"),
        ("no such module", "no", ""),
        ("", "", ""),
    ],
)
def test_an_exception_has_the_name_of_its_class(log: str, message: str, name: str) -> None:
    assert find_class(log, message) == name
