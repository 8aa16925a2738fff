"""The error that ends a command, with the problems behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.views import problems
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.errors import SfnctlError
    from sfn_s3_cli.json_types import JsonObject


def lines(error: SfnctlError) -> Iterator[Line]:
    yield from problems.short_lines(error.problems)
    yield Line(f"Error: {escape(error.message)}", "bold red")
    if error.remedy:
        yield Line(f"Hint: {escape(error.remedy)}")


def document(error: SfnctlError) -> JsonObject:
    """Omit the remedy and the problems where there are none."""
    document: JsonObject = {
        "type": "error",
        "message": error.message,
        "exit_code": int(error.exit_code),
    }
    if error.remedy:
        document["remedy"] = error.remedy
    if error.problems:
        document["problems"] = problems.documents(error.problems)
    return document
