"""SNS topic of alarms: CloudWatch takes any ARN, also one that it cannot notify."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.explain import Unanswered, ask_optional
from sfn_s3_cli.resources.reasons import ReasonType

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.resources.reasons import Reason

_MISSING = ("NotFound", "NotFoundException")
_SNS_KEY = "alias/aws/sns"

_NO_TOPIC = ReasonType(
    "TOPIC_MISSING",
    "The topic {topics} does not exist, so the alarms notify nobody.",
    describes_state=True,
    is_warning=True,
    collects="topics",
)
_KEY_OF_SNS = ReasonType(
    "TOPIC_KEY_OF_SNS",
    f"The topic {{topics}} is encrypted with {_SNS_KEY}, which CloudWatch cannot use, so the alarms"
    " notify nobody. Use a key of your own, whose policy lets cloudwatch.amazonaws.com use it.",
    describes_state=True,
    is_warning=True,
    collects="topics",
)
_KEY = ReasonType(
    "TOPIC_KEY",
    "The policy of {key} must let cloudwatch.amazonaws.com use the key, which encrypts the topic"
    " {topics}.",
    collects="topics",
)
_NOT_CHECKED = ReasonType(
    "TOPIC_NOT_CHECKED",
    "Not checked: whether alarms can notify the topic {topics} ({error}). Its policy must let"
    " cloudwatch.amazonaws.com publish to it.",
    collects="topics",
)


def note(reads: Reads, arn: str) -> tuple[Reason, ...]:
    """What is known to keep alarms from notifying the topic.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    match ask_optional(reads.ask(_read_key, reads.aws, arn).result):
        case Unanswered(why):
            return (_NOT_CHECKED(topics=arn, error=why),)
        case None:
            return (_NO_TOPIC(topics=arn),)
        case str(key) if key.endswith(_SNS_KEY):
            return (_KEY_OF_SNS(topics=arn),)
        case str(key) if key:
            return (_KEY(topics=arn, key=key),)
    return ()


def _read_key(aws: Aws, arn: str) -> str | None:
    """The key that encrypts a topic, or an empty string; None if the topic does not exist."""
    topic = call_or_none(lambda: aws.sns.get_topic_attributes(TopicArn=arn), *_MISSING)
    return topic["Attributes"].get("KmsMasterKeyId", "") if topic else None
