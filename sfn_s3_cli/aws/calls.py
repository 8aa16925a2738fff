"""Hooks into every call to AWS: reports it, and adds what its errors do not say."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ProxyConnectionError,
)

from sfn_s3_cli.aws.errors import RequestedResource
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.iam import arns, bucket_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import boto3

    from sfn_s3_cli.clock import Clock
    from sfn_s3_cli.iam.arns import Place

_READING = ("Describe", "Get", "Head", "List", "Receive", "Test", "Validate")
_OWNER = "ExpectedBucketOwner"
_QUOTA = "LimitExceededException"
# After one of these errors it is certain that AWS did nothing.
_NOTHING_DONE = (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ProxyConnectionError,
)


class ApiCall(NamedTuple):
    """A call that AWS answered, as `--verbose` shows it."""

    service: str
    operation: str
    seconds: float
    retries: int
    error: str


class CallHooks:
    """Follows the calls of one session, made through any of its clients, in any thread.

    `place` returns where the pipeline is, or None before that is known.
    """

    def __init__(
        self,
        session: boto3.Session,
        clock: Clock,
        place: Callable[[], Place | None],
        on_call: Callable[[ApiCall], None] | None,
    ) -> None:
        self.may_have_changed = False
        """Whether a call changed something on AWS, or may have done so before it failed."""
        self.interrupted = threading.Event()
        """Set when the command is interrupted; everything that waits for AWS gives up then."""
        self.lag = timedelta(0)
        """How much this machine's clock is behind AWS's."""
        self._clock = clock
        self._place = place
        self._on_call = on_call
        session.events.register("provide-client-params.s3", self._expect_own_bucket)
        session.events.register("provide-client-params", self._before_call)
        session.events.register("before-call.s3.CreateBucket", _choose_namespace)
        session.events.register("response-received", self._after_response)
        session.events.register("request-created", self._before_attempt)
        session.events.register("after-call", self._after_call)
        session.events.register("after-call-error", self._after_failure)

    def raise_if_interrupted(self) -> None:
        """Raises AwsError when the command is interrupted. For the steps of long loops."""
        if self.interrupted.is_set():
            raise AwsError("interrupted")

    def _expect_own_bucket(self, params: dict[str, Any], model: Any, **_: object) -> None:
        """Makes S3 refuse a bucket of another account, which may have the same name.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
        """
        place = self._place()
        if place and _OWNER in model.input_shape.members:
            params.setdefault(_OWNER, place.account)

    def _before_call(
        self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: object
    ) -> None:
        context["sfnctl_began"] = self._clock.now()
        service, name = model.service_model.service_name, _first_parameter(params, model)
        place = self._place() if service == "s3" else None
        arn = arns.bucket(place, name) if place else name if service == "s3control" else ""
        context["sfnctl_resource"] = RequestedResource(service, name, arn)

    def _after_response(self, parsed_response: Any, context: dict[str, Any], **_: object) -> None:
        context["sfnctl_response"] = parsed_response or {}

    def _before_attempt(self, request: Any, operation_name: str, **_: object) -> None:
        """Stops retries after an interruption, and when a quota is used up.

        botocore takes the error for a used-up quota for throttling.
        """
        context = request.context
        if context.get("retries", {}).get("attempt", 1) == 1:
            return
        self.raise_if_interrupted()
        response = context.get("sfnctl_response", {})
        if response.get("Error", {}).get("Code") == _QUOTA:
            _add_resource(response.setdefault("ResponseMetadata", {}), context)
            raise ClientError(response, operation_name)

    def _after_call(self, model: Any, parsed: Any, context: dict[str, Any], **_: object) -> None:
        metadata = parsed.setdefault("ResponseMetadata", {})
        retries, error = metadata.get("RetryAttempts", 0), parsed.get("Error", {}).get("Code", "")
        if error:
            _add_resource(metadata, context)
        if date := _read_date(metadata):
            self.lag = date - self._clock.now()
        is_refused = 400 <= metadata.get("HTTPStatusCode", 0) < 500  # noqa: PLR2004
        if retries or not is_refused:
            self._note_change(model.name)
        if self._on_call:
            seconds = (self._clock.now() - context["sfnctl_began"]).total_seconds()
            service = model.service_model.service_name
            self._on_call(ApiCall(service, model.name, seconds, retries, error))

    def _after_failure(self, event_name: str, exception: Exception, **_: object) -> None:
        """No response came, but AWS may have carried out the call."""
        if not isinstance(exception, _NOTHING_DONE):
            self._note_change(event_name.rpartition(".")[2])

    def _note_change(self, operation: str) -> None:
        if not operation.startswith(_READING):
            self.may_have_changed = True


def _read_date(metadata: Mapping[str, Any]) -> datetime | None:
    """When AWS answered, by its own clock; None without a usable header."""
    try:
        date = parsedate_to_datetime(metadata.get("HTTPHeaders", {})["date"])
    except (KeyError, ValueError):
        return None
    return date if date.tzinfo else None


def _choose_namespace(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    """Adds what S3 demands for such a name. An old boto3 does not know the parameter."""
    if bucket_names.is_in_namespace(context["sfnctl_resource"].name):
        params["headers"][bucket_names.HEADER] = bucket_names.NAMESPACE


def _add_resource(metadata: dict[str, Any], context: dict[str, Any]) -> None:
    """Puts the resource where `RequestedResource.of` finds it."""
    metadata[RequestedResource.__name__] = context["sfnctl_resource"]


def _first_parameter(params: dict[str, Any], model: Any) -> str:
    """The first required parameter of a request: the name or ARN of its resource."""
    required = model.input_shape.required_members if model.input_shape else []
    value = next((params.get(name) for name in required if name != "AccountId"), "")
    return str(value[0] if isinstance(value, (list, tuple)) else value)
