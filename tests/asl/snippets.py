"""One state to check a value in, and what is said about it as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH, State, root

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_s3_cli.documents.findings import Finding


def state(kind: str = "Task", language: str = JSONPATH) -> State:
    """The state 'Work' of a machine that has nothing else."""
    value = {"Type": kind}
    machine = root({"QueryLanguage": language, "States": {"Work": value}})
    return State("Work", value, ("States", "Work"), machine)


def jsonata_state(kind: str = "Task") -> State:
    return state(kind, JSONATA)


def place(*inside: str | int) -> tuple[str | int, ...]:
    return ("States", "Work", *inside)


def said(findings: Iterable[Finding]) -> str:
    """Each in a line, with its place below the state and its remedy."""
    return "".join(
        f"{each.severity} {each.code} {'/'.join(map(str, each.path[2:]))}:"
        f" {each.message} ({each.remedy})\n"
        for each in findings
    )


def ids(findings: Iterable[Finding]) -> list[str]:
    return [each.code for each in findings]
