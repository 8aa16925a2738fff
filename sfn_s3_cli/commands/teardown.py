"""`sfnctl teardown`: remove what deploy created, and nothing else."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.commands.candidates import list_pipelines
from sfn_s3_cli.run_plan import carry_out, confirm, confirm_purge, refuse_purge

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context

PIPELINE = "A pipeline that was deployed from this config under another name."
PURGE_BUCKET = "Also delete this bucket's objects, even if it was adopted; may be repeated."


def teardown(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not prompt.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and exit.")] = False,
    purge: Annotated[
        bool, typer.Option("--purge", help="Also delete what holds data: objects and dead letters.")
    ] = False,
    purge_bucket: Annotated[
        list[str] | None, typer.Option(metavar="BUCKET", help=PURGE_BUCKET)
    ] = None,
    stop_executions: Annotated[
        bool, typer.Option("--stop-executions", help="Stop the running executions.")
    ] = False,
    pipeline: Annotated[
        str | None, typer.Option(metavar="NAME", help=PIPELINE, autocompletion=list_pipelines)
    ] = None,
) -> None:
    """Remove what deploy created, and nothing else.

    Keeps what holds data or is used by others, and says why. With --purge, it shows how much data
    it deletes, and asks for the name of each bucket that existed before sfnctl.
    """
    from sfn_s3_cli.reconcile.desired import unwant, wiring
    from sfn_s3_cli.reconcile.forgotten import plan_teardown
    from sfn_s3_cli.resources.base import Removal

    context: Context = ctx.obj
    context.choose_pipeline(pipeline)
    nodes = unwant(wiring(context.pipeline, {}, context.place))
    removal = Removal(purge, frozenset(purge_bucket or ()), stop_executions)
    refuse_purge(nodes, removal)
    make_plan = partial(plan_teardown, nodes, context.aws, removal)
    plan = make_plan()
    if pipeline and not plan.has_anything_of(pipeline):
        place = context.place
        context.view.remark(
            f"Note: account {place.account} has nothing of a pipeline {pipeline} in {place.region}:"
            " check the name, unless it was torn down before"
        )
    if dry_run:
        context.view.show_plan(plan, None)
        return
    if not plan.pending:
        for note in plan.notes:
            context.view.remark(note.message)
    plan = confirm(context, "Tear down", plan, make_plan, yes=yes)
    confirm_purge(context, plan, removal, yes=yes)
    carry_out(context, "teardown", plan, removal)
