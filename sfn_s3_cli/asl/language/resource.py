"""What a Resource names: a call to a service, and how a state waits for its end."""

from __future__ import annotations

import re
from typing import NamedTuple

ARN = r"arn:[^:\s]+:"
WAYS = ("sync", "sync:2", "waitForTaskToken")
"""The ways to wait for the end of what is called."""

_CALL = re.compile(
    rf"{ARN}states:[^:\s]*:[^:\s]*:(?!activity:)(?P<sdk>aws-sdk:)?"
    r"(?P<service>(?!aws-sdk:)[\w-]+):(?P<operation>\w+)(?:\.(?P<how>\S+))?"
)
_OF_AWS = re.compile(r"arn:aws(?:-[a-z]+)*:")
_FUNCTION = re.compile(rf"{ARN}lambda:[^:\s]*:[^:\s]*:function:\S+")


class Called(NamedTuple):
    """A call as the Resource spells it."""

    service: str
    operation: str
    how: str = ""
    """One of `WAYS`, or nothing; anything else is a fault."""
    is_sdk: bool = False

    @property
    def name(self) -> str:
        """`sqs:sendMessage`, `aws-sdk:s3:getObject`."""
        return f"{'aws-sdk:' if self.is_sdk else ''}{self.service}:{self.operation}"

    @property
    def key(self) -> str:
        """The same for comparing: a service of the SDK may end in `service` or not."""
        service = self.service.removesuffix("service") if self.is_sdk else self.service
        return f"{service}:{self.operation}".lower()


def read(resource: object) -> Called | None:
    """The call of a service; None for functions, activities and what is no ARN."""
    if call := _CALL.fullmatch(str(resource)):
        return Called(call["service"], call["operation"], call["how"] or "", bool(call["sdk"]))
    return None


def is_function(resource: object) -> bool:
    return bool(_FUNCTION.fullmatch(str(resource)))


def has_partition(arn: str) -> bool:
    """Whether the partition is like those of AWS: `aws`, `aws-cn`, `aws-us-gov`."""
    return bool(_OF_AWS.match(arn))
