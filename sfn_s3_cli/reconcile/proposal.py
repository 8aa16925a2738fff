"""From a config to a plan for AWS as it is now, with the checks before it and the notes on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws.pool import open_pool
from sfn_s3_cli.checks import aws as aws_checks
from sfn_s3_cli.errors import ConfigError
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.reconcile.desired import wiring
from sfn_s3_cli.reconcile.kept_rights import keep_rights
from sfn_s3_cli.reconcile.observe import observe, observe_and_revise
from sfn_s3_cli.reconcile.pinning import pin_targets
from sfn_s3_cli.reconcile.plan import make_plan
from sfn_s3_cli.reconcile.roles import BUCKET_KEY, find_wide_permissions
from sfn_s3_cli.reconcile.trail_change import keep_old_trails
from sfn_s3_cli.reconcile.via_change import keep_old_source
from sfn_s3_cli.resources.base import KEEP_DATA
from sfn_s3_cli.resources.bucket import FoundBucket
from sfn_s3_cli.resources.kinds import KINDS, STEPS
from sfn_s3_cli.resources.observation import Found
from sfn_s3_cli.resources.other_trails import find_loggers
from sfn_s3_cli.resources.reasons import collect
from sfn_s3_cli.resources.role import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.checks.offline import OfflineResult
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.errors import Problem
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.reconcile.observe import Snapshot
    from sfn_s3_cli.reconcile.plan import Plan
    from sfn_s3_cli.resources.base import Removal
    from sfn_s3_cli.resources.reasons import Reason


class Proposal(NamedTuple):
    """What a deploy would do."""

    wiring: tuple[Node, ...]
    """What the config asks for."""
    nodes: tuple[Node, ...]
    """The same with what stays for a while, so that nothing is lost."""
    plan: Plan


def propose(
    pipeline: Pipeline, offline: OfflineResult, aws: Aws, place: Place, *, adopt: bool
) -> Proposal:
    """Plans the deploy of a config without errors; ConfigError if AWS refuses the definition."""
    definition = offline.document.value
    with open_pool(2, "checks") as pool:
        check = pool.submit(aws_checks.check, lambda: aws, pipeline, offline)
        loggers = pool.submit(find_loggers, aws, pipeline)
        nodes, lasting, plan = plan_config(pipeline, definition, aws, place, adopt=adopt)
    result = check.result()
    for each in result.not_checked:
        aws.notify(f"Not checked: {each}")
    if result.problems:
        raise ConfigError(result.problems)
    problems = tuple(_find_wide_permissions(plan, pipeline, offline, place))
    notes = (*plan.notes, *loggers.result())
    whole = replace(plan, notes=notes, problems=problems, warnings=offline.problems)
    return Proposal(nodes, lasting, whole)


def plan_config(
    pipeline: Pipeline, definition: JsonObject, aws: Aws, place: Place, *, adopt: bool = False
) -> Proposal:
    """Plans a config with the key that encrypts the bucket's objects, which only AWS knows."""
    nodes = wiring(pipeline, definition, place)

    def revise(observed: Snapshot) -> tuple[Node, ...]:
        key = _find_bucket_key(observed)
        return wiring(pipeline, definition, place, key) if key else nodes

    nodes, observed = observe_and_revise(nodes, aws, revise)
    return _plan(nodes, observed, aws, adopt=adopt)


def _find_bucket_key(observed: Snapshot) -> str | None:
    """The key of the watched bucket; if it cannot be read, the one that the role has already."""
    for each in observed.values():
        match each:
            case FoundBucket(is_key_unread=True):
                return next(_list_granted_keys(observed), None)
            case FoundBucket(key=key):
                return key
    return None


def _list_granted_keys(observed: Snapshot) -> Iterator[str]:
    for each in observed.values():
        match each:
            case Found(Role(policy=dict(policy))):
                statements = (every for every in policy["Statement"] if isinstance(every, dict))
                yield from (
                    str(every["Resource"]) for every in statements if every.get("Sid") == BUCKET_KEY
                )


def plan_nodes(
    nodes: tuple[Node, ...], aws: Aws, *, adopt: bool = False, removal: Removal = KEEP_DATA
) -> Plan:
    """The difference between a wiring and what AWS has now."""
    return _plan(nodes, observe(nodes, aws), aws, adopt=adopt, removal=removal).plan


def _plan(
    nodes: tuple[Node, ...],
    snapshot: Snapshot,
    aws: Aws,
    *,
    adopt: bool = False,
    removal: Removal = KEEP_DATA,
) -> Proposal:
    lasting = keep_old_source(nodes, snapshot, aws.now())
    lasting = keep_old_trails(lasting, snapshot, aws.now())
    lasting, observed = pin_targets(lasting, snapshot)
    lasting = keep_rights(lasting, observed, aws)
    plan = make_plan(lasting, observed, adopt=adopt, removal=removal)
    notes = (*plan.notes, *(note for node in lasting for note in node.notes), *_note_kinds(plan))
    return Proposal(nodes, lasting, replace(plan, notes=collect(notes)))


def _note_kinds(plan: Plan) -> Iterator[Reason]:
    changes = {change.address: change for change in plan.changes}
    for address, change in sorted(changes.items()):
        yield from (KINDS | STEPS)[address.kind].notes(change, changes)


def _find_wide_permissions(
    plan: Plan, pipeline: Pipeline, offline: OfflineResult, place: Place
) -> Sequence[Problem]:
    """Where the workflow's role, if this plan changes it, may do more than the workflow needs."""
    names = Names(pipeline.name, place)
    changed = {change.address.name for change in plan.pending if change.desired}
    if names.states_role not in changed:
        return ()
    return find_wide_permissions(pipeline, offline.document, names)
