"""Dead letters: how many events could not start an execution, and a sample of the reasons.

EventBridge notes the reason in attributes of each message:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
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


class ErrorCount(NamedTuple):
    """How many of the dead letters that were read have an ERROR_CODE, which is "" without one."""

    code: str
    number: int

    @property
    def needs_care(self) -> bool:
        """Whether these events are lost unless somebody acts."""
        return self.code != DUPLICATE


@dataclass(frozen=True)
class DeadLetters:
    """About how many there are, and the error codes of those that were read, the most frequent
    first."""

    number: int
    errors: tuple[ErrorCount, ...] = ()
    not_read: Reason | None = None

    @property
    def read(self) -> int:
        return sum(each.number for each in self.errors)


def read_dead_letters(aws: Aws, queue: str) -> DeadLetters | None:
    """Counts the dead letters and reads a sample; None when there is no such queue."""

    def read() -> DeadLetters:
        url = aws.sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        attributes = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        return _describe(aws, url, attributes["Attributes"])

    return call_or_none(read, *MISSING)


def _describe(aws: Aws, url: str, attributes: Mapping[Any, str]) -> DeadLetters:
    number = count_messages(attributes)
    if not number:
        return DeadLetters(0)
    if attributes.get("RedrivePolicy"):
        return DeadLetters(number, not_read=_REDRIVEN())
    try:
        return DeadLetters(number, _count_errors(sample_messages(aws, url)))
    except Exception as error:
        if reason := _explain(error):
            return DeadLetters(number, not_read=reason)
        raise


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
        )
        known = len(found)
        found |= {message["MessageId"]: message for message in answer.get("Messages", [])}
        if len(found) == known or len(found) >= _SAMPLE:
            break
    return [*found.values()][:_SAMPLE]


def _count_errors(messages: Iterable[MessageTypeDef]) -> tuple[ErrorCount, ...]:
    counter = Counter(_read_code(message) for message in messages)
    pairs = sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(ErrorCount(code, count) for code, count in pairs)


def _read_code(message: MessageTypeDef) -> str:
    attribute = message.get("MessageAttributes", {}).get("ERROR_CODE")
    return attribute.get("StringValue", "") if attribute else ""


def _explain(error: Exception) -> Reason | None:
    """Why a queue that can be counted cannot be read; None for any other error."""
    code = code_of(error)
    if code in DENIED:
        return _LACKS(action="sqs:ReceiveMessage")
    return _KEY_REFUSED(error=code) if code.lower().startswith("kms") else None
