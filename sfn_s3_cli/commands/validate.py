"""`sfnctl validate`: is the config right? Asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context


def validate(ctx: typer.Context) -> None:
    """Check the config and the definition, offline."""
    from sfn_s3_cli import validation

    context: Context = ctx.obj
    context.view.show(validation.validate(context.options.config, context.pipeline))
