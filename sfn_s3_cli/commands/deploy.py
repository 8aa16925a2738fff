"""`sfnctl deploy`: make AWS match the config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.commands.carrying import carry_out, check, confirm, refuse_conflicts
from sfn_s3_cli.errors import UsageError

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
    from sfn_s3_cli.reconcile.desired import shared

    context: Context = ctx.obj
    nodes = context.sound_wiring()
    plan = context.checked_plan(nodes, adopt=adopt)
    refuse_conflicts(plan)
    if expect and expect != plan.fingerprint:
        raise UsageError(
            f"the plan has fingerprint {plan.fingerprint}, not {expect}",
            "AWS or the config has changed since: review `sfnctl plan` again",
        )
    if dry_run:
        context.view.show(plan)
        return
    confirm(context, "Deploy", plan, lambda: context.plan(nodes, adopt=adopt), yes=yes)
    carry_out(context, "deploy", plan)
    if plan.pending:
        check(context, shared(nodes))
