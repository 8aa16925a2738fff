"""Step Functions: the errors of calls that the role may not make.

Each integration reports the exception of its SDK: an optimised one that of version 1 for Java, an
`aws-sdk` one that of version 2 (Step Functions Guide, "Error names").
"""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any, NamedTuple

from sfn_s3_cli.asl.language.resource import ServiceCall, read_call
from sfn_s3_cli.local.internals import STATES
from sfn_s3_cli.local.roles import Denial


class _Service(NamedTuple):
    """How an optimised integration reports that access is denied."""

    error: str
    name: str
    status: int = 400
    code: str = "AccessDeniedException"


_LAMBDA = _Service("Lambda.AWSLambdaException", "AWSLambda", 403)
_OPTIMISED = {
    "dynamodb": _Service("DynamoDB.AmazonDynamoDBException", "AmazonDynamoDBv2"),
    "ecs": _Service("ECS.AmazonECSException", "AmazonECS"),
    "events": _Service("EventBridge.AmazonEventBridgeException", "AmazonEventBridge"),
    "lambda": _LAMBDA,
    "sns": _Service("SNS.AuthorizationErrorException", "AmazonSNS", 403, "AuthorizationError"),
    "sqs": _Service("SQS.AmazonSQSException", "AmazonSQS", 403, "AccessDenied"),
    "states": _Service("StepFunctions.AWSStepFunctionsException", "AWSStepFunctions"),
}
_FORBIDDEN = frozenset(("lambda", "s3", "sns", "sqs"))
"""Services of the SDK whose status is 403."""


def make_error(resource: str, denial: Denial) -> Exception:
    """The error of the state whose call was denied."""
    call, request_id = read_call(resource), uuid.uuid4()
    if call and call.is_sdk:
        name, service = _name_sdk_error(call)
        status = 403 if call.service in _FORBIDDEN else 400
        end = f"(Service: {service}, Status Code: {status}, Request ID: {request_id})"
    else:
        known = _OPTIMISED.get(call.service) if call else _LAMBDA
        name, service, status, code = known or _Service("States.TaskFailed", "AWS")
        end = (
            f"(Service: {service}; Status Code: {status}; Error Code: {code};"
            f" Request ID: {request_id}; Proxy: null)"
        )
    error: Exception = STATES["_ExecutionError"](name, f"{denial.message} {end}")
    return error


def _name_sdk_error(call: ServiceCall) -> tuple[str, str]:
    service: str = STATES["_AWS_SDK_ERROR_PREFIX"].get(call.service, call.service.capitalize())
    modelled = _list_errors(call.service) & {"AccessDeniedException", "AuthorizationErrorException"}
    return f"{service}.{next(iter(modelled), f'{service}Exception')}", service


@cache
def _list_errors(service: str) -> frozenset[str]:
    """The exceptions of a service's SDK; none if botocore gives the service another name."""
    import botocore.session  # noqa: PLC0415  (takes half a second, and only denied calls need it)
    from botocore.exceptions import UnknownServiceError  # noqa: PLC0415  (as above)

    names: dict[str, str] = {
        "cloudwatchlogs": "logs",
        "eventbridge": "events",
        "sfn": "stepfunctions",
    }
    try:
        model: Any = botocore.session.get_session().get_service_model(names.get(service, service))
    except UnknownServiceError:
        return frozenset()
    return frozenset(shape.name for shape in model.error_shapes)
