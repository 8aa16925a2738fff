"""EventBridge rule: which object events start an execution."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.iam.policies import Document
from sfn_s3_cli.resources.base import Observed, Refusal, Resource

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads

TARGET_ID = "sfnctl"

MISSING = "ResourceNotFoundException"
BUSY = TransientError("ConcurrentModificationException")
# RemoveTargets takes a while to be seen by DeleteRule.
_STILL_HAS_TARGETS = TransientError(
    "ValidationException",
    "since it has targets",
    waiting_for="EventBridge",
    remedy="remove the targets that others added, and run again",
)


@dataclass(frozen=True, kw_only=True)
class Rule(Resource):
    kind: ClassVar[str] = "rule"
    arn: str
    pattern: Document
    enabled: bool
    description: str
    tags: dict[str, str]


def observe(reads: Reads, desired: Rule, *, leaving: bool) -> Observed[Rule] | None:
    events = reads.aws.events
    rule = reads.ask(events.describe_rule, Name=desired.name)
    all_tags = reads.ask(events.list_tags_for_resource, ResourceARN=desired.arn)
    targets = reads.ask(events.list_targets_by_rule, Rule=desired.name)
    found = call_or_none(rule.result, MISSING)
    if found is None:
        return None
    tags = ownership.from_list(all_tags.result()["Tags"])
    arns = [each["Arn"] for each in targets.result()["Targets"] if each["Id"] != TARGET_ID]
    others = f"targets that others added: {', '.join(arns)}" if arns else ""
    return Observed(
        Rule(
            name=desired.name,
            arn=desired.arn,
            pattern=json.loads(found.get("EventPattern", "{}")),
            enabled=found["State"] != "DISABLED",
            description=found.get("Description", ""),
            tags=ownership.ours(tags, desired.tags),
        ),
        owner=ownership.owner(tags),
        used_by=others if leaving else "",
        others=others,
        refusal=_managed(found["ManagedBy"]) if found.get("ManagedBy") else None,
    )


def _managed(by: str) -> Refusal:
    return Refusal(f"is managed by {by}, which alone may change it", "choose another name")


def create(aws: Aws, desired: Rule) -> None:
    # PutRule takes tags only for a rule that it creates.
    _put(aws, desired, Tags=ownership.to_list(desired.tags))


def update(aws: Aws, observed: Rule, desired: Rule) -> None:
    _put(aws, desired)
    ownership.retag(
        observed.tags,
        desired.tags,
        tag=lambda tags: aws.events.tag_resource(
            ResourceARN=desired.arn, Tags=ownership.to_list(tags)
        ),
        untag=lambda keys: aws.events.untag_resource(ResourceARN=desired.arn, TagKeys=keys),
    )


def delete(aws: Aws, observed: Observed[Rule]) -> None:
    name = observed.resource.name
    retry_while(aws, lambda: aws.events.delete_rule(Name=name), _STILL_HAS_TARGETS, BUSY, within=60)


def _put(aws: Aws, desired: Rule, **tags: Any) -> None:
    """PutRule empties what it is not given, so it is always given everything."""
    retry_while(
        aws,
        lambda: aws.events.put_rule(
            Name=desired.name,
            EventPattern=json.dumps(desired.pattern),
            State="ENABLED" if desired.enabled else "DISABLED",
            Description=desired.description,
            **tags,
        ),
        BUSY,
        within=60,
    )
