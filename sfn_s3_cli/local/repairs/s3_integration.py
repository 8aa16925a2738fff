"""Step Functions: all S3 actions of the AWS SDK integrations."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote

from sfn_s3_cli.local import roles
from sfn_s3_cli.local.data_events import Caller
from sfn_s3_cli.local.internals import APP, RESPONSES, S3, STATES, Answer
from sfn_s3_cli.local.repairs import running, workflow_roles
from sfn_s3_cli.local.repairs.parameters import list_faults, refuse_parameters


def install() -> None:
    """Handles `arn:aws:states:::aws-sdk:s3:*` in this process."""
    STATES.repair("_dispatch_aws_sdk_rest_xml", invoke)


def invoke(
    original: Callable[..., Any], service: Any, name: str, action: str, arguments: Any
) -> Any:
    """Parameters and results are those of S3's API, with an object's body as text; an error has the
    name of the SDK's exception, `S3.NoSuchKeyException` (Step Functions Guide, "AWS SDK service
    integrations")."""
    if name != "s3":
        return original(service, name, action, arguments)
    operation = _find_operation(action)
    parameters = _convert_parameters(operation, arguments or {})
    answer = _call(operation, parameters)
    if answer[0] == HTTPStatus.NOT_FOUND and parameters.get("Key"):
        _hide_missing_key(action, parameters["Bucket"])
    return _parse_result(operation, answer)


def _hide_missing_key(action: str, bucket: str) -> None:
    """Only who may list the bucket gets to know that a key is missing (S3 API, GetObject)."""
    if bucket in S3["_buckets"]:
        request = roles.Request("s3:ListBucket", (f"arn:aws:s3:::{bucket}",))
        workflow_roles.require(f"arn:aws:states:::aws-sdk:s3:{action}", request)


def _find_operation(action: str) -> Any:
    from botocore.model import OperationNotFoundError  # noqa: PLC0415  (as below)

    try:
        return _load_model().operation_model(action[:1].upper() + action[1:])
    except OperationNotFoundError:
        raise running.make_runtime_error(f"S3 has no action '{action}'") from None


@cache
def _load_model() -> Any:
    import botocore.session  # noqa: PLC0415  (takes half a second, and only such executions need it)

    return botocore.session.get_session().get_service_model("s3")


def _convert_parameters(operation: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Step Functions writes ACL as Acl, and accepts any JSON as a body."""
    members = {member.lower(): member for member in operation.input_shape.members}
    parameters = {members.get(name.lower(), name): value for name, value in arguments.items()}
    body = parameters.get("Body")
    if body is not None:
        text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
        parameters["Body"] = text.encode()
    return parameters


def _call(operation: Any, parameters: dict[str, Any]) -> Answer:
    from botocore.exceptions import ParamValidationError  # noqa: PLC0415  (as above)
    from botocore.serialize import create_serializer  # noqa: PLC0415  (as above)

    try:
        request = create_serializer("rest-xml").serialize_to_request(parameters, operation)
    except ParamValidationError as error:
        faults = list_faults(error.kwargs["report"])
        raise refuse_parameters(parameters, *faults) from None
    headers = {name.lower(): str(value) for name, value in request["headers"].items()}
    handler = partial(S3["handle_request"], internal=True, caller=_find_caller())
    path, _, flags = request["url_path"].partition("?")
    query = parse_qs(flags, keep_blank_values=True)
    query.update({name: [str(value)] for name, value in request["query_string"].items()})
    answer: Answer = APP["call_service_handler_sync"](
        handler, request["method"], unquote(path), headers, request["body"] or b"", query
    )
    return answer


def _find_caller() -> Caller:
    """The role of the state machine, in a session named after the execution.

    In TestState the service itself, because the emulator keeps no execution there.
    """
    account = RESPONSES["get_account_id"]()
    identity = {"type": "AWSService", "invokedBy": "states.amazonaws.com"}
    execution = running.find_execution()
    if execution is not None:
        role_arn = execution["machine"]["roleArn"]
        session = f"{role_arn.rpartition('/')[2]}/{execution['name']}"
        identity |= {
            "type": "AssumedRole",
            "arn": f"arn:aws:sts::{account}:assumed-role/{session}",
            "accountId": account,
        }
    return Caller(account, identity, "states.amazonaws.com", "states.amazonaws.com")


def _parse_result(operation: Any, answer: Answer) -> dict[str, Any]:
    from botocore.awsrequest import HeadersDict  # noqa: PLC0415  (as above)
    from botocore.parsers import create_parser  # noqa: PLC0415  (as above)

    status, headers, body = answer
    response = {"status_code": status, "headers": HeadersDict(headers), "body": body}
    parsed = create_parser("rest-xml").parse(response, operation.output_shape)
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        raise _parse_error(operation, status, parsed["Error"])
    del parsed["ResponseMetadata"]
    result: dict[str, Any] = json.loads(json.dumps(parsed, default=_to_json))
    return result


def _parse_error(operation: Any, status: int, error: dict[str, str]) -> Exception:
    modelled = {shape.name for shape in operation.error_shapes}
    code = "NoSuchKey" if error["Code"] == "404" else error["Code"]
    name = f"{code}Exception" if code in modelled else "S3Exception"
    cause = f"{error['Message']} (Service: S3, Status Code: {status})"
    failure: Exception = STATES["_ExecutionError"](f"S3.{name}", cause)
    return failure


def _to_json(value: object) -> str:
    match value:
        case bytes():
            return value.decode()
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        case _:
            raise TypeError(f"S3 answered with a {type(value).__name__}")
