"""EventBridge: delivers events to Step Functions, or to the dead-letter queue."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any, NamedTuple

from sfn_s3_cli.local import policies, roles
from sfn_s3_cli.local.internals import EVENTS, SQS, STATES, Action, Request


def install() -> None:
    """Makes deliveries behave as on AWS."""
    EVENTS.repair("_apply_input_transformer", transform_input)
    EVENTS.repair("_render_placeholder", insert_value)
    EVENTS.repair("_invoke_target", invoke_target)
    EVENTS.repair("_dispatch_to_stepfunctions", start_execution)


def transform_input(
    original: Callable[..., str], transformer: Request, rule: Request, view: Any
) -> str:
    """A path that the event does not have inserts nothing, and mostly the result is not JSON then
    (EventBridge User Guide, "Input transformation")."""
    event = view.event_with_detail()
    template = transformer["InputTemplate"]
    for name, path in transformer.get("InputPathsMap", {}).items():
        if not _has_path(event, path):
            template = template.replace(f"<{name}>", "")
    return original({**transformer, "InputTemplate": template}, rule, view)


def insert_value(
    original: Callable[..., str], name: str, token: str, values: Request, *in_string: bool
) -> str:
    """Where the template has no quotes, a string gets some; nothing in it is escaped (EventBridge
    User Guide, "Common issues with transforming input")."""
    value = values.get(name)
    if isinstance(value, str) and not any(in_string):
        return f'"{value}"'
    return original(name, token, values, *in_string)


def _has_path(event: Any, path: str) -> bool:
    for part in path.removeprefix("$").split(".")[1:]:
        if not isinstance(event, dict) or part not in event:
            return False
        event = event[part]
    return True


class _Delivery(NamedTuple):
    """What a dead letter says about an event and its target."""

    rule_arn: str
    target: Request
    event: Request


class _Failure(NamedTuple):
    """Why an event was not delivered, as the attributes of a dead letter say it."""

    code: str
    message: str


_FAILURE_CODES = {
    "ExecutionAlreadyExists": "RESOURCE_ALREADY_EXISTS",
    "InvalidExecutionInput": "INVALID_JSON",
    "StateMachineDoesNotExist": "NO_RESOURCE",
}
_MACHINE_PARTS = 7  # of the ARN of a state machine, without version or alias
_delivery: ContextVar[_Delivery] = ContextVar("delivery")


def invoke_target(
    original: Action, target: Request, event: Request, rule: Request, view: Any = None
) -> None:
    """Remembers the rule and the target while an event is delivered."""
    view = view or EVENTS["_pattern_event_view"](event)
    token = _delivery.set(_Delivery(rule["Arn"], target, view.event_with_detail()))
    try:
        original(target, event, rule, view)
    finally:
        _delivery.reset(token)


def start_execution(_original: Action, arn: str, payload: str) -> None:
    """Names the execution after the event, so that an event starts only one. An event that cannot
    start an execution goes to the dead-letter queue; these errors are not retried (EventBridge
    User Guide, "Using dead-letter queues")."""
    delivery = _delivery.get()
    route = uuid.uuid5(uuid.NAMESPACE_URL, f"{delivery.rule_arn}/{delivery.target['Id']}")
    name = f"{delivery.event['id']}_{route}"
    failure = _check_role(delivery, arn) or _start(
        {"stateMachineArn": arn, "name": name, "input": payload}
    )
    queue_arn = delivery.target.get("DeadLetterConfig", {}).get("Arn")
    if failure and queue_arn:
        _send_dead_letter(queue_arn, delivery, failure)


def _start(data: Request) -> _Failure | None:
    status, _, body = STATES["_start_execution"](data)
    if status == HTTPStatus.OK:
        return None
    error = json.loads(body)
    code = _FAILURE_CODES.get(error["__type"], "SDK_CLIENT_ERROR")
    return _Failure(code, error["message"])


def _check_role(delivery: _Delivery, arn: str) -> _Failure | None:
    """The target's role must trust EventBridge and may start the state machine; an alias is
    started with the permission for the state machine (Step Functions Guide, "Associating
    executions with a version or alias")."""
    role_arn = delivery.target["RoleArn"]
    if not roles.can_assume(role_arn, "events", delivery.rule_arn):
        return _Failure("FAILED_TO_ASSUME_ROLE", f"Failed to assume the role {role_arn}.")
    session = roles.Session(role_arn, uuid.uuid5(uuid.NAMESPACE_URL, delivery.rule_arn).hex)
    machine = ":".join(arn.split(":")[:_MACHINE_PARTS])
    choice = (machine,) if machine == arn else (machine, arn)
    denial = roles.find_denial(session, [roles.Request("states:StartExecution", choice)])
    if denial is None:
        return None
    end = "(Service: AWSStepFunctions; Status Code: 400; Error Code: AccessDeniedException)"
    return _Failure("NO_PERMISSIONS", f"{denial.message} {end}")


def _send_dead_letter(queue_arn: str, delivery: _Delivery, failure: _Failure) -> None:
    queue = SQS["_queue_by_arn"](queue_arn)
    if queue is None or not policies.allows(
        queue["attributes"].get("Policy"),
        "events.amazonaws.com",
        "sqs:SendMessage",
        queue_arn,
        {"aws:sourcearn": delivery.rule_arn},
    ):
        return
    attributes = {
        "RULE_ARN": delivery.rule_arn,
        "TARGET_ARN": delivery.target["Arn"],
        "ERROR_CODE": failure.code,
        "ERROR_MESSAGE": failure.message,
    }
    message = {
        "MessageBody": json.dumps(delivery.event),
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    }
    SQS["_act_send_message"](message, queue["url"])
