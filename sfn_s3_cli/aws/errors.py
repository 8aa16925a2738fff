"""AWS's errors: recognised by their code, told in words."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from botocore import exceptions as botocore
from botocore.exceptions import BotoCoreError, ClientError

from sfn_s3_cli.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def code_of(error: BaseException) -> str:
    """The code AWS gave, such as `ThrottlingException`; empty for any other error."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return ""


def message_of(error: BaseException) -> str:
    """The sentence AWS gave; the error's own text for any other error."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Message", ""))
    return str(error)


def unless(call: Callable[[], T], *codes: str) -> T | None:
    """What `call` gives, or None when AWS answers with one of `codes` (mostly: there is none)."""
    try:
        return call()
    except ClientError as error:
        if code_of(error) in codes:
            return None
        raise


# Errors that outlast botocore's own retries and still go away; a page token is one that expires.
PASSING = frozenset(
    {
        "InternalFailure",
        "InternalServerError",
        "InvalidToken",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


def passes(error: Exception, *, seen_before: bool) -> bool:
    """Whether to ask again later. A network that worked before is waited for."""
    match error:
        case ClientError():
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            return code_of(error) in PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        case botocore.HTTPClientError() | botocore.ConnectionError():
            return seen_before
    return False


def explained(error: Exception) -> AwsError | None:
    """`error` in the words of a user, with the remedy; None when it is not one of AWS's."""
    match error:
        case ClientError():
            return _refusal(error)
        case botocore.NoRegionError():
            return AwsError(
                "no region is set",
                "set `region:` in the config, --region, AWS_REGION or the profile's region",
            )
        case botocore.NoCredentialsError() | botocore.PartialCredentialsError():
            return AwsError(
                "no AWS credentials were found",
                "set AWS_PROFILE, run `aws sso login`, or try it with --local",
            )
        case botocore.EndpointConnectionError() | botocore.ConnectTimeoutError():
            return AwsError(str(error), "check the region, the network and the proxy")
        case botocore.ProfileNotFound():
            return AwsError(str(error), "`aws configure list-profiles` lists those there are")
        case BotoCoreError():
            return AwsError(str(error))
        case ValueError() if "endpoint" in str(error):  # botocore checks a URL no further
            return AwsError(str(error), "check AWS_ENDPOINT_URL and its kin")
        case _:
            return None


def _refusal(error: ClientError) -> AwsError:
    code, metadata = code_of(error), error.response.get("ResponseMetadata", {})
    request = metadata.get("RequestId", "")
    text = f"{error.operation_name}: {code}: {message_of(error)}"
    if request:
        text += f" (request {request})"
    return AwsError(text, _HINTS.get(code, ""))


_HINTS = {
    "StateMachineDoesNotExist": "is the pipeline deployed? See `sfnctl status`",
    "ExpiredToken": "the credentials have expired: run `aws sso login` or renew them",
    "ExpiredTokenException": "the credentials have expired: run `aws sso login` or renew them",
    "RequestTimeTooSkewed": "check this machine's clock",
    "AuthFailure": "check this machine's clock and the credentials",
    "InvalidSignatureException": "check this machine's clock and the credentials",
    "UnrecognizedClientException": "the credentials are not valid for this account or region",
    "InvalidClientTokenId": "the credentials are not valid",
}
