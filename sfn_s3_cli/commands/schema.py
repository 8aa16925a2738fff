"""`sfnctl schema`: print the JSON Schema of the config file, for editors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context


def schema(ctx: typer.Context) -> None:
    """Print the JSON Schema of the config file."""
    from sfn_s3_cli.config.schema import json_schema

    context: Context = ctx.obj
    context.view.emit(json.dumps(json_schema(), indent=2))
