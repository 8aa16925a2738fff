"""Keeps an input and the version that expects it together while `live` moves to another version.

Definition and input often change together: an execution of the new version must not get the old
input, nor one of the old version the new input. So before `live` moves, each target that sends the
old input is pinned to the version that `live` runs. It is unpinned together with its new input.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.reconcile.desired import Node
from sfn_s3_cli.resources.observation import Found
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.state_machine import FoundStateMachine, StateMachine, moves_live
from sfn_s3_cli.resources.target import PinnedTarget, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sfn_s3_cli.resources.base import Address
    from sfn_s3_cli.resources.observation import AnyObservation


_PINS = ReasonType(
    "INPUT_PINNED",
    "The target of rule {rule} starts version {version} with the old input until `live` has moved.",
)


class Pinned(NamedTuple):
    """A wiring with pinned targets, and what AWS has of it."""

    nodes: tuple[Node, ...]
    observed: Mapping[Address, AnyObservation]


def pin_targets(nodes: tuple[Node, ...], observed: Mapping[Address, AnyObservation]) -> Pinned:
    """The wiring in which `live` moves after the targets that must not follow it are pinned."""
    machine = next((node for node in nodes if isinstance(node.resource, StateMachine)), None)
    if machine is None or not machine.wanted or not isinstance(machine.resource, StateMachine):
        return Pinned(nodes, observed)
    alias, prefix = machine.resource.alias_arn, f"{machine.resource.arn}:"
    version = _find_version_left(machine, observed)
    changed = {node.resource.address: node for node in nodes}
    snapshot = dict(observed)
    first: list[Address] = []
    for address, node in list(changed.items()):
        target = _find_target(node, observed)
        if version is None or target is None or target.arn != alias:
            continue
        if node.stays:
            changed[address] = node.replace(arn=version)
            first.append(address)
        elif _changes_input(node, target):
            step = PinnedTarget(**vars(target))
            snapshot[step.address] = Found(step, owner=step.owner)
            note = _PINS(rule=step.name, version=version.rpartition(":")[2])
            changed[step.address] = Node(replace(step, arn=version), notes=(note,))
            first.append(step.address)
    arns = _list_arns(changed.values(), observed)
    versions = tuple(sorted(arn for arn in arns if arn.removeprefix(prefix).isdecimal()))
    changed[machine.resource.address] = replace(
        machine.replace(pinned_versions=versions), needs=(*machine.needs, *first)
    )
    return Pinned((*changed.values(),), snapshot)


def _find_version_left(machine: Node, observed: Mapping[Address, AnyObservation]) -> str | None:
    """The version that `live` runs, if this deploy moves `live`."""
    match machine.resource, machine.find_ours(observed):
        case StateMachine() as desired, FoundStateMachine() as found if moves_live(
            found.resource, desired
        ):
            return found.live_version
    return None


def _find_target(node: Node, observed: Mapping[Address, AnyObservation]) -> Target | None:
    found = node.find_ours(observed) if isinstance(node.resource, Target) else None
    return found.resource if found else None


def _changes_input(node: Node, target: Target) -> bool:
    match node.resource:
        case Target(input_transformer=wanted) if node.wanted:
            return wanted != target.input_transformer
    return False


def _list_arns(nodes: Iterable[Node], observed: Mapping[Address, AnyObservation]) -> set[str]:
    """What the pipeline's rules start, or will start during this deploy."""
    arns = set()
    for node in nodes:
        match node.resource:
            case Target(arn=arn) if node.wanted or node.stays:
                arns.add(arn)
        if target := _find_target(node, observed):
            arns.add(target.arn)
    return arns
