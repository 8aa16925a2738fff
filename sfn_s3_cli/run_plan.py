"""The one way to propose, refuse, confirm and carry out a plan, for every command that has one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sfn_s3_cli.clock import format_minute
from sfn_s3_cli.errors import (
    Interrupted,
    SfnctlError,
    Signalled,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sfn_s3_cli.context import Context
    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.reconcile.outcome import Event, Outcome
    from sfn_s3_cli.reconcile.plan import Plan
    from sfn_s3_cli.reconcile.proposal import Proposal
    from sfn_s3_cli.resources.base import Removal
    from sfn_s3_cli.views.detail import Detail


def propose_deploy(context: Context, *, adopt: bool, is_first: bool = True) -> Proposal:
    """The plan of a deploy; ConfigError if the config has errors, or AWS refuses it.

    Shows the warnings about config and definition, once in a run.
    """
    from sfn_s3_cli.reconcile.proposal import propose

    offline = context.offline_result
    offline.raise_for_errors()
    if is_first and offline.problems:
        context.view.warn(offline.problems)
    return propose(context.pipeline, offline, context.aws, context.place, adopt=adopt)


def confirm(
    context: Context,
    verb: str,
    plan: Plan,
    replan: Callable[[], Plan],
    *,
    yes: bool,
    detail: Detail | None = None,
) -> Plan:
    """Shows a plan and returns it if it may be carried out as shown, with the moments of now.

    Of a plan without changes, it shows only the warnings.
    """
    if not plan.pending:
        for note in plan.notes:
            if note.type.is_warning:
                context.view.remark(f"Warning: {note.message}\n    {note.remedy}".rstrip())
        return plan
    context.view.announce(plan, detail)
    if yes:
        return plan
    context.confirm(f"{verb} {context.pipeline.name}?")
    again = replan()
    if again.fingerprint != plan.fingerprint:
        raise SfnctlError(
            "AWS has changed since the plan was shown; this command changed nothing",
            "run it again to see the new plan",
        )
    return again


def refuse_purge(nodes: tuple[Node, ...], removal: Removal) -> None:
    """UsageError for the name of a bucket that a teardown does not remove."""
    buckets = {node.resource.name: node.resource for node in nodes if node.resource.is_bucket}
    for name in sorted(removal.purge_buckets):
        if name not in buckets or buckets[name].owner is None:
            raise UsageError(
                f"--purge-bucket {name}: teardown does not remove this bucket, because the config"
                " does not let sfnctl create it",
                "name the config's bucket, if it has `create: true`",
            )


def confirm_purge(context: Context, plan: Plan, removal: Removal, *, yes: bool) -> None:
    """Asks for the name of each adopted bucket that is deleted with its objects.

    UsageError with `yes`, if an option does not name it.
    """
    for change in plan.pending:
        found = change.observed
        if not found or not found.holds or found.adopted is None or not found.resource.is_bucket:
            continue
        name = change.address.name
        if name in removal.purge_buckets:
            continue
        what = f"{change.address} was adopted on {found.adopted}; {found.holds.message}"
        if yes:
            raise UsageError(
                f"{what}; --purge alone does not delete it",
                f"add --purge-bucket {name}, or leave out --yes to be asked",
            )
        context.confirm(f"{what}. Delete it with everything in it?", name)


def carry_out(
    context: Context,
    verb: str,
    plan: Plan,
    removal: Removal | None = None,
    *,
    is_waited_for: bool = False,
    wiring: tuple[Node, ...] = (),
) -> None:
    """Applies a plan and shows the result, with the outputs of what the config asks for."""
    from sfn_s3_cli.reconcile.apply import apply
    from sfn_s3_cli.reconcile.outcome import Outcome
    from sfn_s3_cli.reconcile.outputs import list_outputs

    events: list[Event] = []
    signal: Signalled | None = None
    try:
        for event in apply(plan, context.aws, removal):
            context.view.show_progress(event)
            events.append(event)
    except Signalled as raised:
        signal = raised
    name, touched = context.pipeline.name, context.aws.calls.may_have_changed
    outcome = Outcome(verb, name, plan, tuple(events), is_waited_for=is_waited_for, touched=touched)
    if wiring:
        outputs = list_outputs(wiring, outcome.existing, context.aws)
        outcome = replace(outcome, outputs=outputs)
    context.view.show(outcome)
    if error := _interrupted(outcome, signal) if signal else outcome.error():
        raise error


def wait_until(context: Context, moment: datetime) -> None:
    """Waits for what a deploy has kept until a known time."""
    text, aws = format_minute(moment), context.aws
    context.view.remark(f"Waiting until {text}, to remove what is kept until then")
    try:
        while (left := (moment - aws.now()).total_seconds()) > 0:
            aws.pause(left)
    except Signalled as signal:
        raise Interrupted(
            signal,
            f"interrupted after all changes were made, while waiting until {text}",
            "run `sfnctl deploy` after that to remove what is kept until then",
        ) from None


def _interrupted(outcome: Outcome, signal: Signalled) -> Interrupted:
    if not (outcome.open or outcome.failed or outcome.skipped):
        return Interrupted(signal, "interrupted after all changes were made")
    rest = f"{len(outcome.open)} of {len(outcome.plan.pending)} changes did not begin"
    return Interrupted(
        signal,
        f"interrupted: the changes in progress have ended, {rest}",
        f"run `sfnctl {outcome.verb}` again to finish",
    )
