"""The plan: how what is observed becomes what is desired, as data.

A plan holds what was before and what comes after, never calls: those are found when it is applied.
It is sorted, so that the same difference always gives the same text and the same fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import Enum
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.reconcile.diff import ABSENT, Field, differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.resources.base import Address, Observed, Resource


class Action(Enum):
    """What happens to a resource; the value is how it is written."""

    CREATE = "+"
    UPDATE = "~"
    DELETE = "-"
    KEEP = "="
    """It is ours and no longer wanted, and stays for a reason."""
    NOTHING = " "

    @property
    def changes(self) -> bool:
        return self in {Action.CREATE, Action.UPDATE, Action.DELETE}


@dataclass(frozen=True)
class Change:
    """One resource, before and after."""

    action: Action
    address: Address
    observed: Observed[Any] | None
    desired: Resource | None
    fields: tuple[Field, ...] = ()
    why: str = ""
    """For KEEP: the reason."""

    @property
    def is_slice(self) -> bool:
        """Whether it is our part of something that others change too."""
        return self.desired is not None and self.desired.is_slice


class Conflict(NamedTuple):
    """What makes a plan unfit: a resource of our name that is not ours, or that cannot serve."""

    address: Address
    why: str
    remedy: str = "choose another name"
    in_config: bool = False
    """Whether the config is what is wrong."""
    is_missing: bool = False

    @classmethod
    def with_owner(cls, address: Address, owner: str | None) -> Conflict:
        """The conflict with another pipeline, or with None: what could be adopted."""
        if owner:
            return cls(address, f"belongs to pipeline {owner}")
        remedy = "choose another name, or take over what lacks the tags with --adopt"
        return cls(address, "belongs to somebody else: it lacks sfnctl's tags", remedy)


@dataclass(frozen=True)
class Plan:
    """All changes, in an order in which they could be made one by one."""

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    waits_for: Mapping[Address, frozenset[Address]]
    """The pending changes that must be done before each pending change."""
    notes: tuple[str, ...] = ()

    @property
    def pending(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.action.changes)

    @property
    def kept(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.action is Action.KEEP)

    def count(self, action: Action) -> int:
        return sum(change.action is action for change in self.changes)

    @property
    def fingerprint(self) -> str:
        """The same for the same pending changes: binds what was reviewed to what is applied."""
        facts = [
            [
                change.action.name,
                *change.address,
                change.observed.resource.document() if change.observed else None,
                change.desired.document() if change.desired else None,
            ]
            for change in self.pending
        ]
        text = json.dumps(facts, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def make_plan(
    nodes: tuple[Node, ...],
    observed: Mapping[Address, Observed[Any]],
    *,
    adopt: bool = False,
    purge: bool = False,
) -> Plan:
    """The difference between a wiring and what was observed.

    `adopt` takes over what is nobody's; `purge` deletes what holds data as well.
    """
    changes, conflicts = {}, []
    for node in nodes:
        address = node.resource.address
        found = observed.get(address)
        changes[address] = _change(node, found, purge=purge)
        if node.wanted and (conflict := _conflict(node.resource, found, adopt=adopt)):
            conflicts.append(conflict)
    waits_for = _order(nodes, changes)
    return Plan(
        tuple(changes[address] for address in _sorted(waits_for)),
        tuple(sorted(conflicts, key=lambda each: each.address)),
        {
            address: frozenset(before for before in befores if changes[before].action.changes)
            for address, befores in waits_for.items()
            if changes[address].action.changes
        },
        (*_others(changes.values()), *_notes(changes)),
    )


def _change(node: Node, found: Observed[Any] | None, *, purge: bool) -> Change:
    wanted, address = node.resource, node.resource.address
    if not node.wanted:
        if found is None or found.owner is None or found.owner != wanted.owner:
            return Change(Action.NOTHING, address, found, None)
        why = found.used_by or ("" if purge else found.holds)
        action = Action.KEEP if why else Action.DELETE
        return Change(action, address, found, None, why=why)
    if found is None and wanted.given_by:
        return Change(Action.NOTHING, address, None, wanted)
    if found is None:
        fields = tuple(differences(ABSENT, wanted.document()))
        return Change(Action.CREATE, address, None, wanted, fields)
    fields = tuple(differences(found.resource.document(), wanted.document()))
    return Change(Action.UPDATE if fields else Action.NOTHING, address, found, wanted, fields)


def _conflict(wanted: Resource, found: Observed[Any] | None, *, adopt: bool) -> Conflict | None:
    if found is None:
        missing = (wanted.address, "does not exist", wanted.given_by)
        return Conflict(*missing, in_config=True, is_missing=True) if wanted.given_by else None
    if found.refusal:
        return Conflict(wanted.address, *found.refusal)
    if wanted.is_slice or found.owner == wanted.owner or (adopt and found.owner is None):
        return None
    return Conflict.with_owner(wanted.address, found.owner)


def _order(
    nodes: tuple[Node, ...], changes: Mapping[Address, Change]
) -> dict[Address, set[Address]]:
    """What waits for what: a resource for what it needs, and a deletion for what needed it."""
    waits_for: dict[Address, set[Address]] = {address: set() for address in changes}
    for node in nodes:
        address = node.resource.address
        updated = changes[address].action is Action.UPDATE
        for other in (*node.needs, *(node.follows if updated else ())):
            if changes[other].action is Action.DELETE:
                waits_for[other].add(address)
            else:
                waits_for[address].add(other)
    return waits_for


def _sorted(waits_for: Mapping[Address, set[Address]]) -> Iterator[Address]:
    """A stable order: TopologicalSorter's own is not, where it has a choice."""
    sorter = TopologicalSorter(waits_for)
    sorter.prepare()
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        yield from ready
        sorter.done(*ready)


def _others(changes: Iterable[Change]) -> Iterator[str]:
    """What others put on our resources. Where it keeps them from going, that is said already."""
    for change in sorted(changes, key=lambda each: each.address):
        others = change.observed.others if change.observed else ""
        if others and change.action is Action.DELETE:
            yield f"{change.address} takes along {others}."
        elif others and change.desired:
            yield f"{change.address} carries {others}; that stays as it is."


def _notes(changes: Mapping[Address, Change]) -> Iterator[str]:
    """What the plan cannot show: what AWS does with time, and what is left alone."""
    rule = next((each for address, each in changes.items() if address.kind == "rule"), None)
    actions = {address.kind: change.action for address, change in changes.items()}
    selector, notification = actions.get("event_selector"), actions.get("bucket_notification")
    if {selector, notification} == {Action.CREATE, Action.DELETE}:
        yield (
            "The trigger changes its way: the new one is in place before the old one goes. Uploads"
            " of the minutes around it may start two executions, or none while AWS catches up."
        )
    if notification in {Action.CREATE, Action.UPDATE}:
        yield "AWS takes about five minutes until the bucket's events reach EventBridge."
    fields = rule.fields if rule and rule.action is Action.UPDATE else ()
    if any(field.path == "description" for field in fields):  # it names the bucket
        yield "The bucket changes. The old one stays as it is, also where `create: true` made it."
    leaving = any(a.kind == "role" and c.action is Action.DELETE for a, c in changes.items())
    if leaving and actions.get("state_machine") is Action.UPDATE:
        yield "Executions that still run lose their role: it goes with this deploy."
    if selector is Action.CREATE:
        yield "CloudTrail delivers an event some seconds to a few minutes after the upload."
