"""What the commands that change AWS have in common: from a plan to what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.errors import (
    Interrupted,
    PartlyDone,
    Refused,
    SfnctlError,
    Signalled,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_s3_cli.context import Context
    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.reconcile.outcome import Event, Outcome
    from sfn_s3_cli.reconcile.plan import Plan


def refuse_conflicts(plan: Plan) -> None:
    """Stops at what is not ours or cannot serve, all of it named at once."""
    if not plan.conflicts:
        return
    told = "; ".join(f"{each.address} {each.why}" for each in plan.conflicts)
    remedies = "; ".join(dict.fromkeys(each.remedy for each in plan.conflicts))
    in_config = all(each.in_config for each in plan.conflicts)
    raise (UsageError if in_config else Refused)(f"nothing was changed: {told}", remedies)


def confirm(
    context: Context, verb: str, plan: Plan, again: Callable[[], Plan], *, yes: bool
) -> None:
    """Shows a plan and returns when it may be carried out as it was shown."""
    if not plan.pending:
        return
    context.view.announce(plan)
    if yes:
        return
    context.confirm(f"{verb} {context.pipeline.name}?")
    if again().fingerprint != plan.fingerprint:
        raise SfnctlError(
            "AWS has changed since the plan was shown; nothing was changed by this command",
            "run it again to see the plan of now",
        )


def carry_out(context: Context, verb: str, plan: Plan) -> None:
    """Applies a plan and shows what came of it."""
    from sfn_s3_cli.reconcile.apply import apply
    from sfn_s3_cli.reconcile.outcome import Outcome

    events: list[Event] = []
    signal: Signalled | None = None
    try:
        for event in apply(plan, context.aws):
            context.view.show_progress(event)
            events.append(event)
    except Signalled as raised:
        signal = raised
    name, touched = context.pipeline.name, context.aws.calls.may_have_changed
    outcome = Outcome(verb, name, plan, tuple(events), touched=touched)
    context.view.show(outcome)
    if error := _interrupted(outcome, signal) if signal else outcome.error():
        raise error


def _interrupted(outcome: Outcome, signal: Signalled) -> Interrupted:
    if not (outcome.open or outcome.failed or outcome.skipped):
        return Interrupted(signal, "interrupted when all of it was done")
    rest = f"{len(outcome.open)} of {len(outcome.plan.pending)} changes were not begun"
    return Interrupted(
        signal,
        f"interrupted: what was under way has ended, {rest}",
        f"run `sfnctl {outcome.verb}` again to finish",
    )


_LEFT = "see `sfnctl plan` for what is left, and run `sfnctl deploy` again"
# Seconds before each look: AWS's reads may lag behind its writes.
_LOOKS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


def check(context: Context, nodes: tuple[Node, ...]) -> None:
    """All is deployed; nothing that disturbs this last look makes that undone."""
    from sfn_s3_cli.aws.explain import explain

    try:
        _hold(context, nodes)
    except Signalled as signal:
        raise Interrupted(
            signal,
            "interrupted when all of it was done, and before what is shared was read again",
            "run `sfnctl plan` to see that nothing is missing",
        ) from None
    except Exception as error:
        if known := explain(error):
            raise PartlyDone(
                f"all is deployed, but what is shared could not be read again: {known}",
                known.remedy or "run `sfnctl plan` to see that nothing is missing",
            ) from error
        raise


def _hold(context: Context, nodes: tuple[Node, ...]) -> None:
    """Reads again what others change too, and sets right what they undid meanwhile.

    AWS has no way to write only if nobody else has written: of two that merge their part into the
    same setting at once, one may have read before the other wrote.
    """
    from sfn_s3_cli.reconcile.apply import apply
    from sfn_s3_cli.reconcile.outcome import Failed
    from sfn_s3_cli.reconcile.plan import Action

    for pause in _LOOKS:
        context.aws.pause(pause)
        plan = context.plan(nodes)
        lost = [each for each in plan.pending if each.action is Action.CREATE or each.is_slice]
        if not lost:
            return
        named = ", ".join(str(change.address) for change in lost)
        context.view.remark(f"Not there, or there no more: {named}; deployed again")
        for event in apply(plan, context.aws):
            context.view.show_progress(event)
            if isinstance(event, Failed):
                raise PartlyDone(f"{event.change.address}: {event.error}", _LEFT)
    raise PartlyDone(
        f"AWS does not show what was deployed, or others keep changing it: {named}",
        _LEFT,
    )
