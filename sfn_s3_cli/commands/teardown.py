"""`sfnctl teardown`: remove what deploy created, and nothing else."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.run_plan import carry_out, confirm

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
    from sfn_s3_cli.reconcile.desired import unwant, wiring
    from sfn_s3_cli.reconcile.proposal import plan_nodes
    from sfn_s3_cli.resources.base import Removal

    context: Context = ctx.obj
    nodes = unwant(wiring(context.pipeline, {}, context.place))
    make_plan = partial(plan_nodes, nodes, context.aws, purge=purge)
    plan = make_plan()
    if dry_run:
        context.view.show_plan(plan, None)
        return
    plan = confirm(context, "Tear down", plan, make_plan, yes=yes)
    carry_out(context, "teardown", plan, Removal(purge, stop_executions))
