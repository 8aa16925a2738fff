"""AWS's errors: recognised by their code, told in words."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from botocore import exceptions as botocore
from botocore.exceptions import BotoCoreError, ClientError

from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.iam.actions import actions_of

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Asked(NamedTuple):
    """What an operation was asked of: the door to AWS notes it with every error."""

    service: str = ""
    resource: str = ""
    """The name or ARN that the request leads with; empty for an operation without one."""
    arn: str = ""
    """For S3, whose answers do not name it: the ARN of the bucket."""

    @staticmethod
    def of(error: ClientError) -> Asked:
        metadata: Any = error.response.get("ResponseMetadata", {})
        return metadata.get(Asked.__name__) or Asked()


def code_of(error: BaseException) -> str:
    """The code AWS gave, such as `ThrottlingException`; empty for any other error."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return ""


def message_of(error: BaseException) -> str:
    """The sentence AWS gave; the error's own text for any other error.

    Where the signature was wrong, AWS goes on with the headers that it expected, and with them the
    session token: that part is left out.
    """
    if isinstance(error, ClientError):
        message = str(error.response.get("Error", {}).get("Message", ""))
        return _EXPECTED_REQUEST.split(message)[0].rstrip()
    return str(error)


_EXPECTED_REQUEST = re.compile(r"\s*The (?:Canonical String|String-to-Sign)\b", re.IGNORECASE)


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
        case botocore.NoCredentialsError():
            return AwsError(
                "no AWS credentials were found",
                "set AWS_PROFILE, run `aws sso login`, or try it with --local",
            )
        case BotoCoreError():
            remedies = (remedy for kinds, remedy in _REMEDIES.items() if isinstance(error, kinds))
            return AwsError(str(error), next(remedies, ""))
        case ValueError() if "endpoint" in str(error):  # botocore checks a URL no further
            return AwsError(str(error), "check AWS_ENDPOINT_URL and its kin")
        case _:
            return None


_LOGIN = "you are not logged in, or no longer: run `aws sso login`"
_NETWORK = "check the region, the network and the proxy"

# In this order: the first kind that an error is of.
_REMEDIES: dict[tuple[type[Exception], ...], str] = {
    (botocore.ProxyConnectionError,): "check HTTPS_PROXY and NO_PROXY",
    (botocore.SSLError,): "set AWS_CA_BUNDLE if a proxy looks into TLS",
    (botocore.HTTPClientError, botocore.ConnectionError): _NETWORK,
    (botocore.ProfileNotFound,): "`aws configure list-profiles` lists those there are",
    (botocore.TokenRetrievalError, botocore.SSOError): _LOGIN,
    (botocore.PartialCredentialsError,): "set what is missing, or choose a profile",
    (botocore.InvalidConfigError,): "mend the profile in ~/.aws/config",
    (botocore.ConfigParseError,): "mend that file, or move it away",
    (botocore.CredentialRetrievalError,): "run the profile's credential_process by hand",
    (botocore.InvalidRegionError,): "a region is called like eu-west-1",
    (botocore.MissingDependencyException,): "pip install 'botocore[crt]'",
}


def in_words(error: BaseException) -> str:
    """The message of `explained`, or the error's own."""
    known = explained(error) if isinstance(error, Exception) else None
    return known.message if known else str(error)


def _refusal(error: ClientError) -> AwsError:
    code, metadata = code_of(error), error.response.get("ResponseMetadata", {})
    asked, request = Asked.of(error), metadata.get("RequestId", "")
    what = f"{error.operation_name} {asked.resource}".rstrip()
    text = f"{what}: {code}: {message_of(error)}"
    if request:
        text += f" (request {request})"
    return AwsError(text, _HINTS.get(code, "") or (_allowing(error) if code in DENIED else ""))


DENIED = frozenset({"AccessDenied", "AccessDeniedException", "403"})

_LACKING = re.compile(
    r'not authorized to perform: (?P<action>[\w-]+:\w+)(?: on resource: "?(?P<resource>[^\s"]+))?'
)


def _allowing(error: ClientError) -> str:
    """What would allow it. Empty where it is not the caller who lacks something."""
    message, asked = message_of(error), Asked.of(error)
    lacking = _LACKING.search(message)
    if lacking is None and asked.service != "s3":  # only S3 denies without a word
        return ""
    action = lacking["action"] if lacking else actions_of("s3", error.operation_name)[0]
    if "explicit deny" in message:
        return f"a policy denies {action} explicitly, so no other can allow it: ask who manages it"
    named = lacking["resource"] if lacking else _of_s3(action, asked)
    # IAM also names a resource as `role NAME`, which no statement takes.
    resource = named if named and named.startswith("arn:") else "*"
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return (
        f"these credentials lack {action}: add {json.dumps(statement)};"
        " `sfnctl permissions` prints all that a command needs"
    )


def _of_s3(action: str, asked: Asked) -> str:
    return f"{asked.arn}/*" if "Object" in action else asked.arn


_HINTS = {
    "LimitExceededException": "a quota is used up: ask AWS for more, or remove what is not used",
    "BucketAlreadyExists": "another account has a bucket of that name: choose another",
    "StateMachineAlreadyExists": "somebody else is creating it: run the same command again",
    "StateMachineDoesNotExist": "is the pipeline deployed? See `sfnctl status`",
    "ExpiredToken": "the credentials have expired: run `aws sso login` or renew them",
    "ExpiredTokenException": "the credentials have expired: run `aws sso login` or renew them",
    "RequestExpired": "check this machine's clock",
    "RequestTimeTooSkewed": "check this machine's clock",
    "AuthFailure": "check this machine's clock and the credentials",
    "SignatureDoesNotMatch": "check this machine's clock and the credentials",
    "InvalidSignatureException": "check this machine's clock and the credentials",
    "UnrecognizedClientException": "the credentials are not valid for this account or region",
    "InvalidAccessKeyId": "the credentials are not valid",
    "InvalidClientTokenId": "the credentials are not valid",
    "SubscriptionRequiredException": "the account or the region is not activated for this service",
}
