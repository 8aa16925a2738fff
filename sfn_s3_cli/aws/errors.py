"""Recognises AWS's errors by their codes."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from botocore import exceptions as botocore
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

DENIED = frozenset({"AccessDenied", "AccessDeniedException", "403"})

THROTTLED = frozenset(
    {
        "KmsThrottlingException",
        "RequestLimitExceeded",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)

# Errors that outlast botocore's retries and still go away. InvalidToken: an expired page token.
TRANSIENT = THROTTLED | {
    "InternalFailure",
    "InternalServerError",
    "InvalidToken",
    "ServiceUnavailable",
}


class RequestedResource(NamedTuple):
    """The resource that a failed request was about; `aws.calls` adds it to every error."""

    service: str = ""
    name: str = ""
    """The name or ARN that comes first in the request; empty for an operation without one."""
    arn: str = ""
    """The ARN of the bucket in a request to S3, whose errors do not contain it."""

    @staticmethod
    def of(error: ClientError) -> RequestedResource:
        metadata: Any = error.response.get("ResponseMetadata", {})
        return metadata.get(RequestedResource.__name__) or RequestedResource()


def code_of(error: BaseException) -> str:
    """The error code from AWS, such as `ThrottlingException`; empty for any other error."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return ""


def message_of(error: BaseException) -> str:
    """The message from AWS; the error's own text for any other error.

    After a wrong signature, AWS's message continues with the headers that it expected, and these
    contain the session token: that part is cut off.
    """
    if isinstance(error, ClientError):
        message = str(error.response.get("Error", {}).get("Message", ""))
        return _EXPECTED_REQUEST.split(message)[0].rstrip()
    return str(error)


_EXPECTED_REQUEST = re.compile(r"\s*The (?:Canonical String|String-to-Sign)\b", re.IGNORECASE)


def call_or_none(call: Callable[[], T], *codes: str) -> T | None:
    """Returns the result of `call`, or None when AWS answers with one of `codes`.

    Mostly for the codes that say that a resource does not exist.
    """
    try:
        return call()
    except ClientError as error:
        if code_of(error) in codes:
            return None
        raise


def is_transient(error: Exception, *, worked_before: bool) -> bool:
    """Whether the same call may succeed later.

    A network error is transient only if the network worked before.
    """
    match error:
        case ClientError():
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            return code_of(error) in TRANSIENT or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        case botocore.HTTPClientError() | botocore.ConnectionError():
            return worked_before
    return False


def is_unreadable(error: Exception) -> bool:
    """Whether data is encrypted with a KMS key that cannot be used, or not by the caller.

    https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
    """
    code = code_of(error)
    if code in {"KmsAccessDeniedException", "KmsInvalidStateException"}:
        return True
    return code in DENIED and "kms:Decrypt" in message_of(error)
