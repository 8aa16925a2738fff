"""`sfnctl teardown`: remove what deploy created, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.commands.carrying import carry_out, confirm

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context


def teardown(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not prompt.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and exit.")] = False,
    purge: Annotated[
        bool, typer.Option("--purge", help="Also delete what holds data: objects and dead letters.")
    ] = False,
    stop_executions: Annotated[
        bool, typer.Option("--stop-executions", help="Stop the running executions.")
    ] = False,
) -> None:
    """Remove what deploy created, and nothing else.

    Keeps what holds data or is used by others, and says why.
    """
    context: Context = ctx.obj
    nodes = context.leftovers(stop_executions=stop_executions)
    plan = context.plan(nodes, purge=purge)
    if dry_run:
        context.view.show(plan)
        return
    confirm(context, "Tear down", plan, lambda: context.plan(nodes, purge=purge), yes=yes)
    carry_out(context, "teardown", plan)
