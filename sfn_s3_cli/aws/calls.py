"""What is done to every call to AWS, and noted of it, on its way through botocore."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ProxyConnectionError,
)

from sfn_s3_cli.aws.errors import Asked
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.iam import arns

if TYPE_CHECKING:
    from collections.abc import Callable

    import boto3

    from sfn_s3_cli.clock import Clock
    from sfn_s3_cli.iam.arns import Place

_READING = ("Describe", "Get", "Head", "List", "Test", "Validate")
_OWNER = "ExpectedBucketOwner"
_QUOTA = "LimitExceededException"
# After these it is certain that AWS has carried nothing out.
_HARMLESS = (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ProxyConnectionError,
)


class Call(NamedTuple):
    """One call that AWS answered: `--verbose` shows these."""

    service: str
    operation: str
    seconds: float
    retries: int
    error: str


class Calls:
    """The calls of one session, by whatever client and thread they are made.

    `place` gives where the pipeline is, or None before that is known.
    """

    def __init__(
        self,
        session: boto3.Session,
        clock: Clock,
        place: Callable[[], Place | None],
        on_call: Callable[[Call], None] | None,
    ) -> None:
        self.changed = False
        """Whether a call may have changed something: it succeeded, or nobody knows."""
        self.interrupted = threading.Event()
        """Whoever waits for AWS gives up when it is set."""
        self._clock = clock
        self._place = place
        self._on_call = on_call
        session.events.register("provide-client-params.s3", self._expect_own_buckets)
        session.events.register("provide-client-params", self._begun)
        session.events.register("response-received", self._answered)
        session.events.register("request-created", self._sent_again)
        session.events.register("after-call", self._ended)
        session.events.register("after-call-error", self._lost)

    def go_on(self) -> None:
        """AwsError when the command was interrupted: for what would do very much yet."""
        if self.interrupted.is_set():
            raise AwsError("interrupted")

    def _expect_own_buckets(self, params: dict[str, Any], model: Any, **_: object) -> None:
        """S3's names are everybody's: a bucket of another account is refused, whatever it allows.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
        """
        place = self._place()
        if place and _OWNER in model.input_shape.members:
            params.setdefault(_OWNER, place.account)

    def _begun(self, params: dict[str, Any], model: Any, context: Any, **_: object) -> None:
        context["sfnctl_began"] = self._clock.now()
        service, name, place = model.service_model.service_name, _leading(params, model), None
        if service == "s3":
            place = self._place()
        arn = arns.bucket(place, name) if place else ""
        context["sfnctl_asked"] = Asked(service, name, arn)

    def _answered(self, parsed_response: Any, context: dict[str, Any], **_: object) -> None:
        context["sfnctl_answer"] = parsed_response or {}

    def _sent_again(self, request: Any, operation_name: str, **_: object) -> None:
        """An interrupted command makes no more attempts. Nor does a quota that is used up, which
        botocore takes for throttling.
        """
        context = request.context
        if context.get("retries", {}).get("attempt", 1) == 1:
            return
        self.go_on()
        answer = context.get("sfnctl_answer", {})
        if answer.get("Error", {}).get("Code") == _QUOTA:
            answer.setdefault("ResponseMetadata", {})[Asked.__name__] = context["sfnctl_asked"]
            raise ClientError(answer, operation_name)

    def _ended(self, model: Any, parsed: Any, context: dict[str, Any], **_: object) -> None:
        metadata = parsed.setdefault("ResponseMetadata", {})
        retries, error = metadata.get("RetryAttempts", 0), parsed.get("Error", {}).get("Code", "")
        if error:
            metadata[Asked.__name__] = context["sfnctl_asked"]
        is_refused = 400 <= metadata.get("HTTPStatusCode", 0) < 500  # noqa: PLR2004
        if retries or not is_refused:
            self._may_have_changed(model.name)
        if self._on_call:
            seconds = (self._clock.now() - context["sfnctl_began"]).total_seconds()
            service = model.service_model.service_name
            self._on_call(Call(service, model.name, seconds, retries, error))

    def _lost(self, event_name: str, exception: Exception, **_: object) -> None:
        """No answer came, but AWS may have carried the call out."""
        if not isinstance(exception, _HARMLESS):
            self._may_have_changed(event_name.rpartition(".")[2])

    def _may_have_changed(self, operation: str) -> None:
        if not operation.startswith(_READING):
            self.changed = True


def _leading(params: dict[str, Any], model: Any) -> str:
    """What a request is about: the first of the parameters that it must have."""
    required = model.input_shape.required_members if model.input_shape else []
    value = next((params.get(name) for name in required), "")
    return str(value[0] if isinstance(value, (list, tuple)) else value)
