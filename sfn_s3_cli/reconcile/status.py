"""The state of a pipeline: each resource, the dead letters, the last executions, the outputs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws.pool import open_pool
from sfn_s3_cli.executions.latest import read_latest
from sfn_s3_cli.reconcile import desired
from sfn_s3_cli.reconcile.forgotten import add_forgotten, find_in_account
from sfn_s3_cli.reconcile.outputs import list_outputs
from sfn_s3_cli.reconcile.plan import OWNED_BY_OTHERS
from sfn_s3_cli.reconcile.proposal import plan_config
from sfn_s3_cli.resources.change import OWN_TAGS, Action
from sfn_s3_cli.resources.dead_letters import read_dead_letters
from sfn_s3_cli.resources.other_trails import find_loggers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.executions.latest import LatestExecutions
    from sfn_s3_cli.iam.names import Names
    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.reconcile.plan import Conflict, Plan
    from sfn_s3_cli.resources.base import Address
    from sfn_s3_cli.resources.change import Change
    from sfn_s3_cli.resources.dead_letters import DeadLetters
    from sfn_s3_cli.resources.reasons import Reason

SHOWN_EXECUTIONS = 5
_THREADS = 4


class StateName(StrEnum):
    """The state of one resource."""

    OK = "ok"
    DRIFTED = "drifted"
    MISSING = "missing"
    CHANGED_BY_OTHERS = "changed by others"
    """As the config wants it, with additions of others, which a deploy leaves as they are."""
    NOT_OURS = "not ours"
    UNUSABLE = "unusable"
    """It is there, or it could be made, but it cannot serve the pipeline as it is."""
    LEFT_OVER = "left over"
    """Ours, and no longer in the config."""
    KEPT = "kept"
    """Left over, and kept for a reason."""


class ResourceState(NamedTuple):
    """One resource: its state, why it is not ours or kept, the fields that drifted, and what others
    added, whatever its state."""

    address: Address
    state: StateName
    reason: Reason | None = None
    fields: tuple[str, ...] = ()
    additions: Reason | None = None


_HEALTHY = {StateName.OK, StateName.CHANGED_BY_OTHERS, StateName.KEPT}
_PRESENT = _HEALTHY | {StateName.DRIFTED}


@dataclass(frozen=True)
class Status:
    """`dead_letters` is None for a pipeline without a queue, `executions` for an EXPRESS one that
    does not log them."""

    resources: tuple[ResourceState, ...]
    again_after: datetime | None
    """When a deploy can remove all that is kept until a known time."""
    dead_letters: DeadLetters | None
    executions: LatestExecutions | None
    outputs: Mapping[str, str]
    """What scripts need to know of what is there."""
    notes: tuple[Reason, ...] = ()
    """What is worth knowing although nothing differs."""

    def needs_care(self, *, strict: bool) -> bool:
        """Whether AWS differs from the config, or events may be lost.

        Additions of others count only if it is strict: organizations attach policies by rule.
        """
        if strict and any(each.additions for each in self.resources):
            return True
        differs = any(each.state not in _HEALTHY for each in self.resources)
        return differs or bool(self.dead_letters and self.dead_letters.needs_care)


def read_status(pipeline: Pipeline, definition: JsonObject, aws: Aws, names: Names) -> Status:
    """Reads everything about a pipeline; changes nothing."""
    with open_pool(_THREADS, "status") as pool:
        dead_letters = pool.submit(read_dead_letters, aws, names.queue)
        executions = pool.submit(read_latest, aws, names, pipeline.state_machine, SHOWN_EXECUTIONS)
        loggers = pool.submit(find_loggers, aws, pipeline)
        nodes = desired.wiring(pipeline, definition, names.place)
        forgotten = pool.submit(find_in_account, nodes, aws)
        wiring, _, plan = plan_config(pipeline, definition, aws, names.place)
        plan = add_forgotten(plan, forgotten.result())
    resources = describe_resources(plan)
    present = {each.address for each in resources if each.state in _PRESENT}
    return Status(
        resources=resources,
        again_after=plan.again_after,
        dead_letters=dead_letters.result(),
        executions=executions.result(),
        outputs=list_outputs(wiring, present, aws),
        notes=tuple(note for note in (*plan.notes, *loggers.result()) if note.type.describes_state),
    )


def describe_resources(plan: Plan) -> tuple[ResourceState, ...]:
    """Translates the plan of a deploy into the state of each resource."""
    conflicts = {conflict.address: conflict for conflict in plan.conflicts}
    changes = sorted(plan.changes, key=lambda each: (each.is_secondary, each.address))
    states = (_describe(change, conflicts) for change in changes)
    return tuple(state for state in states if state)


def _describe(change: Change, conflicts: Mapping[Address, Conflict]) -> ResourceState | None:
    address, conflict = change.address, conflicts.get(change.address)
    if conflict:
        is_missing = change.desired and conflict.reason == change.desired.missing_reason
        if is_missing:
            return ResourceState(address, StateName.MISSING)
        is_foreign = conflict.reason.code in OWNED_BY_OTHERS
        state = StateName.NOT_OURS if is_foreign else StateName.UNUSABLE
        return ResourceState(address, state, conflict.reason)
    additions = change.observed.additions if change.observed else None
    match change.action:
        case Action.NOTHING if change.desired:
            state = StateName.CHANGED_BY_OTHERS if additions else StateName.OK
            return ResourceState(address, state, additions=additions)
        case Action.NOTHING:
            return None
        case Action.CREATE:
            return ResourceState(address, StateName.MISSING)
        case Action.UPDATE if change.is_tolerated:
            due = change.desired.tolerated_reason if change.desired else None
            reason = change.reason or due
            return ResourceState(address, StateName.KEPT, reason, additions=additions)
        case Action.DELETE:
            return ResourceState(address, StateName.LEFT_OVER, additions=additions)
        case Action.UPDATE:
            fields = tuple(field.path for field in change.shown_fields) or (OWN_TAGS,)
            return ResourceState(address, StateName.DRIFTED, fields=fields, additions=additions)
        case Action.KEEP:
            return ResourceState(address, StateName.KEPT, change.reason, additions=additions)
