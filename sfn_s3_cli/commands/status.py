"""`sfnctl status`: show the state of the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.errors import ExitCode

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context


def status(
    ctx: typer.Context,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 3 if anything differs from the config.")
    ] = False,
) -> None:
    """Show the state of the pipeline.

    Each resource is ok, drifted, missing, not ours, unusable, left over or kept. Then come notes,
    such as a disabled trigger or a trail that cannot write, the number of dead letters (events that
    could not start an execution) with the reasons of up to 50 of them, and the latest executions.
    """
    from sfn_s3_cli.reconcile.status import read_status

    context: Context = ctx.obj
    definition, names = context.offline_result.document.value, context.names
    status = read_status(context.pipeline, definition, context.aws, names)
    context.view.show(status)
    if exit_code and status.differs:
        raise typer.Exit(ExitCode.DIFFERENCES)
