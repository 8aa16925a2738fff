"""`sfnctl deploy`: make AWS match the config."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sfn_s3_cli.errors import PartlyDone, UsageError
from sfn_s3_cli.run_plan import (
    carry_out,
    confirm,
    propose_deploy,
    wait_until,
)
from sfn_s3_cli.views.detail import Detail

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context
    from sfn_s3_cli.reconcile.plan import Plan
    from sfn_s3_cli.reconcile.proposal import Proposal

WAIT = "If anything is kept until a known time, wait until then and remove it."
ADOPT = "Adopt existing resources that have this pipeline's names but no sfnctl tags."

DETAIL = "How much of each new resource to show. Default: full on a terminal, otherwise summary."
DetailOption = Annotated[
    Detail | None,
    typer.Option("--detail", help=DETAIL, show_default=False),
]


def fingerprint(text: str) -> str:
    """Parse the value of --expect."""
    if not re.fullmatch("[0-9a-f]{12}", text):
        raise typer.BadParameter(
            f"expected the 12 digits and letters that `sfnctl plan` prints, got {text!r}"
        )
    return text


class _How(NamedTuple):
    """What the user asked of a deploy, besides --yes."""

    adopt: bool
    wait: bool
    detail: Detail | None


def deploy(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not prompt.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and exit.")] = False,
    adopt: Annotated[bool, typer.Option("--adopt", help=ADOPT)] = False,
    expect: Annotated[
        str | None,
        typer.Option(
            metavar="FINGERPRINT",
            parser=fingerprint,
            help="Apply only the plan with this fingerprint.",
        ),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help=WAIT)] = False,
    detail: DetailOption = None,
) -> None:
    """Make AWS match the config.

    When the event source changes, the old one stays for some minutes, so that no upload is lost.
    The next deploy removes it.
    """
    from sfn_s3_cli.reconcile.plan import refuse_conflicts

    context: Context = ctx.obj
    proposal = propose_deploy(context, adopt=adopt)
    refuse_conflicts(proposal.plan)
    _check_fingerprint(context, proposal.plan, expect)
    if dry_run:
        context.view.show_plan(proposal.plan, detail)
        return
    how = _How(adopt=adopt, wait=wait, detail=detail)
    _carry_out(context, proposal, how, yes=yes)
    while wait and (moment := proposal.plan.again_after):
        wait_until(context, moment)
        proposal = propose_deploy(context, adopt=adopt, is_first=False)
        refuse_conflicts(proposal.plan, is_first=False)
        is_new = proposal.plan.has_to_be_reviewed
        if is_new and expect:
            raise PartlyDone(
                "what was kept could not be removed: more than that has changed meanwhile",
                "review `sfnctl plan`, and deploy again",
            )
        _carry_out(context, proposal, how, yes=yes or not is_new)


def _check_fingerprint(context: Context, plan: Plan, expected: str | None) -> None:
    """A plan without anything to review needs no review: so a deploy may be run again."""
    if expected is None or expected == plan.fingerprint:
        return
    if plan.has_to_be_reviewed:
        raise UsageError(
            f"the plan has fingerprint {plan.fingerprint}, not {expected}",
            "AWS or the config has changed since: review `sfnctl plan` again",
        )
    context.view.remark(
        f"Note: Plan {expected} was applied already, or is not of this config: nothing is left to"
        " review."
    )


def _carry_out(context: Context, proposal: Proposal, how: _How, *, yes: bool) -> None:
    from sfn_s3_cli.reconcile.desired import select_shared
    from sfn_s3_cli.reconcile.proposal import plan_nodes
    from sfn_s3_cli.reconcile.settle import settle

    plan = proposal.plan
    replan = partial(plan_nodes, proposal.wiring, context.aws, adopt=how.adopt)
    plan = confirm(context, "Deploy", plan, replan, yes=yes, detail=how.detail)
    carry_out(context, "deploy", plan, is_waited_for=how.wait, wiring=proposal.wiring)
    if plan.pending:
        for event in settle(select_shared(proposal.nodes), context.aws):
            context.view.show_progress(event)
