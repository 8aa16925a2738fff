"""Adds to a plan what the config does not lead to: buckets of earlier configs, which stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sfn_s3_cli.aws.pool import open_pool
from sfn_s3_cli.reconcile.proposal import plan_nodes
from sfn_s3_cli.resources.bucket import Bucket
from sfn_s3_cli.resources.change import Action, Change
from sfn_s3_cli.resources.forgotten_buckets import Forgotten, find_forgotten

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.reconcile.plan import Plan
    from sfn_s3_cli.resources.base import Removal


def plan_teardown(nodes: tuple[Node, ...], aws: Aws, removal: Removal) -> Plan:
    """What a teardown removes and keeps, given a wiring with nothing wanted."""
    with open_pool(1, "forgotten") as pool:
        forgotten = pool.submit(find_in_account, nodes, aws)
        plan = plan_nodes(nodes, aws, removal=removal)
    return add_forgotten(plan, forgotten.result())


def find_in_account(nodes: tuple[Node, ...], aws: Aws) -> Forgotten:
    """What AWS has of the pipeline besides the resources of its wiring."""
    found = [node.resource for node in nodes if isinstance(node.resource, Bucket)]
    return find_forgotten(aws, found[0].pipeline, found[0]) if found else Forgotten()


def add_forgotten(plan: Plan, forgotten: Forgotten) -> Plan:
    """The same plan, which also names what stays and why."""
    kept = {
        address: Change(Action.KEEP, address, None, None, reason=reason)
        for address, reason in forgotten.buckets
    }
    others = (change for change in plan.changes if change.address not in kept)
    notes = (*plan.notes, *forgotten.notes)
    return replace(plan, changes=(*others, *kept.values()), notes=notes)
