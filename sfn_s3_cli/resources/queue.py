"""SQS queue: keeps the events that could not start an execution."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.iam import policies
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.iam.policies import Document
from sfn_s3_cli.resources.base import Observed, Resource, StillUsed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads

RETENTION_SECONDS = 14 * 24 * 3600

MISSING = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
# SQS gives a name free 60 seconds after the queue is deleted.
_JUST_DELETED = [
    TransientError(code, waiting_for="SQS, which frees a queue's name after a minute")
    for code in ("AWS.SimpleQueueService.QueueDeletedRecently", "QueueDeletedRecently")
]


@dataclass(frozen=True, kw_only=True)
class Queue(Resource):
    kind: ClassVar[str] = "queue"
    policy: Document
    retention_seconds: int = RETENTION_SECONDS
    tags: dict[str, str]


def observe(reads: Reads, desired: Queue, *, leaving: bool) -> Observed[Queue] | None:
    sqs = reads.aws.sqs
    found = call_or_none(reads.ask(sqs.get_queue_url, QueueName=desired.name).result, *MISSING)
    if found is None:
        return None
    url = found["QueueUrl"]
    attributes = reads.ask(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["All"])
    all_tags = reads.ask(sqs.list_queue_tags, QueueUrl=url)
    answers = call_or_none(attributes.result, *MISSING), call_or_none(all_tags.result, *MISSING)
    if None in answers:  # for a minute after its deletion, a queue is there and is not
        return None
    values, tags = attributes.result()["Attributes"], all_tags.result().get("Tags", {})
    policy = policies.parsed(values.get("Policy"))
    messages = _messages(values) if leaving else 0
    return Observed(
        Queue(
            name=desired.name,
            policy=policies.slice_of(policy, desired.policy),
            retention_seconds=int(values["MessageRetentionPeriod"]),
            tags=ownership.ours(tags, desired.tags),
        ),
        owner=ownership.owner(tags),
        holds=_held(messages) if messages else "",
        others=policies.others(policy, desired.policy),
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


def update(aws: Aws, observed: Queue, desired: Queue) -> None:
    url = aws.sqs.get_queue_url(QueueName=desired.name)["QueueUrl"]
    if (observed.policy, observed.retention_seconds) != (desired.policy, desired.retention_seconds):
        attributes = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
        policy = policies.parsed(attributes.get("Attributes", {}).get("Policy"))
        aws.sqs.set_queue_attributes(
            QueueUrl=url,
            Attributes={
                "MessageRetentionPeriod": str(desired.retention_seconds),
                "Policy": json.dumps(policies.merged(policy, desired.policy)),
            },
        )
    ownership.retag(
        observed.tags,
        desired.tags,
        tag=lambda tags: aws.sqs.tag_queue(QueueUrl=url, Tags=tags),
        untag=lambda keys: aws.sqs.untag_queue(QueueUrl=url, TagKeys=keys),
    )


def delete(aws: Aws, observed: Observed[Queue]) -> None:
    """Looks once more: an event may have failed since, and SQS deletes what is not empty too."""
    name = observed.resource.name
    messages = 0 if observed.holds else depth(aws, name)
    if messages:
        raise StillUsed(_held(messages))
    found = call_or_none(lambda: aws.sqs.get_queue_url(QueueName=name), *MISSING)
    if found:
        call_or_none(lambda: aws.sqs.delete_queue(QueueUrl=found["QueueUrl"]), *MISSING)


def _held(messages: int) -> str:
    return f"{messages} events that could not start an execution"


def depth(aws: Aws, name: str) -> int | None:
    """About how many messages a queue holds; None when there is no such queue."""

    def count() -> int:
        url = aws.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        answer = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        return _messages(answer["Attributes"])

    return call_or_none(count, *MISSING)


def _messages(attributes: Mapping[Any, str]) -> int:
    """All of them: waiting, delayed, and received by somebody who has not deleted them yet."""
    kinds = ("", "Delayed", "NotVisible")
    return sum(int(attributes.get(f"ApproximateNumberOfMessages{kind}", 0)) for kind in kinds)
