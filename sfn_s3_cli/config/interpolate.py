"""Replaces environment variables in strings: `${VAR}`, `${VAR:-default}`, `${VAR:?message}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sfn_s3_cli.documents.findings import Finding, invalid_config
from sfn_s3_cli.documents.wording import SURROGATE

_REFERENCE = re.compile(
    r"\$(?P<escaped>\$)(?=\{)"
    r"|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::(?P<operator>[-?])(?P<word>[^}]*))?\}"
    r"|\$\{[^}]*\}?"
)


class Interpolated(str):
    """A string that contains the value of a variable; it may become a number or a boolean."""

    __slots__ = ()


def interpolate(text: str, environ: Mapping[str, str]) -> tuple[str, list[Finding]]:
    """Replaces the references in a text, as Compose files do, and says which ones it cannot.

    `:-` and `:?` treat an empty variable like an unset one. `$${` is a literal `${`. Values are
    not interpolated again.
    """
    findings: list[Finding] = []
    is_interpolated = False

    def replace(reference: re.Match[str]) -> str:
        nonlocal is_interpolated
        if reference["escaped"]:
            return "$"
        is_interpolated = True
        value = _evaluate(reference, environ)
        if isinstance(value, Finding):
            findings.append(value)
            return ""
        return value

    result = _REFERENCE.sub(replace, text)
    return (Interpolated(result) if is_interpolated else result), findings


def _evaluate(reference: re.Match[str], environ: Mapping[str, str]) -> str | Finding:
    name, operator, word = reference["name"], reference["operator"], reference["word"]
    if name is None:
        return invalid_config(
            f"'{reference[0]}' is not a valid reference to a variable",
            "write ${VAR}, ${VAR:-default} or ${VAR:?message}; $${ is a literal ${",
        )
    value = environ.get(name)
    if value is None or (operator and not value):
        if operator == "-":
            return str(word)
        state = "empty" if value == "" else "not set"
        reason = f": {word}" if word else ""
        return invalid_config(
            f"the environment variable {name} is {state}{reason}",
            f"set it, or give it a default: ${{{name}:-default}}",
        )
    if SURROGATE.search(value):
        return invalid_config(f"the environment variable {name} is not UTF-8")
    return value
