"""Chooses single cases: `FILE::NAME`, as pytest writes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_s3_cli.testing.runs import PlannedCase

_SEPARATOR = "::"


def find_file(argument: Path) -> Path:
    """The file of an argument, without the name of a case."""
    file, separator, _ = str(argument).partition(_SEPARATOR)
    return Path(file) if separator and not argument.exists() else argument


def choose(planned: Sequence[PlannedCase], arguments: Sequence[Path]) -> list[PlannedCase]:
    """The cases that the arguments name, or that are in files without a name behind them.

    UsageError if a file has no case of that name.
    """
    named = {each for each in arguments if find_file(each) != each}
    whole = [each for each in arguments if each not in named]
    single = {str(find_file(each)) for each in named}
    missing = named - {_join(each) for each in planned}
    if missing:
        wanted = min(missing)
        name = str(wanted).partition(_SEPARATOR)[2]
        raise UsageError(
            f"{find_file(wanted)} has no case with the name {name!r}",
            "see `sfnctl test` with the file alone",
        )
    return [
        each
        for each in planned
        if each.file not in single or _join(each) in named or _is_in(Path(each.file), whole)
    ]


def _join(planned: PlannedCase) -> Path:
    """Case and argument are compared as paths, because arguments are normalised as such."""
    return Path(f"{planned.file}{_SEPARATOR}{planned.case.name}")


def _is_in(file: Path, paths: Sequence[Path]) -> bool:
    return any(each in (file, file.parent) for each in paths)
