"""SQS queue: keeps the events that could not start an execution."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.counts import Count
from sfn_s3_cli.iam import arns, policies
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.resources.base import Removal, Resource, StillUsed
from sfn_s3_cli.resources.kind import no_notes
from sfn_s3_cli.resources.observation import Found, Missing, Observation
from sfn_s3_cli.resources.permissions import Permission, Scope, Verb
from sfn_s3_cli.resources.reasons import OTHER_STATEMENTS, ReasonType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place

RETENTION_SECONDS = 14 * 24 * 3600

EXISTS = ("QueueAlreadyExists", "QueueNameExists")
MISSING = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
notes = no_notes

# SQS keeps a name reserved for 60 seconds after the queue is deleted.
_JUST_DELETED = [
    TransientError(code, waiting_for="SQS, which frees a queue's name after a minute")
    for code in ("AWS.SimpleQueueService.QueueDeletedRecently", "QueueDeletedRecently")
]

_HOLDS_EVENTS = ReasonType("HOLDS_EVENTS", "it holds {events:event} that started no execution")


@dataclass(frozen=True, kw_only=True)
class Queue(Resource):
    kind: ClassVar[str] = "queue"
    policy: JsonObject
    retention_seconds: int = RETENTION_SECONDS
    tags: dict[str, str]


def observe(reads: Reads, desired: Queue, *, wanted: bool) -> Observation[Queue]:
    sqs = reads.aws.sqs
    found = call_or_none(reads.ask(sqs.get_queue_url, QueueName=desired.name).result, *MISSING)
    if found is None:
        return Missing()
    url = found["QueueUrl"]
    attributes = reads.ask(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["All"])
    all_tags = reads.ask(sqs.list_queue_tags, QueueUrl=url)
    answers = call_or_none(attributes.result, *MISSING), call_or_none(all_tags.result, *MISSING)
    if None in answers:  # for a minute after its deletion, some reads still find a queue
        return Missing()
    values, tags = attributes.result()["Attributes"], all_tags.result().get("Tags", {})
    policy = policies.parse(values.get("Policy"))
    events = 0 if wanted else count_messages(values)
    others = policies.list_others(policy, desired.policy)
    return Found(
        Queue(
            name=desired.name,
            pipeline=desired.pipeline,
            policy=policies.select_ours(policy, desired.policy),
            retention_seconds=int(values["MessageRetentionPeriod"]),
            tags=ownership.select_ours(tags, desired.tags),
        ),
        owner=ownership.read_owner(tags),
        holds=_HOLDS_EVENTS(events=Count(events)) if events else None,
        additions=OTHER_STATEMENTS(names=others) if others else None,
    )


def create(aws: Aws, desired: Queue) -> None:
    retry_while(
        aws,
        lambda: aws.sqs.create_queue(
            QueueName=desired.name,
            Attributes={
                "MessageRetentionPeriod": str(desired.retention_seconds),
                "Policy": json.dumps(desired.policy),
            },
            tags=desired.tags,
        ),
        *_JUST_DELETED,
        within=90,
    )


def update(aws: Aws, observed: Found[Queue], desired: Queue) -> None:
    before, url = observed.resource, aws.sqs.get_queue_url(QueueName=desired.name)["QueueUrl"]
    if (before.policy, before.retention_seconds) != (desired.policy, desired.retention_seconds):
        attributes = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
        policy = policies.parse(attributes.get("Attributes", {}).get("Policy"))
        aws.sqs.set_queue_attributes(
            QueueUrl=url,
            Attributes={
                "MessageRetentionPeriod": str(desired.retention_seconds),
                "Policy": json.dumps(policies.merge(policy, desired.policy)),
            },
        )
    ownership.retag(
        before.tags,
        desired.tags,
        tag=lambda tags: aws.sqs.tag_queue(QueueUrl=url, Tags=tags),
        untag=lambda keys: aws.sqs.untag_queue(QueueUrl=url, TagKeys=keys),
    )


def delete(aws: Aws, observed: Found[Queue], removal: Removal) -> None:
    """Counts once more: an event may have failed since, and SQS also deletes a full queue."""
    name = observed.resource.name
    purge = removal.purge and observed.holds is not None
    if events := 0 if purge else count_events(aws, name):
        raise StillUsed(_HOLDS_EVENTS(events=Count(events)))
    found = call_or_none(lambda: aws.sqs.get_queue_url(QueueName=name), *MISSING)
    if found:
        call_or_none(lambda: aws.sqs.delete_queue(QueueUrl=found["QueueUrl"]), *MISSING)


def count_events(aws: Aws, name: str) -> int | None:
    """About how many messages a queue holds; None when there is no such queue."""

    def count() -> int:
        url = aws.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        answer = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        return count_messages(answer["Attributes"])

    return call_or_none(count, *MISSING)


def count_messages(attributes: Mapping[Any, str]) -> int:
    """All of them: waiting, delayed, and received by a consumer that has not deleted them yet."""
    states = ("", "Delayed", "NotVisible")
    return sum(int(attributes.get(f"ApproximateNumberOfMessages{state}", 0)) for state in states)


def permissions(desired: Queue, place: Place) -> Iterator[Permission]:
    queue = Scope("Queue", (arns.queue(place, desired.name),))
    make = "sqs:CreateQueue sqs:SetQueueAttributes sqs:TagQueue sqs:UntagQueue"
    yield Permission(Verb.READ, queue, "sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ListQueueTags")
    yield Permission(Verb.MAKE, queue, make)
    yield Permission(Verb.REMOVE, queue, "sqs:DeleteQueue")
