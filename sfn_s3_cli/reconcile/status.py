"""How a pipeline stands: each resource, the events that failed, the last executions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.reconcile.plan import Action, make_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.iam.names import Names
    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.reconcile.plan import Change, Conflict, Plan
    from sfn_s3_cli.resources.base import Address

SHOWN = 5


class Row(NamedTuple):
    """One resource: ok, drifted, missing, not ours, left over from an earlier config, or kept."""

    address: Address
    state: str
    detail: str = ""


@dataclass(frozen=True)
class Status:
    """`dead_letters` is None for a pipeline that does not keep them, `executions` for EXPRESS."""

    rows: tuple[Row, ...]
    dead_letters: int | None
    executions: tuple[Execution, ...] | None

    @property
    def differs(self) -> bool:
        return any(row.state not in {"ok", "kept"} for row in self.rows)


def look(nodes: tuple[Node, ...], aws: Aws, names: Names) -> Status:
    """Reads everything about a pipeline; changes nothing."""
    from sfn_s3_cli.executions.read import list_latest  # noqa: PLC0415  (these load boto3, views do not)
    from sfn_s3_cli.reconcile.observe import observe  # noqa: PLC0415
    from sfn_s3_cli.resources import queue  # noqa: PLC0415

    with ThreadPoolExecutor() as pool:
        dead_letters = pool.submit(queue.depth, aws, names.queue)
        executions = pool.submit(list_latest, aws.stepfunctions, names.state_machine_arn, SHOWN)
        plan = make_plan(nodes, observe(nodes, aws))
    return Status(rows(plan), dead_letters.result(), executions.result())


def rows(plan: Plan) -> tuple[Row, ...]:
    """The plan of a deploy, read as what is instead of what would be done."""
    conflicts = {conflict.address: conflict for conflict in plan.conflicts}
    found = (_row(change, conflicts) for change in sorted(plan.changes, key=lambda c: c.address))
    return tuple(row for row in found if row)


def _row(change: Change, conflicts: Mapping[Address, Conflict]) -> Row | None:
    address = change.address
    conflict = conflicts.get(address)
    if conflict and conflict.is_missing:
        return Row(address, "missing")
    if conflict:
        return Row(address, "not ours", conflict.why)
    match change.action:
        case Action.NOTHING:
            return Row(address, "ok") if change.desired else None
        case Action.CREATE:
            return Row(address, "missing")
        case Action.UPDATE:
            return Row(address, "drifted", ", ".join(field.path for field in change.fields))
        case Action.DELETE:
            return Row(address, "left over")
        case Action.KEEP:
            return Row(address, "kept", change.why)
