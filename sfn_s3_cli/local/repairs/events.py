"""EventBridge: rules, targets, and what becomes of an event that cannot be delivered."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any, NamedTuple

from sfn_s3_cli.local import policies
from sfn_s3_cli.local.internals import EVENTS, SQS, STATES, Action, Answer, Request, refusal

_TARGETS_PER_RULE = 5


def install() -> None:
    """Make rules and targets behave as on AWS."""
    EVENTS.repair("_put_rule", put_rule)
    EVENTS.repair("_delete_rule", delete_rule)
    EVENTS.repair("_put_targets", put_targets)
    EVENTS.repair("_remove_targets", existing_rule)
    EVENTS.repair("_list_targets_by_rule", existing_rule)
    EVENTS.repair("_apply_input_transformer", transform_input)
    EVENTS.repair("_invoke_target", invoke_target)
    EVENTS.repair("_dispatch_to_stepfunctions", start_execution)


def put_rule(original: Action, data: Request) -> Answer:
    """PutRule replaces: what is omitted becomes empty; tags count at creation only
    (EventBridge API, PutRule)."""
    if _rule(data) is not None:
        data = {key: value for key, value in data.items() if key != "Tags"}
    return original({"State": "ENABLED", "Description": "", "RoleArn": "", **data})


def delete_rule(original: Action, data: Request) -> Answer:
    """A rule with targets is not deleted (EventBridge API, DeleteRule)."""
    if _targets(data):
        return refusal("ValidationException", "Rule can't be deleted since it has targets.")
    return original(data)


def put_targets(original: Action, data: Request) -> Answer:
    """Step Functions targets need a role, inputs exclude each other, five targets are the limit
    (EventBridge API, PutTargets; User Guide, "Quotas")."""
    for target in data["Targets"]:
        if ":states:" in target["Arn"] and not target.get("RoleArn"):
            arn = target["Arn"]
            return refusal("ValidationException", f"RoleArn is required for target {arn}.")
        if sum(key in target for key in ("Input", "InputPath", "InputTransformer")) > 1:
            return refusal(
                "ValidationException",
                f"Only one of Input, InputPath, or InputTransformer must be provided for target "
                f"{target['Id']}.",
            )
    if len({target["Id"] for target in [*_targets(data), *data["Targets"]]}) > _TARGETS_PER_RULE:
        return refusal(
            "LimitExceededException",
            "The requested resource exceeds the maximum number allowed.",
        )
    return original(data)


def existing_rule(original: Action, data: Request) -> Answer:
    """Targets of a missing rule cannot be listed or removed (EventBridge API,
    ListTargetsByRule and RemoveTargets)."""
    if _rule(data) is None:
        name, bus = data["Rule"], data.get("EventBusName", "default")
        return refusal(
            "ResourceNotFoundException", f"Rule {name} does not exist on EventBus {bus}."
        )
    return original(data)


def transform_input(
    original: Callable[..., str], transformer: Request, rule: Request, view: Any
) -> str:
    """A path that the event lacks leaves nothing in its place, which mostly is no JSON then
    (EventBridge User Guide, "Input transformation")."""
    event = view.event_with_detail()
    template = transformer["InputTemplate"]
    for name, path in transformer.get("InputPathsMap", {}).items():
        if not _has(event, path):
            template = template.replace(f"<{name}>", "")
    return original({**transformer, "InputTemplate": template}, rule, view)


def _has(event: Any, path: str) -> bool:
    for part in path.removeprefix("$").split(".")[1:]:
        if not isinstance(event, dict) or part not in event:
            return False
        event = event[part]
    return True


class _Delivery(NamedTuple):
    """An event on its way to a target: what StartExecution does not need and a queue does."""

    rule_arn: str
    target: Request
    event: Request


class _Failure(NamedTuple):
    """Why a target did not get the event, in the words of the dead-letter queue's attributes."""

    code: str
    message: str


_FAILURE_CODES = {
    "ExecutionAlreadyExists": "RESOURCE_ALREADY_EXISTS",
    "InvalidExecutionInput": "INVALID_JSON",
    "StateMachineDoesNotExist": "NO_RESOURCE",
}
_delivery: ContextVar[_Delivery] = ContextVar("delivery")


def invoke_target(
    original: Action, target: Request, event: Request, rule: Request, view: Any = None
) -> None:
    """While an event is delivered it is known which rule sends it to which target."""
    view = view or EVENTS["_pattern_event_view"](event)
    token = _delivery.set(_Delivery(rule["Arn"], target, view.event_with_detail()))
    try:
        original(target, event, rule, view)
    finally:
        _delivery.reset(token)


def start_execution(_original: Action, arn: str, payload: str) -> None:
    """An execution is named after its event, so that the same event starts one once; what cannot
    be started goes to the dead-letter queue, at once: these failures are not retried
    (EventBridge User Guide, "Using dead-letter queues")."""
    delivery = _delivery.get()
    route = uuid.uuid5(uuid.NAMESPACE_URL, f"{delivery.rule_arn}/{delivery.target['Id']}")
    name = f"{delivery.event['id']}_{route}"
    status, _, body = STATES["_start_execution"](
        {"stateMachineArn": arn, "name": name, "input": payload}
    )
    queue_arn = delivery.target.get("DeadLetterConfig", {}).get("Arn")
    if status != HTTPStatus.OK and queue_arn:
        error = json.loads(body)
        code = _FAILURE_CODES.get(error["__type"], "SDK_CLIENT_ERROR")
        _send_dead_letter(queue_arn, delivery, _Failure(code, error["message"]))


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


def _rule_key(data: Request) -> str:
    name = data.get("Name") or data["Rule"]
    key: str = EVENTS["_rule_key"](name, data.get("EventBusName", "default"))
    return key


def _rule(data: Request) -> Request | None:
    rule: Request | None = EVENTS["_rules"].get(_rule_key(data))
    return rule


def _targets(data: Request) -> list[Request]:
    return EVENTS["_targets"].get(_rule_key(data)) or []
