"""SQS queue: keeps the events that could not start an execution."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from sfn_s3_cli.aws import console
from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.counts import Count
from sfn_s3_cli.iam import arns, policies
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.resources.base import Removal, Resource, StillUsed
from sfn_s3_cli.resources.observation import Found, Missing, Observation
from sfn_s3_cli.resources.permissions import Permission, Scope, Verb
from sfn_s3_cli.resources.reasons import KEY_POLICY, OTHER_STATEMENTS, ReasonType
from sfn_s3_cli.resources.words import POLICY, SECONDS, TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.resources.base import Address
    from sfn_s3_cli.resources.change import Change
    from sfn_s3_cli.resources.reasons import Reason

_DAY = 24 * 3600
RETENTION_SECONDS = 14 * _DAY

EXISTS = ("QueueAlreadyExists", "QueueNameExists")
MISSING = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")

# SQS keeps a name reserved for 60 seconds after the queue is deleted.
_JUST_DELETED = [
    TransientError(code, waiting_for="SQS, which frees a queue's name after a minute")
    for code in ("AWS.SimpleQueueService.QueueDeletedRecently", "QueueDeletedRecently")
]

_HOLDS_EVENTS = ReasonType(
    "HOLDS_EVENTS",
    "it holds about {events:dead letter} (`sfnctl status` says which are duplicates)",
)


@dataclass(frozen=True, kw_only=True)
class Queue(Resource):
    kind: ClassVar[str] = "queue"
    may_hold_data: ClassVar[bool] = True
    policy: JsonObject = field(metadata=POLICY)
    retention_seconds: int = field(default=RETENTION_SECONDS, metadata=SECONDS)
    kms_key: str | None = None
    """None for a key that SQS owns."""
    tags: dict[str, str] = field(metadata=TAGS)

    @property
    def essence(self) -> str:
        return f"keeps events for {self.retention_seconds // _DAY} days"

    def outputs(self, aws: Aws) -> Mapping[str, str | None]:
        """The URL is built as SQS builds it, from the endpoint.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
        """
        url = f"{aws.sqs.meta.endpoint_url}/{aws.place.account}/{self.name}"
        page = console.find_page(aws, "sqs/v3/home", f"/queues/{quote(url, safe='')}")
        return {
            "queue_arn": arns.queue(aws.place, self.name),
            "queue_url": url,
            "queue_console_url": page,
        }


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
            kms_key=values.get("KmsMasterKeyId") or None,
            tags=ownership.select_ours(tags, desired.tags),
        ),
        owner=ownership.read_owner(tags),
        holds=_HOLDS_EVENTS(events=Count(events)) if events else None,
        adopted=tags.get(ownership.ADOPTED),
        additions=OTHER_STATEMENTS(names=others) if others else None,
    )


def create(aws: Aws, desired: Queue) -> None:
    retry_while(
        aws,
        lambda: aws.sqs.create_queue(
            QueueName=desired.name,
            Attributes=_attributes(desired, desired.policy)
            | (_encryption(desired) if desired.kms_key else {}),
            tags=desired.tags,
        ),
        *_JUST_DELETED,
        within=90,
    )


def update(aws: Aws, observed: Found[Queue], desired: Queue) -> None:
    before, url = observed.resource, aws.sqs.get_queue_url(QueueName=desired.name)["QueueUrl"]
    if _settings(before) != _settings(desired):
        attributes = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
        policy = policies.parse(attributes.get("Attributes", {}).get("Policy"))
        encryption = _encryption(desired) if before.kms_key != desired.kms_key else {}
        merged = policies.merge(policy, desired.policy)
        aws.sqs.set_queue_attributes(
            QueueUrl=url, Attributes=_attributes(desired, merged) | encryption
        )
    ownership.retag(
        before.tags,
        desired.tags | ownership.of_adoption(observed.owner, aws.now()),
        tag=lambda tags: aws.sqs.tag_queue(QueueUrl=url, Tags=tags),
        untag=lambda keys: aws.sqs.untag_queue(QueueUrl=url, TagKeys=keys),
    )


def _settings(queue: Queue) -> tuple[object, ...]:
    return (queue.policy, queue.retention_seconds, queue.kms_key)


def _attributes(desired: Queue, policy: JsonObject) -> dict[Any, str]:
    return {
        "MessageRetentionPeriod": str(desired.retention_seconds),
        "Policy": json.dumps(policy),
    }


def _encryption(desired: Queue) -> dict[Any, str]:
    """A queue has one kind of encryption: a key switches that of SQS off.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
    """
    if desired.kms_key:
        return {"KmsMasterKeyId": desired.kms_key}
    return {"KmsMasterKeyId": "", "SqsManagedSseEnabled": "true"}


def delete(aws: Aws, observed: Found[Queue], removal: Removal) -> None:
    """Counts once more: an event may have failed since, and SQS also deletes a full queue."""
    name = observed.resource.name
    purge = removal.purges(observed.resource) and observed.holds is not None
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
    yield Permission(Verb.READ_MESSAGES, queue, "sqs:ReceiveMessage")
    if desired.kms_key:
        context = ("StringEquals", "kms:EncryptionContext:aws:sqs:arn", queue.resources[0])
        key = Scope("QueueKey", (desired.kms_key,), context)
        yield Permission(Verb.READ_MESSAGES, key, "kms:Decrypt")
    yield Permission(Verb.MAKE, queue, make)
    yield Permission(Verb.REMOVE, queue, "sqs:DeleteQueue")


def notes(change: Change, changes: Mapping[Address, Change]) -> Iterator[Reason]:  # noqa: ARG001
    match change.desired:
        case Queue(kms_key=str(key)) if change.affects("kms_key"):
            yield KEY_POLICY(key=key, services=("events.amazonaws.com",))
