"""Step Functions: what an error of the JSONata engine means, without the words of Python."""

from __future__ import annotations

import json
import re

_CODE = re.compile(r"[A-Z]\d{4}: ")
_WORDED = re.compile(r"[A-Z]\d{4}: |\$\w+ ")
"""How the messages begin that are meant to be read."""
_OWN_WORDS = ("D3137", "D3141")
"""Of `$error` and `$assert`, whose message is the user's."""
_PYTHON: tuple[tuple[type[Exception], str], ...] = (
    (json.JSONDecodeError, "the argument of $parse is not valid JSON"),
    (TypeError, "a function or operator does not take a value of this type"),
    (ValueError, "a function or operator does not take this value"),
)
"""What the errors of Python mean in which the emulator's functions end."""


def describe_error(error: Exception) -> str:
    """What follows "threw an error during evaluation": a message with a code is a sentence.

    The package for JSONata writes `Object` where the messages of JSONata have `function`.
    """
    code = getattr(error, "error", None)
    message = _translate(
        f"{code}: {error}" if isinstance(code, str) and code else str(error), error
    )
    return f"{'. ' if _CODE.match(message) else ': '}{message}"


def _translate(message: str, error: Exception) -> str:
    if not _WORDED.match(message):
        known = (words for kind, words in _PYTHON if isinstance(error, kind))
        return next(known, "it cannot be evaluated")
    if message.startswith(_OWN_WORDS):
        return message
    message = re.sub(r"(Argument \d+ of) Object (\w+)", r'\1 function "\2"', message)
    return message.replace(" Object", " function")
