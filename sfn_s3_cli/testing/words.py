"""Puts the results of test cases into words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.counts import Count

if TYPE_CHECKING:
    from sfn_s3_cli.local.testing.wire import Failure

_LONGEST = 200
"""Characters of a value in a message."""
_S3 = ":aws-sdk:s3:"


def write_value(value: object) -> str:
    """Writes a value as JSON, or the word for none."""
    word = getattr(value, "value", None)
    text = str(word) if word is not None else json.dumps(value, ensure_ascii=False)
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text


def explain_difference(where: str, expected: object, found: object, note: str) -> str:
    """Says in one line what is different."""
    if note and where == "path":
        return f"path: {note}"
    text = f"{where}: expected {write_value(expected)}, found {write_value(found)}"
    return f"{text} ({note})" if note else text


def explain_failure(failure: Failure) -> tuple[str, str]:
    """Says why a case could not be run to its end, and what to do about it."""
    code, facts = failure["code"], _collect(failure)
    message, remedy = _WORDS[code]
    if code in {"NO_MOCK", "NO_ITEMS"} and _S3 in facts["resource"].replace(":::s3:", _S3):
        remedy = f"{remedy}, or give the object a `body` or a `file`"
    return message.format(**facts), remedy.format(**facts)


def _collect(failure: Failure) -> dict[str, Any]:
    names = [*failure.get("inside", ()), failure.get("state", "")]
    count = failure.get("count", 0)
    return {
        "state": repr(names[-1]) + "".join(f" in {each!r}" for each in names[-2::-1]),
        "key": write_key(names[-1]),
        "resource": failure.get("resource", ""),
        "count": f"{Count(count):answer}",
        "message": failure.get("message", ""),
    }


def write_key(name: str) -> str:
    """Writes the name of a state as a key of YAML, in quotes if it needs them."""
    is_plain = re.fullmatch(r"(?!(?i:true|false|null)$)[A-Za-z]([\w -]*\w)?", name)
    return name if is_plain else json.dumps(name)


_WORDS = {
    "NO_MOCK": (
        "the state {state} calls {resource}, which has no mock",
        "write `mocks: {{{key}: {{return: ...}}}}`",
    ),
    "NO_ITEMS": (
        "the state {state} reads its items with {resource}, which has no mock",
        "write `mocks: {{{key}: {{return: [...]}}}}`",
    ),
    "NO_LIST": (
        "the mock of the state {state} does not return a list of items",
        "write `mocks: {{{key}: {{return: [...]}}}}`",
    ),
    "NO_ANSWER": (
        "the state {state} waits for its task token, and nothing answers",
        "write `answers: {{{key}: {{return: ...}}}}`",
    ),
    "MOCKS_USED_UP": (
        "the state {state} makes another call, but its list of mocks has only {count}",
        "add an entry, or write one mock without a list, which answers every call",
    ),
    "ANSWERS_USED_UP": (
        "the state {state} waits for another token, but its list of answers has only {count}",
        "add an entry, or write one answer without a list",
    ),
    "BAD_PYTHON": ("the mock of the state {state} does not work: {message}", "correct the file"),
    "GAP": (
        "the embedded cloud cannot run this as AWS would: {message}",
        "write it in another way, or test it on AWS",
    ),
    "ENDED": (
        "the interpreter ended before the case did ({message})",
        "look for a mock in Python that ends the process, of this case or one that ran beside it",
    ),
    "UNEXPECTED": ("unexpected error in the interpreter: {message}", "report it"),
}
