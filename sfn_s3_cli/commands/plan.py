"""`sfnctl plan`: show what deploy would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.commands.deploy import ADOPT, DetailOption
from sfn_s3_cli.errors import ExitCode
from sfn_s3_cli.run_plan import propose_deploy

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context


def plan(
    ctx: typer.Context,
    adopt: Annotated[bool, typer.Option("--adopt", help=ADOPT)] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 3 if there are differences.")
    ] = False,
    detail: DetailOption = None,
) -> None:
    """Show what deploy would change, field by field."""
    from sfn_s3_cli.reconcile.plan import refuse_conflicts

    context: Context = ctx.obj
    plan = propose_deploy(context, adopt=adopt).plan
    context.view.show_plan(plan, detail)
    refuse_conflicts(plan)
    if exit_code and plan.differs:
        raise typer.Exit(ExitCode.DIFFERENCES)
