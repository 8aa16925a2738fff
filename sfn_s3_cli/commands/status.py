"""`sfnctl status`: how the pipeline stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.errors import ExitCode

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context


def status(
    ctx: typer.Context,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 3 when something is not as it should be.")
    ] = False,
) -> None:
    """Show how the pipeline stands.

    Each resource is ok, drifted, missing, not ours or left over; then come the number of events
    that could not start an execution, and the last executions.
    """
    from sfn_s3_cli.reconcile.status import look

    context: Context = ctx.obj
    report = look(context.wiring(), context.aws, context.names)
    context.view.show(report)
    if exit_code and report.differs:
        raise typer.Exit(ExitCode.DIFFERENCES)
