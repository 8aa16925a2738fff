"""The plan: how what is observed becomes what is desired, as data.

A plan holds what was before and what comes after, never calls: those are found when it is applied.
It is sorted, so that the same difference always gives the same text and the same fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.errors import PartlyDone, RefusedError, UsageError
from sfn_s3_cli.iam import tags
from sfn_s3_cli.reconcile.adoption import note_adoptions
from sfn_s3_cli.reconcile.diff import find_differences
from sfn_s3_cli.resources.base import KEEP_DATA
from sfn_s3_cli.resources.change import ABSENT, ROLE_TAG, Action, Change
from sfn_s3_cli.resources.observation import Found, Missing, Refused, Unreadable
from sfn_s3_cli.resources.reasons import NOT_OURS, OWNED_BY_PIPELINE, Reason, ReasonType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sfn_s3_cli.errors import Problem
    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.resources.base import Address, Removal, Resource
    from sfn_s3_cli.resources.observation import AnyFound, AnyObservation

_NO_PIPELINE_TAG = ReasonType(
    "NO_PIPELINE_TAG",
    f"has sfnctl's tags, but not the tag {tags.PIPELINE}",
    "add this tag with the pipeline's name, or choose another name",
)
OWNED_BY_OTHERS = {each.code for each in (OWNED_BY_PIPELINE, NOT_OURS, _NO_PIPELINE_TAG)}
UNREADABLE = ReasonType(
    "UNREADABLE", "could not be read: {error}", "resolve the other conflicts first"
)
_CONFLICT_FIRST = ReasonType("CONFLICT_FIRST", "until the conflict about {resource} is resolved")
_CHANGES_WHAT_EXISTS = {Action.UPDATE, Action.DELETE}
_KEEPS_ADDITIONS = ReasonType("KEEPS_ADDITIONS", "{resource} has {additions}; sfnctl keeps that.")
_DELETES_ADDITIONS = ReasonType(
    "DELETES_ADDITIONS", "Deleting {resource} also deletes {additions}.", is_warning=True
)


class Conflict(NamedTuple):
    """What makes a plan unfit: a resource that is not ours, or that cannot serve."""

    address: Address
    reason: Reason


@dataclass(frozen=True)
class Plan:
    """All changes, in an order in which they could be made one by one."""

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    waits_for: Mapping[Address, frozenset[Address]]
    """The pending changes that must be done before each pending change."""
    notes: tuple[Reason, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Warnings about the definition that concern this plan."""
    warnings: tuple[Problem, ...] = ()
    """What `validate` warns of in the config and the definition."""

    @property
    def pending(self) -> tuple[Change, ...]:
        """What is created, changed or removed. A conflict is none of these."""
        conflicts = {conflict.address for conflict in self.conflicts}
        return tuple(
            change
            for change in self.changes
            if change.action.changes and change.address not in conflicts
        )

    @property
    def kept(self) -> tuple[Change, ...]:
        """What stays, wholly or in part, although the config does not ask for it."""
        return tuple(change for change in self.changes if change.reason)

    @property
    def differs(self) -> bool:
        """Whether AWS differs from the config."""
        return any(not change.is_tolerated for change in self.pending)

    @property
    def has_to_be_reviewed(self) -> bool:
        """Whether it does more than remove what an earlier deploy kept for a while."""
        return any(not change.is_fleeting for change in self.pending)

    @property
    def again_after(self) -> datetime | None:
        """When a deploy can remove all that is kept until a known time."""
        return max((change.until for change in self.kept if change.until), default=None)

    def has_anything_of(self, pipeline: str) -> bool:
        """Whether it changes or keeps something, other than what all pipelines share."""
        owners = (change.observed.owner if change.observed else pipeline for change in self.kept)
        return bool(self.pending) or pipeline in owners

    def count(self, action: Action) -> int:
        return sum(change.action is action for change in self.pending)

    @property
    def fingerprint(self) -> str:
        """The same for the same pending changes: binds what was reviewed to what is applied."""
        facts = [
            [
                change.action.name,
                *change.address,
                change.observed.resource.lasting() if change.observed else None,
                change.observed.role_tags if change.observed else None,
                change.desired.lasting() if change.desired else None,
                *(["adopts"] if change.adopts else []),
                *(["holds data"] if not change.desired and _holds_data(change) else []),
            ]
            for change in self.pending
            if not change.is_fleeting
        ]
        facts += [["conflict", *each.address, each.reason.code] for each in self.conflicts]
        text = json.dumps(facts, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def _holds_data(change: Change) -> bool:
    return bool(change.observed and change.observed.holds)


def refuse_conflicts(plan: Plan, *, is_first: bool = True) -> None:
    """RefusedError, or UsageError if only the config is wrong, with every conflict of the plan.

    PartlyDone if this run has deployed already.
    """
    if not plan.conflicts:
        return
    conflicts = "; ".join(f"{each.address} {each.reason.message}" for each in plan.conflicts)
    remedies = dict.fromkeys(each.reason.remedy for each in plan.conflicts)
    if not is_first:
        text = f"what was kept could not be removed: {conflicts}"
        raise PartlyDone(text, "; ".join(filter(None, remedies)))
    in_config = all(each.reason.type.is_config_error for each in plan.conflicts)
    raise (UsageError if in_config else RefusedError)(
        f"nothing was changed: {conflicts}", "; ".join(filter(None, remedies))
    )


def make_plan(
    nodes: tuple[Node, ...],
    observed: Mapping[Address, AnyObservation],
    *,
    adopt: bool = False,
    removal: Removal = KEEP_DATA,
) -> Plan:
    """The difference between a wiring and what was observed.

    `adopt` takes resources without an owner over; `removal` says what is deleted with its data.
    """
    changes, conflicts = {}, []
    for node in nodes:
        address = node.resource.address
        observation = observed.get(address, Missing())
        change = _change(node, observation, removal)
        adopts = adopt and node.wanted and can_be_adopted(node.resource, observation)
        changes[address] = replace(change, adopts=True) if adopts else change
        if node.wanted and (reason := _find_conflict(node.resource, observation, adopt=adopt)):
            conflicts.append(Conflict(address, reason))
    changes |= _hold(nodes, changes, sorted(each.address for each in conflicts))
    waits_for = _order(nodes, changes)
    in_order = tuple(changes[address] for address in _sort(waits_for))
    return Plan(
        in_order,
        tuple(sorted(conflicts, key=lambda each: each.address)),
        {
            address: frozenset(before for before in befores if changes[before].action.changes)
            for address, befores in waits_for.items()
            if changes[address].action.changes
        },
        (
            *note_adoptions(in_order),
            *_note_additions(changes),
            *_note_observations(changes, observed),
        ),
    )


def _change(node: Node, observation: AnyObservation, removal: Removal) -> Change:
    desired, address = node.resource, node.resource.address
    match observation:
        case Found() as found if not node.wanted and not node.stays:
            return _remove(node, found, removal)
        case Found() as found:
            fields = (
                *find_differences(found.resource.document(), desired.document()),
                *(
                    field._replace(path=f"{ROLE_TAG}{field.path}")
                    for field in find_differences(*found.role_tags)
                ),
            )
            rest = Action.KEEP if node.stays else Action.NOTHING
            reason, until = node.stays or (None, None)
            action = Action.UPDATE if fields else rest
            return Change(action, address, found, desired, fields, reason, until)
        case Missing() if node.wanted and not desired.missing_reason:
            fields = tuple(find_differences(ABSENT, desired.document()))
            return Change(Action.CREATE, address, None, desired, fields)
    return Change(Action.NOTHING, address, None, desired if node.wanted else None)


def _remove(node: Node, found: AnyFound, removal: Removal) -> Change:
    """Deletes a leftover if it is ours, unless there is a reason to keep it."""
    address = node.resource.address
    if found.owner is None or found.owner != node.resource.owner:
        return Change(Action.NOTHING, address, found, None)
    reason = found.used_by or (None if removal.purges(node.resource) else found.holds)
    action = Action.KEEP if reason else Action.DELETE
    return Change(action, address, found, None, reason=reason, is_leftover=node.is_leftover)


def _hold(
    nodes: tuple[Node, ...], changes: Mapping[Address, Change], refused: list[Address]
) -> dict[Address, Change]:
    """Instead of deletions: keeps what a refused resource needs, and what goes only after it."""
    why = {address: _CONFLICT_FIRST(resource=str(address)) for address in refused}
    for node in nodes:
        for before in sorted({*node.follows}.intersection(refused)):
            why.setdefault(node.resource.address, why[before])
    needs = {node.resource.address: node.needs for node in nodes}
    rest = [*why]
    while rest:
        address = rest.pop(0)
        new = [each for each in needs[address] if each not in why]
        why |= dict.fromkeys(new, why[address])
        rest += new
    return {
        address: replace(changes[address], action=Action.KEEP, reason=reason, is_leftover=False)
        for address, reason in why.items()
        if changes[address].action is Action.DELETE
    }


def _find_conflict(desired: Resource, observation: AnyObservation, *, adopt: bool) -> Reason | None:
    match observation:
        case Missing():
            return desired.missing_reason
        case Refused(reason):
            return reason
        case Unreadable(message=message):
            return UNREADABLE(error=message)
        case Found(owner=owner):
            is_ours = desired.is_slice or owner == desired.owner
            is_adopted = adopt and can_be_adopted(desired, observation)
            return None if is_ours or is_adopted else explain_owner(owner, desired)


def can_be_adopted(desired: Resource, observation: AnyObservation) -> bool:
    """Whether it exists without an owner, although it would have one."""
    match observation:
        case Found(owner=None):
            return not desired.is_slice and desired.owner is not None
    return False


def explain_owner(owner: str | None, desired: Resource) -> Reason:
    """Why a resource of another owner is a conflict; one without an owner can be adopted."""
    if owner == tags.SHARED:
        return _NO_PIPELINE_TAG()
    return desired.owned_by_pipeline(pipeline=owner) if owner else desired.not_ours()


def _order(
    nodes: tuple[Node, ...], changes: Mapping[Address, Change]
) -> dict[Address, set[Address]]:
    """What waits for what: a resource for what it needs, and a deletion for what needed it."""
    waits_for: dict[Address, set[Address]] = {address: set() for address in changes}
    for node in nodes:
        address = node.resource.address
        action = changes[address].action
        for other in node.needs:
            if changes[other].action is Action.DELETE:
                waits_for[other].add(address)
            else:
                waits_for[address].add(other)
        for other in node.follows if action in _CHANGES_WHAT_EXISTS else ():
            if changes[other].action is not Action.DELETE:
                waits_for[address].add(other)
            elif action is Action.UPDATE:
                waits_for[other].add(address)
    return waits_for


def _sort(waits_for: Mapping[Address, set[Address]]) -> Iterator[Address]:
    """A stable order: TopologicalSorter's own is not, where it has a choice."""
    sorter = TopologicalSorter(waits_for)
    sorter.prepare()
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        yield from ready
        sorter.done(*ready)


def _note_observations(
    changes: Mapping[Address, Change], observed: Mapping[Address, AnyObservation]
) -> Iterator[Reason]:
    """What was noticed about a resource: what is true of it now, and the rest if it changes."""
    for address, change in sorted(changes.items()):
        match observed.get(address):
            case Missing(notes) | Found(notes=notes):
                is_new = change.desired and change.action.changes
                yield from (each for each in notes if is_new or each.type.describes_state)


def _note_additions(changes: Mapping[Address, Change]) -> Iterator[Reason]:
    """What others added to our resources. Where that keeps one from going, KEEP says so already."""
    for address, change in sorted(changes.items()):
        additions = change.observed.additions if change.observed else None
        if additions and change.action is Action.DELETE:
            yield _DELETES_ADDITIONS(resource=str(address), additions=additions)
        elif additions and change.desired:
            yield _KEEPS_ADDITIONS(resource=str(address), additions=additions)
