"""`sfnctl deploy`: make AWS match the config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.errors import Interrupted, Refused, SfnctlError, Signalled, UsageError

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context
    from sfn_s3_cli.plan import Plan

QUESTIONS = {"deploy": "Deploy", "teardown": "Tear down"}
ADOPT = "Take over resources of our names that belong to nobody's pipeline."


def deploy(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and stop.")] = False,
    adopt: Annotated[bool, typer.Option("--adopt", help=ADOPT)] = False,
    expect: Annotated[
        str | None, typer.Option(metavar="FINGERPRINT", help="Refuse to apply any other plan.")
    ] = None,
) -> None:
    """Make AWS match the config."""
    context: Context = ctx.obj
    plan = context.plan(context.wiring(), adopt=adopt)
    refuse_conflicts(plan)
    if expect and expect != plan.fingerprint:
        raise UsageError(
            f"the plan has fingerprint {plan.fingerprint}, not {expect}",
            "AWS or the config has changed since: review `sfnctl plan` again",
        )
    if dry_run:
        context.view.show(plan)
        return
    carry_out(context, "deploy", plan, yes=yes)


def carry_out(context: Context, verb: str, plan: Plan, *, yes: bool) -> None:
    """Announces a plan, asks, applies it and shows what came of it."""
    from sfn_s3_cli.apply import apply
    from sfn_s3_cli.outcome import Outcome

    name, events = context.pipeline.name, []
    interrupted: SfnctlError | None = None
    if plan.pending:
        context.view.announce(plan)
        context.confirm(f"{QUESTIONS[verb]} {name}?", yes=yes)
        try:
            for event in apply(plan, context.aws):
                context.view.progress(event)
                events.append(event)
        except Signalled as signal:
            interrupted = Interrupted(
                signal,
                "interrupted: the changes under way were finished, the rest was not begun",
                f"run `sfnctl {verb}` again to finish",
            )
    outcome = Outcome(verb, name, plan, tuple(events), touched=context.aws.changed)
    context.view.show(outcome)
    if error := interrupted or outcome.error():
        raise error


def refuse_conflicts(plan: Plan) -> None:
    """Stops at what is not ours or not there, all of it named at once."""
    conflicts = plan.conflicts
    if not conflicts:
        return
    told = "; ".join(f"{each.address} {each.why}" for each in conflicts)
    if any(each.missing for each in conflicts):
        raise UsageError(
            f"nothing was changed: {told}",
            "create the bucket, or let sfnctl make it: `bucket: {name: ..., create: true}`",
        )
    adoptable = not all(each.owner for each in conflicts)
    remedy = ", or take over what lacks the tags with --adopt" if adoptable else ""
    raise Refused(f"nothing was changed: {told}", f"choose another name{remedy}")
