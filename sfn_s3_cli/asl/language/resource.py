"""Reads the Resource of a state: the call to a service, and how the state waits for its end."""

from __future__ import annotations

import re
from typing import NamedTuple

ARN = r"arn:[^:\s]+:"
SUFFIXES = ("sync", "sync:2", "waitForTaskToken")
"""What a Resource ends with when the state waits for the end of the call."""

_CALL = re.compile(
    rf"{ARN}states:[^:\s]*:[^:\s]*:(?!activity:)(?P<sdk>aws-sdk:)?"
    r"(?P<service>(?!aws-sdk:)[\w-]+):(?P<operation>\w+)(?:\.(?P<suffix>\S+))?"
)
_AWS_PARTITION = re.compile(r"arn:aws(?:-[a-z]+)*:")
_FUNCTION = re.compile(rf"{ARN}lambda:[^:\s]*:[^:\s]*:function:\S+")


class ServiceCall(NamedTuple):
    """A call as the Resource spells it."""

    service: str
    operation: str
    suffix: str = ""
    """One of `SUFFIXES`, or empty; anything else is invalid."""
    is_sdk: bool = False

    @property
    def name(self) -> str:
        """`sqs:sendMessage`, `aws-sdk:s3:getObject`."""
        return f"{'aws-sdk:' if self.is_sdk else ''}{self.service}:{self.operation}"

    @property
    def key(self) -> str:
        """The name for comparisons: a service of the SDK may end in `service` or not."""
        service = self.service.removesuffix("service") if self.is_sdk else self.service
        return f"{service}:{self.operation}".lower()


def read_call(resource: object) -> ServiceCall | None:
    """Reads the call of a service; None for functions, activities and anything but an ARN."""
    if call := _CALL.fullmatch(str(resource)):
        return ServiceCall(
            call["service"], call["operation"], call["suffix"] or "", bool(call["sdk"])
        )
    return None


def is_function(resource: object) -> bool:
    return bool(_FUNCTION.fullmatch(str(resource)))


def has_partition(arn: str) -> bool:
    """Whether the partition looks like one of AWS: `aws`, `aws-cn`, `aws-us-gov`."""
    return bool(_AWS_PARTITION.match(arn))
