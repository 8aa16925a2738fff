"""Explains AWS's errors to the user, each with a remedy."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from botocore import exceptions as botocore
from botocore.exceptions import BotoCoreError, ClientError

from sfn_s3_cli.aws.errors import DENIED, RequestedResource, code_of, message_of
from sfn_s3_cli.errors import AwsError, SfnctlError
from sfn_s3_cli.iam.actions import list_actions

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def explain(error: Exception) -> AwsError | None:
    """Turns an error of boto3 into one for the user; None when it is not an error of boto3."""
    match error:
        case ClientError():
            return _explain_response(error)
        case botocore.NoRegionError():
            return AwsError(
                "no region is set",
                "set `region:` in the config, --region, AWS_REGION or the profile's region",
            )
        case botocore.NoCredentialsError():
            return AwsError(
                "no AWS credentials were found",
                "set AWS_PROFILE, run `aws sso login`, or use --local",
            )
        case BotoCoreError():
            remedies = (remedy for kinds, remedy in _REMEDIES.items() if isinstance(error, kinds))
            return AwsError(str(error), next(remedies, ""))
        case ValueError() if "endpoint" in str(error):  # an AWS_ENDPOINT_URL without host
            return AwsError(
                str(error), "check AWS_ENDPOINT_URL and the service-specific AWS_ENDPOINT_URL_*"
            )
        case _:
            return None


def describe_error(error: BaseException) -> str:
    """The message of `explain`, or the error's own text."""
    known = explain(error) if isinstance(error, Exception) else None
    return known.message if known else str(error)


def explain_briefly(error: Exception) -> str:
    """Why an optional call was not answered, without the request; raises an unexpected error."""
    if code := code_of(error):
        return f"{code}: {message_of(error)}"
    known = error if isinstance(error, SfnctlError) else explain(error)
    if known is None:
        raise error
    return known.message


class Unanswered(NamedTuple):
    """What `ask_optional` returns if there is no answer."""

    why: str


def ask_optional(call: Callable[[], T]) -> T | Unanswered:
    """Returns the result of a call that a command can do without."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001  (raised again if it is unexpected)
        return Unanswered(explain_briefly(error))


def _explain_response(error: ClientError) -> AwsError:
    code, metadata = code_of(error), error.response.get("ResponseMetadata", {})
    if missing := _MISSING_MACHINE.search(f"{code}: {message_of(error)}"):
        return AwsError(f"state machine {missing['name']} does not exist", _REMEDIES_BY_CODE[code])
    resource, request = RequestedResource.of(error), metadata.get("RequestId", "")
    what = f"{error.operation_name} {resource.name}".rstrip()
    text = f"{what}: {code}: {message_of(error)}"
    if request:
        text += f" (request {request})"
    denied = code in DENIED or code.startswith("KmsAccessDenied")
    remedy = _explain_denial(error) if denied else _REMEDIES_BY_CODE.get(code, "")
    if not remedy and _ABOUT_A_KEY.search(text):
        remedy = _KEY
    return AwsError(text, remedy)


_MISSING_PERMISSION = re.compile(
    r'not authorized to perform: (?P<action>[\w-]+:\w+)(?: on resource: "?(?P<resource>[^\s"]+))?'
)

_MISSING_MACHINE = re.compile(r"StateMachineDoesNotExist: .*:stateMachine:(?P<name>[^\s:']+)")

# Only S3 denies without naming the action.
_SILENT = ("s3", "s3control")


def _explain_denial(error: ClientError) -> str:
    """The statement that would allow the call; empty where another principal is denied it."""
    message, requested = message_of(error), RequestedResource.of(error)
    missing = _MISSING_PERMISSION.search(message)
    if missing is None and requested.service not in _SILENT:
        return ""
    action = missing["action"] if missing else list_actions("s3", error.operation_name)[0]
    if "explicit deny" in message:
        return (
            f"a policy explicitly denies {action}, and no other policy can override that:"
            " ask the administrator of that policy"
        )
    arn = missing["resource"] if missing else _s3_arn(action, requested)
    # IAM also names a resource as `role NAME`, which is not allowed in a statement.
    resource = arn if arn and arn.startswith("arn:") else "*"
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return (
        f"these credentials lack {action}: add {json.dumps(statement)};"
        " `sfnctl permissions` prints everything that a command needs"
    )


def _s3_arn(action: str, requested: RequestedResource) -> str:
    return f"{requested.arn}/*" if "Object" in action else requested.arn


_LOGIN = "your login is missing or has expired: run `aws sso login`"

# The first entry with the error's class or a base class of it applies.
_REMEDIES: dict[tuple[type[Exception], ...], str] = {
    (botocore.ProxyConnectionError,): "check HTTPS_PROXY and NO_PROXY",
    (botocore.SSLError,): "set AWS_CA_BUNDLE if a proxy decrypts TLS",
    (botocore.HTTPClientError, botocore.ConnectionError): (
        "check the region, the network and the proxy"
    ),
    (botocore.ProfileNotFound,): "run `aws configure list-profiles` to list the profiles",
    (botocore.TokenRetrievalError, botocore.SSOError): _LOGIN,
    (botocore.PartialCredentialsError,): "set the missing value, or choose a profile",
    (botocore.InvalidConfigError,): "fix the profile in ~/.aws/config",
    (botocore.ConfigParseError,): "fix or remove that file",
    (botocore.CredentialRetrievalError,): "run the profile's credential_process to see its error",
    (botocore.InvalidRegionError,): "use the name of a region, such as eu-west-1",
    (botocore.MissingDependencyException,): "pip install 'botocore[crt]'",
}

_ABOUT_A_KEY = re.compile(r"\bkms\b|: Kms[A-Z]", re.IGNORECASE)
_KEY = (
    "check that the key is enabled, and that its policy has the statements that"
    " `sfnctl permissions kms-key` prints"
)

_EXPIRED = "the credentials have expired: run `aws sso login` or renew them"
_INVALID = "the credentials are not valid"
_CLOCK = "check this machine's clock"
_CLOCK_OR_CREDENTIALS = "check this machine's clock and the credentials"

_REMEDIES_BY_CODE = {
    "LimitExceededException": (
        "a quota is used up: ask AWS to raise it, or delete unused resources"
    ),
    "MaximumNumberOfTrailsExceededException": (
        "name an existing trail in `trigger.trail`, or use `via: s3`"
    ),
    "BucketAlreadyExists": "another account owns a bucket of that name: choose another name",
    "StateMachineAlreadyExists": "it was created in the meantime: run the same command again",
    "StateMachineDoesNotExist": "is the pipeline deployed? See `sfnctl status`",
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "RequestExpired": _CLOCK,
    "RequestTimeTooSkewed": _CLOCK,
    "AuthFailure": _CLOCK_OR_CREDENTIALS,
    "SignatureDoesNotMatch": _CLOCK_OR_CREDENTIALS,
    "InvalidSignatureException": _CLOCK_OR_CREDENTIALS,
    "UnrecognizedClientException": "the credentials are not valid for this account or region",
    "InvalidAccessKeyId": _INVALID,
    "InvalidClientTokenId": _INVALID,
    "SubscriptionRequiredException": (
        "activate the service or the region for this account in the AWS console"
    ),
}
