"""`sfnctl teardown`: remove what deploy made, and only that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.commands.carrying import carry_out, confirm

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context


def teardown(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and stop.")] = False,
    purge: Annotated[
        bool, typer.Option("--purge", help="Also delete what holds data: objects, dead letters.")
    ] = False,
    stop_executions: Annotated[
        bool, typer.Option("--stop-executions", help="Stop the executions that still run.")
    ] = False,
) -> None:
    """Remove what deploy made, and only that.

    What still holds data or serves others is kept, and named with the reason.
    """
    context: Context = ctx.obj
    nodes = context.leftovers(stop_executions=stop_executions)
    plan = context.plan(nodes, purge=purge)
    if dry_run:
        context.view.show(plan)
        return
    confirm(context, "Tear down", plan, lambda: context.plan(nodes, purge=purge), yes=yes)
    carry_out(context, "teardown", plan)
