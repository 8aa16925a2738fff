"""`sfnctl deploy`: make AWS match the config."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.run_plan import carry_out, confirm, propose_deploy, refuse_conflicts

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context

ADOPT = "Adopt existing resources that have this pipeline's names but no sfnctl tags."


def deploy(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not prompt.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and exit.")] = False,
    adopt: Annotated[bool, typer.Option("--adopt", help=ADOPT)] = False,
    expect: Annotated[
        str | None,
        typer.Option(metavar="FINGERPRINT", help="Apply only the plan with this fingerprint."),
    ] = None,
) -> None:
    """Make AWS match the config."""
    from sfn_s3_cli.reconcile.desired import select_shared
    from sfn_s3_cli.reconcile.proposal import plan_nodes
    from sfn_s3_cli.reconcile.settle import settle

    context: Context = ctx.obj
    nodes, plan = propose_deploy(context, adopt=adopt)
    refuse_conflicts(plan)
    if expect and expect != plan.fingerprint:
        raise UsageError(
            f"the plan has fingerprint {plan.fingerprint}, not {expect}",
            "AWS or the config has changed since: review `sfnctl plan` again",
        )
    if dry_run:
        context.view.show(plan)
        return
    replan = partial(plan_nodes, nodes, context.aws, adopt=adopt)
    confirm(context, "Deploy", plan, replan, yes=yes)
    carry_out(context, "deploy", plan)
    if plan.pending:
        for event in settle(select_shared(nodes), context.aws):
            context.view.show_progress(event)
