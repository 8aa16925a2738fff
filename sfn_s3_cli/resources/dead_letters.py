"""Dead letters: how many events could not start an execution, and a sample of the reasons.

EventBridge notes the reason in attributes of each message:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.aws.errors import DENIED, call_or_none, code_of
from sfn_s3_cli.resources.queue import MISSING, count_messages
from sfn_s3_cli.resources.reasons import Reason, ReasonType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from types_boto3_sqs.type_defs import MessageTypeDef

    from sfn_s3_cli.aws.client import Aws

DUPLICATE = "RESOURCE_ALREADY_EXISTS"
"""The code of an event that was delivered twice: its execution exists, so nothing is lost."""

_SAMPLE = 50
_PAGE = 10  # ReceiveMessage returns at most this many
_CALLS = 10

_LACKS = ReasonType("DEAD_LETTERS_DENIED", "these credentials lack {action}")
_KEY_REFUSED = ReasonType("DEAD_LETTERS_ENCRYPTED", "the queue's key cannot be used: {error}")
_REDRIVEN = ReasonType(
    "DEAD_LETTERS_COUNTED",
    "the queue has a redrive policy, and reading would count towards its maxReceiveCount",
)
_NONE_RECEIVED = ReasonType(
    "DEAD_LETTERS_NOT_RECEIVED",
    "SQS returns none of them: others have received them and not deleted them yet, or they have"
    " just been deleted",
)


class ErrorCount(NamedTuple):
    """How many of the dead letters that were read have an ERROR_CODE, which is "" without one, and
    when the oldest of them was sent to the queue."""

    code: str
    number: int
    oldest: datetime

    @property
    def needs_care(self) -> bool:
        """Whether these events are lost unless somebody acts."""
        return self.code != DUPLICATE


@dataclass(frozen=True)
class DeadLetters:
    """About how many there are at a moment, and the error codes of those that were read, the most
    frequent first."""

    number: int
    moment: datetime
    errors: tuple[ErrorCount, ...] = ()
    not_read: Reason | None = None

    @property
    def read(self) -> int:
        return sum(each.number for each in self.errors)

    @property
    def oldest(self) -> datetime | None:
        """When the oldest of those that were read was sent to the queue."""
        return min((each.oldest for each in self.errors), default=None)

    @property
    def needs_care(self) -> bool:
        """Whether events may be lost unless somebody acts: what was not read may be one of them."""
        return self.read < self.number or any(each.needs_care for each in self.errors)


def read_dead_letters(aws: Aws, queue: str) -> DeadLetters | None:
    """Counts the dead letters and reads a sample; None when there is no such queue."""

    def read() -> DeadLetters:
        url = aws.sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        attributes = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        return _describe(aws, url, attributes["Attributes"])

    return call_or_none(read, *MISSING)


def _describe(aws: Aws, url: str, attributes: Mapping[Any, str]) -> DeadLetters:
    letters = DeadLetters(count_messages(attributes), aws.now())
    if not letters.number:
        return letters
    if attributes.get("RedrivePolicy"):
        return replace(letters, not_read=_REDRIVEN())
    try:
        messages = sample_messages(aws, url)
    except Exception as error:
        if reason := _explain(error):
            return replace(letters, not_read=reason)
        raise
    not_read = None if messages else _NONE_RECEIVED()
    return replace(letters, errors=_count_errors(messages), not_read=not_read)


def sample_messages(aws: Aws, url: str) -> list[MessageTypeDef]:
    """Receives up to 50 different messages, which others can receive at the same time.

    SQS cannot show messages without receiving them, and may return the same ones again.
    """
    found: dict[str, MessageTypeDef] = {}
    for _ in range(_CALLS):
        answer = aws.sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=_PAGE,
            VisibilityTimeout=0,
            WaitTimeSeconds=1,  # asks all servers; returns as soon as one has a message
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["SentTimestamp"],
        )
        known = len(found)
        found |= {message["MessageId"]: message for message in answer.get("Messages", [])}
        if len(found) == known or len(found) >= _SAMPLE:
            break
    return [*found.values()][:_SAMPLE]


def _count_errors(messages: Iterable[MessageTypeDef]) -> tuple[ErrorCount, ...]:
    sent: dict[str, list[datetime]] = {}
    for message in messages:
        sent.setdefault(_read_code(message), []).append(_read_time(message))
    counts = (ErrorCount(code, len(times), min(times)) for code, times in sent.items())
    return tuple(sorted(counts, key=lambda each: (-each.number, each.code)))


def _read_time(message: MessageTypeDef) -> datetime:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html"""
    milliseconds = int(message["Attributes"]["SentTimestamp"])
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _read_code(message: MessageTypeDef) -> str:
    attribute = message.get("MessageAttributes", {}).get("ERROR_CODE")
    return attribute.get("StringValue", "") if attribute else ""


def _explain(error: Exception) -> Reason | None:
    """Why a queue that can be counted cannot be read; None for any other error."""
    code = code_of(error)
    if code in DENIED:
        return _LACKS(action="sqs:ReceiveMessage")
    return _KEY_REFUSED(error=code) if code.lower().startswith("kms") else None
