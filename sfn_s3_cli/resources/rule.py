"""EventBridge rule: which object events start an execution."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.events.pattern import read_pattern, write_pattern
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.resources.base import Address, Removal, Resource
from sfn_s3_cli.resources.change import Action, Change
from sfn_s3_cli.resources.observation import Found, Missing, Observation, Refused
from sfn_s3_cli.resources.permissions import Permission, Scope, Verb
from sfn_s3_cli.resources.reasons import ReasonType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.resources.reasons import Reason

TARGET_ID = "sfnctl"

EXISTS: tuple[str, ...] = ()
"""PutRule of a rule that exists changes it."""
MISSING = ("ResourceNotFoundException",)
BUSY = TransientError("ConcurrentModificationException")
# DeleteRule may not see immediately that RemoveTargets has removed the last target.
_STILL_HAS_TARGETS = TransientError(
    "ValidationException",
    "since it has targets",
    waiting_for="EventBridge",
    remedy="remove the targets that others added, and run again",
)

_OTHER_TARGETS = ReasonType("OTHER_TARGETS", "targets of others: {arns}")
_MANAGED = ReasonType(
    "RULE_MANAGED", "is managed by {service}, which alone may change it", "choose another name"
)
_BUCKET_CHANGES = ReasonType(
    "BUCKET_CHANGES",
    "The bucket changes from {before} to {after}. The old bucket stays as it is, even if sfnctl"
    " created it.",
)
_SOURCE_CHANGES = ReasonType(
    "EVENT_SOURCE_CHANGES",
    "The event source changes from {before} to {after}: the new one is set up before the old one is"
    " removed. Uploads during the switch may start two executions, or none until AWS catches up.",
)
_DISABLED = ReasonType(
    "TRIGGER_DISABLED",
    "The trigger is disabled (`trigger.enabled: false`): no upload starts an execution.",
    describes_state=True,
)


@dataclass(frozen=True, kw_only=True)
class Rule(Resource):
    kind: ClassVar[str] = "rule"
    arn: str
    pattern: JsonObject
    enabled: bool
    description: str
    tags: dict[str, str]


def observe(reads: Reads, desired: Rule, *, wanted: bool) -> Observation[Rule]:
    events = reads.aws.events
    rule = reads.ask(events.describe_rule, Name=desired.name)
    all_tags = reads.ask(events.list_tags_for_resource, ResourceARN=desired.arn)
    targets = reads.ask(events.list_targets_by_rule, Rule=desired.name)
    found = call_or_none(rule.result, *MISSING)
    if found is None:
        return Missing()
    if wanted and found.get("ManagedBy"):
        return Refused(_MANAGED(service=found["ManagedBy"]))
    tags = ownership.from_list(all_tags.result()["Tags"])
    others = [each["Arn"] for each in targets.result()["Targets"] if each["Id"] != TARGET_ID]
    additions = _OTHER_TARGETS(arns=tuple(others)) if others else None
    return Found(
        Rule(
            name=desired.name,
            pipeline=desired.pipeline,
            arn=desired.arn,
            pattern=json.loads(found.get("EventPattern", "{}")),
            enabled=found["State"] != "DISABLED",
            description=found.get("Description", ""),
            tags=ownership.select_ours(tags, desired.tags),
        ),
        owner=ownership.read_owner(tags),
        used_by=None if wanted else additions,
        additions=additions,
    )


def create(aws: Aws, desired: Rule) -> None:
    # PutRule takes tags only for a rule that it creates.
    _put(aws, desired, Tags=ownership.to_list(desired.tags))


def update(aws: Aws, observed: Found[Rule], desired: Rule) -> None:
    _put(aws, desired)
    ownership.retag(
        observed.resource.tags,
        desired.tags,
        tag=lambda tags: aws.events.tag_resource(
            ResourceARN=desired.arn, Tags=ownership.to_list(tags)
        ),
        untag=lambda keys: aws.events.untag_resource(ResourceARN=desired.arn, TagKeys=keys),
    )


def delete(aws: Aws, observed: Found[Rule], removal: Removal) -> None:  # noqa: ARG001
    name = observed.resource.name
    retry_while(aws, lambda: aws.events.delete_rule(Name=name), _STILL_HAS_TARGETS, BUSY, within=60)


def _put(aws: Aws, desired: Rule, **tags: Any) -> None:
    """PutRule clears whatever is left out, so it always gets everything."""
    retry_while(
        aws,
        lambda: aws.events.put_rule(
            Name=desired.name,
            EventPattern=write_pattern(desired.pattern),
            State="ENABLED" if desired.enabled else "DISABLED",
            Description=desired.description,
            **tags,
        ),
        BUSY,
        within=60,
    )


def permissions(desired: Rule, place: Place) -> Iterator[Permission]:  # noqa: ARG001
    rule = Scope("Rule", (desired.arn,))
    yield Permission(Verb.READ, rule, "events:DescribeRule events:ListTagsForResource")
    yield Permission(Verb.MAKE, rule, "events:PutRule events:TagResource events:UntagResource")
    yield Permission(Verb.REMOVE, rule, "events:DeleteRule")


def notes(change: Change, changes: Mapping[Address, Change]) -> Iterator[Reason]:  # noqa: ARG001
    if isinstance(change.desired, Rule) and not change.desired.enabled:
        yield _DISABLED()
    match change:
        case Change(
            Action.UPDATE, observed=Found(Rule(pattern=before)), desired=Rule(pattern=after)
        ):
            old, new = read_pattern(before), read_pattern(after)
            if old and new and old.bucket != new.bucket:
                yield _BUCKET_CHANGES(before=old.bucket, after=new.bucket)
            if old and new and old.via != new.via:
                yield _SOURCE_CHANGES(before=old.via, after=new.via)


def is_disabled(changes: Mapping[Address, Change]) -> bool:
    """Whether the config disables the trigger."""
    rules = (each.desired for each in changes.values() if isinstance(each.desired, Rule))
    return any(not rule.enabled for rule in rules)
