"""Environment variables inside strings: `${VAR}`, `${VAR:-default}`, `${VAR:?message}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sfn_s3_cli.documents.document import Complaint
from sfn_s3_cli.documents.wording import SURROGATE

_REFERENCE = re.compile(
    r"\$(?P<escaped>\$)(?=\{)"
    r"|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::(?P<operator>[-?])(?P<word>[^}]*))?\}"
    r"|\$\{[^}]*\}?"
)


class Interpolated(str):
    """A string that holds the value of a variable; such a string may fill a number or a boolean."""

    __slots__ = ()


def interpolate(text: str, environ: Mapping[str, str]) -> tuple[str, list[Complaint]]:
    """The text with its references replaced, as Compose files do it, and what stood in the way.

    `:-` and `:?` treat an empty variable like an unset one. `$${` is a literal `${`. What was
    filled in is never looked at again.
    """
    complaints: list[Complaint] = []
    filled = False

    def replacement(reference: re.Match[str]) -> str:
        nonlocal filled
        if reference["escaped"]:
            return "$"
        filled = True
        match _value(reference, environ):
            case str(value):
                return value
            case Complaint() as complaint:
                complaints.append(complaint)
        return ""

    result = _REFERENCE.sub(replacement, text)
    return (Interpolated(result) if filled else result), complaints


def _value(reference: re.Match[str], environ: Mapping[str, str]) -> str | Complaint:
    name, operator, word = reference["name"], reference["operator"], reference["word"]
    if name is None:
        return Complaint(
            f"'{reference[0]}' is no reference to a variable",
            "write ${VAR}, ${VAR:-default} or ${VAR:?message}; $${ stands for a literal ${",
        )
    value = environ.get(name)
    if value is None or (operator and not value):
        if operator == "-":
            return str(word)
        state = "empty" if value == "" else "not set"
        reason = f": {word}" if word else ""
        return Complaint(
            f"the environment variable {name} is {state}{reason}",
            f"set it, or give it a default: ${{{name}:-default}}",
        )
    if SURROGATE.search(value):
        return Complaint(f"the environment variable {name} is not UTF-8")
    return value
