"""`sfnctl schema`: print the JSON Schema of a file, or of an execution."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context


class Schema(StrEnum):
    CONFIG = "config"
    EXECUTION = "execution"
    TEST = "test"


def schema(
    ctx: typer.Context,
    of: Annotated[
        Schema,
        typer.Argument(
            metavar="DOCUMENT",
            help="The config, a line of `watch-executions --output json`, or a test file.",
        ),
    ] = Schema.CONFIG,
) -> None:
    """Print the JSON Schema of a file, or of an execution."""
    context: Context = ctx.obj
    context.view.emit(json.dumps(_read_schema(of), indent=2))


def _read_schema(of: Schema) -> object:
    if of is Schema.CONFIG:
        from sfn_s3_cli.config import schema as config_schema

        return config_schema.json_schema()
    if of is Schema.TEST:
        from sfn_s3_cli.testing import schema as test_schema

        return test_schema.json_schema()
    from sfn_s3_cli.views import execution_schema

    return execution_schema.json_schema()
