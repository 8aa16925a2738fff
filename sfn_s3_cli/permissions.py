"""What a command needs to be allowed: the IAM policy for exactly this pipeline.

It follows from the wiring. Each kind is read, made or removed with certain actions, on resources
whose names are known before they exist.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws import arns, policies
from sfn_s3_cli.desired import nothing
from sfn_s3_cli.names import OWN_TRAIL
from sfn_s3_cli.resources import memory
from sfn_s3_cli.resources.bucket import Bucket
from sfn_s3_cli.resources.event_selector import EventSelector
from sfn_s3_cli.resources.role import Role
from sfn_s3_cli.resources.state_machine import StateMachine
from sfn_s3_cli.resources.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.aws.policies import Document
    from sfn_s3_cli.desired import Node
    from sfn_s3_cli.names import Names
    from sfn_s3_cli.resources.base import Resource


class When(Enum):
    """What is done to a resource: it is read, also for what a removal would lose, or changed."""

    READ = auto()
    READ_WANTED = auto()
    READ_UNWANTED = auto()
    MAKE = auto()
    REMOVE = auto()
    PURGE = auto()


READ, READ_WANTED, READ_UNWANTED, MAKE, REMOVE, PURGE = When


class Row(NamedTuple):
    """`about` is a kind or a trait of a resource, `sid` names the statement that has the actions.

    A `*` in the Sid stands for what a role is for: Events or States.
    """

    about: str
    when: When
    sid: str
    actions: str


# fmt: off
TABLE = (
    Row("given bucket", READ_WANTED, "Bucket", "s3:ListBucket"),
    Row("created bucket", READ, "Bucket",
        "s3:GetBucketPublicAccessBlock s3:GetBucketTagging s3:ListBucket"),
    Row("created bucket", READ_UNWANTED, "Bucket", "s3:ListBucketVersions"),
    Row("created bucket", MAKE, "Bucket",
        "s3:CreateBucket s3:PutBucketPublicAccessBlock s3:PutBucketTagging s3:TagResource"),
    Row("created bucket", REMOVE, "Bucket", "s3:DeleteBucket"),
    Row("created bucket", PURGE, "BucketObjects", "s3:DeleteObject s3:DeleteObjectVersion"),

    Row("bucket_notification", READ, "Bucket", "s3:GetBucketNotification"),
    Row("bucket_notification", READ_UNWANTED, "Unscoped", "events:ListRules"),
    Row("bucket_notification", MAKE, "Bucket", "s3:PutBucketNotification"),
    Row("bucket_notification", MAKE, "Unscoped", "events:ListRules"),
    Row("bucket_notification", MAKE, "OtherPipelines", "iam:GetRole iam:TagRole"),
    Row("bucket_notification", REMOVE, "Bucket", "s3:PutBucketNotification"),
    Row("bucket_notification", REMOVE, "OtherPipelines", "iam:GetRole iam:TagRole"),
    Row("bucket_notification", REMOVE, "EventsRole", "iam:UntagRole"),

    Row("log_bucket", READ, "LogBucket",
        "s3:GetBucketPolicy s3:GetBucketPublicAccessBlock s3:GetBucketTagging"
        " s3:GetEncryptionConfiguration s3:GetLifecycleConfiguration"),
    Row("log_bucket", READ_UNWANTED, "LogBucket", "s3:ListBucketVersions"),
    Row("log_bucket", MAKE, "LogBucket",
        "s3:CreateBucket s3:PutBucketPolicy s3:PutBucketPublicAccessBlock s3:PutBucketTagging"
        " s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration s3:TagResource"),
    Row("log_bucket", REMOVE, "LogBucket", "s3:DeleteBucket"),
    Row("log_bucket", PURGE, "LogBucketObjects", "s3:DeleteObject s3:DeleteObjectVersion"),

    Row("trail", READ, "Trail",
        "cloudtrail:GetEventSelectors cloudtrail:GetTrail cloudtrail:ListTags"),
    Row("trail", MAKE, "Trail",
        "cloudtrail:AddTags cloudtrail:CreateTrail cloudtrail:RemoveTags cloudtrail:UpdateTrail"),
    Row("trail", REMOVE, "Trail",
        "cloudtrail:DeleteTrail cloudtrail:PutEventSelectors cloudtrail:StartLogging"),

    Row("event_selector", READ, "Trail", "cloudtrail:GetTrailStatus"),
    Row("event_selector", REMOVE, "Trail", "cloudtrail:PutEventSelectors cloudtrail:StopLogging"),
    Row("event_selector", REMOVE, "EventsRole", "iam:UntagRole"),
    Row("own selector", MAKE, "Trail", "cloudtrail:PutEventSelectors cloudtrail:StartLogging"),
    Row("joined selector", READ, "JoinedTrail",
        "cloudtrail:GetEventSelectors cloudtrail:GetTrailStatus"),
    Row("joined selector", READ_WANTED, "JoinedTrail", "cloudtrail:GetTrail"),
    Row("joined selector", MAKE, "JoinedTrail", "cloudtrail:PutEventSelectors"),
    Row("joined selector", MAKE, "Trail", "cloudtrail:PutEventSelectors cloudtrail:StopLogging"),
    Row("joined selector", REMOVE, "JoinedTrail", "cloudtrail:PutEventSelectors"),

    Row("rule", READ, "Rule", "events:DescribeRule events:ListTagsForResource"),
    Row("rule", MAKE, "Rule", "events:PutRule events:TagResource events:UntagResource"),
    Row("rule", REMOVE, "Rule", "events:DeleteRule"),
    Row("target", READ, "Rule", "events:ListTargetsByRule"),
    Row("target", MAKE, "Rule", "events:PutTargets"),
    Row("target", MAKE, "PassRoleToEvents", "iam:PassRole"),
    Row("target", REMOVE, "Rule", "events:RemoveTargets"),

    Row("queue", READ, "Queue", "sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ListQueueTags"),
    Row("queue", MAKE, "Queue",
        "sqs:CreateQueue sqs:SetQueueAttributes sqs:TagQueue sqs:UntagQueue"),
    Row("queue", REMOVE, "Queue", "sqs:DeleteQueue"),

    Row("log_group", READ, "Unscoped", "logs:DescribeLogGroups"),
    Row("log_group", READ, "LogGroup", "logs:ListTagsForResource"),
    Row("log_group", MAKE, "LogGroup",
        "logs:CreateLogGroup logs:PutRetentionPolicy logs:TagResource logs:UntagResource"),
    Row("log_group", REMOVE, "LogGroup", "logs:DeleteLogGroup"),

    Row("role", READ, "*Role",
        "iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies"),
    Row("role", MAKE, "*Role", "iam:TagRole iam:UntagRole iam:UpdateAssumeRolePolicy"),
    Row("unbounded role", MAKE, "*Role", "iam:CreateRole iam:DeleteRolePermissionsBoundary"),
    Row("unbounded policy", MAKE, "*Role", "iam:PutRolePolicy"),
    Row("bounded role", MAKE, "Bounded*Role", "iam:CreateRole iam:PutRolePermissionsBoundary"),
    Row("bounded policy", MAKE, "Bounded*Role", "iam:PutRolePolicy"),
    Row("no policy", MAKE, "*Role", "iam:DeleteRolePolicy"),
    Row("role", REMOVE, "*Role", "iam:DeleteRole iam:DeleteRolePolicy"),

    Row("state_machine", READ, "StateMachine",
        "states:DescribeStateMachine states:DescribeStateMachineAlias states:ListTagsForResource"),
    Row("state_machine", MAKE, "StateMachine",
        "states:CreateStateMachine states:CreateStateMachineAlias"
        " states:PublishStateMachineVersion states:TagResource states:UntagResource"
        " states:UpdateStateMachine states:UpdateStateMachineAlias"),
    Row("state_machine", MAKE, "PassRoleToStates", "iam:PassRole"),
    Row("state_machine", REMOVE, "StateMachine", "states:DeleteStateMachine states:ListExecutions"),
    Row("state_machine", REMOVE, "Executions", "states:StopExecution"),

    Row("executions", READ, "StateMachine", "states:ListExecutions"),
    Row("executions", READ, "Executions", "states:DescribeExecution"),
)
# fmt: on
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
    """The ARNs of each statement; `*` alone for what AWS does not limit to resources."""
    place = names.place
    log_group = arns.log_group(place, names.log_group)
    log_bucket = arns.bucket(place, names.log_bucket)
    found = {
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
    for node in nodes:
        match node.resource:
            case Bucket(name=name):
                found["Bucket"] = [arns.bucket(place, name)]
                found["BucketObjects"] = [f"{arns.bucket(place, name)}/*"]
            case EventSelector(trail=trail):
                found["JoinedTrail"] = [arns.trail(place, trail)]
            case Role(name=name, path=path):
                sid = "EventsRole" if name == names.events_role else "StatesRole"
                # A role that does not exist has no path yet.
                found[sid] = sorted({arns.role(place, name, path), arns.role(place, name)})
            case StateMachine(role_arn=role):
                found["PassRoleToStates"] = [role]
            case Target(role_arn=role):
                found["PassRoleToEvents"] = [role]
    return found


def _conditions(nodes: tuple[Node, ...]) -> dict[str, Document]:
    """What else must be so. With a boundary, no role is made or given rights without it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    found = {
        "OtherPipelines": {"ForAllValues:StringEquals": {"aws:TagKeys": [memory.NOTIFICATIONS]}},
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
