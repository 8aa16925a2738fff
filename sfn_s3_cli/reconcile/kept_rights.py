"""The rights of running executions: they keep their version's definition, but share the role.

What a deploy takes from the role's policy, because the config has changed, moves to a second policy
of the role. A later deploy removes that when no execution of an older version runs. The role itself
is kept in the same way when the config names another one.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sfn_s3_cli.clock import ceil_minute, format_minute
from sfn_s3_cli.iam import policies
from sfn_s3_cli.reconcile.desired import Node, Stay
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.role import FoundRole, Role
from sfn_s3_cli.resources.state_machine import FoundStateMachine, StateMachine, moves_live
from sfn_s3_cli.resources.versions import find_running

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.resources.base import Address
    from sfn_s3_cli.resources.observation import AnyObservation

_MAY_RUN = ReasonType("EXECUTIONS_MAY_RUN", "executions may be running with {what}")
_RUNS = ReasonType("OLDER_VERSION_RUNS", "executions of {version} are running with {what}")
_PINNED = ReasonType(
    "OLDER_VERSION_PINNED",
    "a rule still starts {version}, which runs with {what}, until the new input is set",
)
_EXPRESS = ReasonType(
    "EXPRESS_MAY_RUN",
    "until {until}: EXPRESS executions that run with {what} take up to five minutes",
)
_DO_NOT_FIT = ReasonType(
    "RIGHTS_DO_NOT_FIT",
    "The rights that this deploy takes from the role {role} do not fit into its policies beside the"
    " new ones: executions that are running lose them.",
)

_EARLIER = "its earlier rights"
_LONGEST_EXPRESS = timedelta(minutes=5)


@dataclass(frozen=True)
class _Machine:
    """The state machine, and what may still run of its older versions."""

    desired: StateMachine
    found: FoundStateMachine
    aws: Aws

    def find_use(self, what: str) -> Stay | None:
        """Why an older version needs its rights; None if none does."""
        if self.desired.type == "EXPRESS":
            return self._find_express_use(what)
        if moves_live(self.found.resource, self.desired):
            return Stay(_MAY_RUN(what=what))
        if pinned := self.desired.pinned_versions:
            return Stay(_PINNED(what=what, version=_name(pinned[0])))
        running = find_running(self.aws, self.desired.arn, but=self.found.live_version)
        version = next(running, None)
        return Stay(_RUNS(what=what, version=_name(version))) if version else None

    def _find_express_use(self, what: str) -> Stay | None:
        """AWS lists no EXPRESS executions, but they end soon."""
        moves = moves_live(self.found.resource, self.desired) or self.desired.pinned_versions
        since = self.aws.now() if moves else self.found.live_since
        until = ceil_minute(since + _LONGEST_EXPRESS) if since else None
        if until is None or until <= self.aws.now():
            return None
        return Stay(_EXPRESS(what=what, until=format_minute(until)), until)


def keep_rights(
    nodes: tuple[Node, ...], observed: Mapping[Address, AnyObservation], aws: Aws
) -> tuple[Node, ...]:
    """The wiring with the rights, or the whole role, that executions may still need."""
    machine_node = next((node for node in nodes if isinstance(node.resource, StateMachine)), None)
    if machine_node is None or not machine_node.wanted:
        return nodes
    match machine_node.resource, machine_node.find_ours(observed):
        case StateMachine() as desired, FoundStateMachine() as found:
            machine = _Machine(desired, found, aws)
            needed = machine_node.needs
            return tuple(
                _keep(node, observed, machine) if node.resource.address in needed else node
                for node in nodes
            )
    return nodes


def _keep(node: Node, observed: Mapping[Address, AnyObservation], machine: _Machine) -> Node:
    match node.resource, node.find_ours(observed):
        case Role() as wanted, FoundRole() as found if node.wanted:
            return _keep_statements(node, wanted, found, machine)
        case Role(), FoundRole(resource=role):
            stay = machine.find_use("it")
            kept = replace(node, resource=role, stays=stay)
            return kept if stay else replace(node, is_leftover=True)
    return node


def _keep_statements(node: Node, wanted: Role, found: FoundRole, machine: _Machine) -> Node:
    role = found.resource
    lost = [
        statement
        for statement in policies.find_lost(role.policy, wanted.policy)
        if statement.get("Effect") != "Deny"  # what it denies, nobody needs
        and policies.has_hash(statement, found.noted_statements)
    ]
    if not lost and role.previous is None:
        return node
    stay = machine.find_use(_EARLIER)
    if stay is None and lost:
        stay = Stay(_MAY_RUN(what=_EARLIER))
    if stay is None:
        return node
    merged = _merge(role.previous, lost, wanted.policy)
    beside = (role.policy, wanted.policy)  # it is there before the policy changes, and after it
    room = policies.LIMIT - found.length_of_others
    previous = next((each for each in (merged, role.previous) if _fits(beside, each, room)), None)
    notes = (_DO_NOT_FIT(role=role.name),) if merged and previous != merged else ()
    if previous is None:
        return replace(node, notes=notes)
    return replace(node.replace(previous=previous), stays=stay, notes=notes)


def _merge(
    previous: JsonObject | None, lost: list[JsonObject], wanted: JsonObject | None
) -> JsonObject | None:
    """Without Sids, which could occur twice, and without what the new policy allows anyway."""
    statements = [*policies.list_statements(previous), *lost]
    bare = [
        {key: value for key, value in each.items() if key != "Sid"}
        for each in policies.find_lost(policies.document(*statements), wanted)
    ]
    unique = {json.dumps(each, sort_keys=True): each for each in bare}
    return policies.document(*unique.values()) if unique else None


def _fits(beside: tuple[JsonObject | None, ...], previous: JsonObject | None, room: int) -> bool:
    longest = max(policies.count_characters(each) if each else 0 for each in beside)
    return previous is not None and longest + policies.count_characters(previous) <= room


def _name(version_arn: str) -> str:
    return f"version {version_arn.rpartition(':')[2]}"
