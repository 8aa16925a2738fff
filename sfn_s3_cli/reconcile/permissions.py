"""What a command needs to be allowed: the IAM policy for exactly this pipeline.

It follows from the wiring. Each kind is read, made or removed with certain actions, on resources
whose names are known before they exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.iam import arns, policies
from sfn_s3_cli.iam.names import OWN_TRAIL
from sfn_s3_cli.reconcile.desired import nothing
from sfn_s3_cli.reconcile.permissions_table import (
    MAKE,
    PURGE,
    READ,
    READ_UNWANTED,
    READ_WANTED,
    REMOVE,
    TABLE,
)
from sfn_s3_cli.resources import role_notes
from sfn_s3_cli.resources.bucket import Bucket
from sfn_s3_cli.resources.event_selector import EventSelector
from sfn_s3_cli.resources.role import Role
from sfn_s3_cli.resources.state_machine import StateMachine
from sfn_s3_cli.resources.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.iam.names import Names
    from sfn_s3_cli.iam.policies import Document
    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.reconcile.permissions_table import When
    from sfn_s3_cli.resources.base import Resource

_BOUNDED = "Bounded"


def policy(command: str, nodes: tuple[Node, ...], names: Names) -> Document:
    """What `command` needs for this wiring: one statement for each kind of resource."""
    actions: dict[str, set[str]] = {}
    for when, about, job in _uses(command, nodes, names):
        for row in TABLE:
            if (row.when, row.about) == (when, about):
                sid = row.sid.replace("*", job)
                actions.setdefault(sid, set()).update(row.actions.split())
    resources, conditions = _resources(nodes, names), _conditions(nodes)
    return policies.document(
        *(
            {
                "Sid": sid,
                "Effect": "Allow",
                "Action": sorted(actions[sid]),
                "Resource": resources[sid.removeprefix(_BOUNDED)],
                **({"Condition": conditions[sid]} if sid in conditions else {}),
            }
            for sid in sorted(actions)
        )
    )


def _uses(command: str, nodes: tuple[Node, ...], names: Names) -> Iterator[tuple[When, str, str]]:
    """What a command does to which kinds and traits of resources; for a role, what it is for."""
    if command in {"status", "watch-executions"}:
        yield READ, "executions", ""
    if command == "watch-executions":
        return
    if command in {"plan", "deploy"}:
        yield READ, "validation", ""
    for node in nothing(nodes) if command == "teardown" else nodes:
        job = "Events" if node.resource.name == names.events_role else "States"
        for when in _phases(command, wanted=node.wanted):
            for about in (node.resource.kind, *_traits(node.resource)):
                yield when, about, job


def _phases(command: str, *, wanted: bool) -> tuple[When, ...]:
    reads = (READ, READ_WANTED if wanted else READ_UNWANTED)
    match command:
        case "deploy":
            return (*reads, MAKE if wanted else REMOVE)
        case "teardown":
            return (*reads, REMOVE, PURGE)
    return reads


def _traits(resource: Resource) -> tuple[str, ...]:
    match resource:
        case Bucket():
            return ("created bucket" if resource.made_by_us else "given bucket",)
        case EventSelector():
            return ("joined selector" if resource.joins else "own selector",)
        case Role():
            bounded = "bounded" if resource.boundary else "unbounded"
            return (f"{bounded} role", f"{bounded} policy" if resource.policy else "no policy")
    return ()


def _resources(nodes: tuple[Node, ...], names: Names) -> dict[str, list[str]]:
    """The ARNs of each statement."""
    place, found = names.place, _named(names)
    for node in nodes:
        match node.resource:
            case Bucket(name=name):
                found["Bucket"] = [arns.bucket(place, name)]
                found["BucketObjects"] = [f"{arns.bucket(place, name)}/*"]
            case EventSelector(trail=trail):
                found["JoinedTrail"] = [arns.trail(place, trail)]
            case Role(name=name, path=path):
                sid = "EventsRole" if name == names.events_role else "StatesRole"
                # While a role does not exist, IAM knows no path of it.
                found[sid] = sorted({arns.role(place, name, path), arns.role(place, name)})
            case StateMachine(role_arn=role):
                found["PassRoleToStates"] = [role]
            case Target(role_arn=role):
                found["PassRoleToEvents"] = [role]
    return found


def _named(names: Names) -> dict[str, list[str]]:
    """Those that follow from the pipeline's name; `*` alone where AWS knows no resource."""
    place = names.place
    log_group = arns.log_group(place, names.log_group)
    log_bucket = arns.bucket(place, names.log_bucket)
    return {
        "Executions": [place.arn("states", f"execution:{names.state_machine}:*")],
        "LogBucket": [log_bucket],
        "LogBucketObjects": [f"{log_bucket}/*"],
        "LogGroup": [log_group, f"{log_group}:*"],  # actions differ in which of the two they take
        "OtherPipelines": [arns.role(place, f"{each}sfnctl-*") for each in ("", "*/")],
        "Queue": [arns.queue(place, names.queue)],
        "Rule": [names.rule_arn],
        "StateMachine": [names.state_machine_arn],  # its versions and aliases are judged by it
        "Trail": [arns.trail(place, OWN_TRAIL)],
        "Unscoped": ["*"],
    }


def _conditions(nodes: tuple[Node, ...]) -> dict[str, Document]:
    """What else must be so. With a boundary, no role is made or given rights without it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    found = {
        "OtherPipelines": {
            "ForAllValues:StringEquals": {"aws:TagKeys": [role_notes.NOTIFICATIONS]}
        },
        "PassRoleToEvents": _passed_to("events"),
        "PassRoleToStates": _passed_to("states"),
    }
    for node in nodes:
        match node.resource:
            case Role(boundary=str(boundary)):
                bounded = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
                found |= {f"{_BOUNDED}EventsRole": bounded, f"{_BOUNDED}StatesRole": bounded}
    return found


def _passed_to(service: str) -> Document:
    return {"StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"}}
