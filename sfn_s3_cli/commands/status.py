"""`sfnctl status`: show the state of the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context

EXIT_CODE = (
    "Exit with 3 if anything differs from the config, or a dead letter is not just a duplicate or"
    " cannot be read."
)
STRICT = "With --exit-code, also count what others added, such as a policy attached to a role."


def status(
    ctx: typer.Context,
    exit_code: Annotated[bool, typer.Option("--exit-code", help=EXIT_CODE)] = False,
    strict: Annotated[bool, typer.Option("--strict", help=STRICT)] = False,
) -> None:
    """Show the state of the pipeline.

    Each resource is ok, drifted, missing, changed by others, not ours, unusable, left over or kept.
    Then come notes, such as a disabled trigger or a trail that cannot write, the number of dead
    letters (events that could not start an execution) with the age and the reasons of up to 50 of
    them, and the latest executions. In JSON, `outputs` has ARNs and URLs.
    """
    from sfn_s3_cli.reconcile.status import read_status

    if strict and not exit_code:
        raise UsageError("--strict changes only what --exit-code counts", "add --exit-code")
    context: Context = ctx.obj
    definition, names = context.offline_result.document.value, context.names
    status = read_status(context.pipeline, definition, context.aws, names)
    context.view.show(status)
    if exit_code and status.needs_care(strict=strict):
        raise typer.Exit(ExitCode.DIFFERENCES)
