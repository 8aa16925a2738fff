"""After a deploy: looks again at what is shared, and restores what others undid meanwhile.

AWS has no conditional write for these settings. Of two deploys that merge their part into the same
setting at the same time, one may have read before the other wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.aws.explain import explain
from sfn_s3_cli.errors import Interrupted, PartlyDone, Signalled
from sfn_s3_cli.reconcile.apply import apply
from sfn_s3_cli.reconcile.outcome import Failed
from sfn_s3_cli.reconcile.proposal import plan_nodes
from sfn_s3_cli.resources.change import Action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.reconcile.outcome import Event
    from sfn_s3_cli.reconcile.plan import Plan
    from sfn_s3_cli.resources.change import Change

# Seconds before each look: AWS's reads may lag behind its writes.
_PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)

_DEPLOY_AGAIN = "see `sfnctl plan` for what is missing, and run `sfnctl deploy` again"
_PLAN_AGAIN = "run `sfnctl plan` to see whether anything is missing"


def settle(nodes: tuple[Node, ...], aws: Aws) -> Iterator[Event]:
    """Yields the events of whatever has to be deployed again; none when all is in place.

    Everything is deployed by now, so what disturbs this last look is PartlyDone or Interrupted.
    """
    try:
        yield from _settle(nodes, aws)
    except Signalled as signal:
        text = "interrupted after all changes were made, before the shared settings were checked"
        raise Interrupted(signal, text, _PLAN_AGAIN) from None
    except Exception as error:
        if known := explain(error):
            text = f"everything is deployed, but the shared settings could not be checked: {known}"
            raise PartlyDone(text, known.remedy or _PLAN_AGAIN) from error
        raise


def _settle(nodes: tuple[Node, ...], aws: Aws) -> Iterator[Event]:
    for pause in _PAUSES:
        aws.pause(pause)
        plan = plan_nodes(nodes, aws)
        lost = _find_lost(plan)
        if not lost:
            return
        if plan.conflicts:
            first = plan.conflicts[0]
            raise PartlyDone(f"{first.address} {first.reason.message}", first.reason.remedy)
        names = ", ".join(str(change.address) for change in lost)
        aws.notify(f"Missing, or removed since: {names}. Deploying again")
        for event in apply(plan, aws):
            yield event
            if isinstance(event, Failed):
                raise PartlyDone(f"{event.change.address}: {event.error}", _DEPLOY_AGAIN)
    text = f"AWS does not show what was deployed, or others keep changing it: {names}"
    raise PartlyDone(text, _DEPLOY_AGAIN)


def _find_lost(plan: Plan) -> list[Change]:
    return [each for each in plan.pending if each.action is Action.CREATE or each.is_slice]
