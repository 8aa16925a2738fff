"""What AWS demands of a request and only its guides say: a function for each operation."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contract.cloudtrail import event_selectors, trail
from contract.documents import bucket_policy, event_pattern, iam_policy

Params = Mapping[str, Any]
Problems = Iterator[str]

_UNFIT_FOR_A_NAME = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]")
_RETENTION = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192)
_LONG_RETENTION = (2557, 2922, 3288, 3653)


def find_problems(operation: str, params: Params) -> Problems:
    """All that the rules of an operation do not allow."""
    yield from _tags(operation, params)
    if operation in RULES:
        yield from RULES[operation](params)


def _tags(operation: str, params: Params) -> Problems:
    """At most 50, unique, none of AWS's own, in every service."""
    for given in _tags_in(params):
        for key, times in Counter(key for key, _ in given).items():
            if times > 1:
                yield f"tag {key} is given {times} times"
        if len(given) > 50:
            yield f"{len(given)} tags are more than 50"
        for key, value in given:
            # S3 replaces all tags and wants AWS's own back.
            if key.lower().startswith("aws:") and operation != "s3.PutBucketTagging":
                yield f"tag {key} begins with aws:"
            if not 1 <= len(key) <= 128:
                yield f"tag key of length {len(key)}"
            if len(value) > 256:
                yield f"value of tag {key} of length {len(value)}"


def _tags_in(params: Params) -> Iterator[list[tuple[str, str]]]:
    for name, value in params.items():
        if name.lower() in ("tags", "tagslist", "tagset"):
            pairs = value.items() if isinstance(value, dict) else map(_pair, value)
            yield list(pairs)
        elif name.lower() == "tagkeys":
            yield [(key, "") for key in value]
        elif isinstance(value, dict):
            yield from _tags_in(value)


def _pair(tag: Params) -> tuple[str, str]:
    lower = {name.lower(): value for name, value in tag.items()}
    return lower["key"], lower.get("value", "")


def _rule(params: Params) -> Problems:
    """PutRule replaces the whole rule; its RoleArn is not that of the targets."""
    if "RoleArn" in params:
        yield "RoleArn is not the target's role"
    if not {"EventPattern", "ScheduleExpression"} & set(params):
        yield "neither EventPattern nor ScheduleExpression"
    if "EventPattern" in params:
        yield from event_pattern(params["EventPattern"])


def _targets(params: Params) -> Problems:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html

    The queue is in the rule's region:
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    if len(params["Targets"]) > 5:
        yield f"{len(params['Targets'])} targets are more than 5"
    for target in params["Targets"]:
        inputs = {"Input", "InputPath", "InputTransformer"} & set(target)
        if len(inputs) > 1:
            yield f"{' and '.join(sorted(inputs))} exclude each other"
        service, region = _service_and_region(target["Arn"])
        if service == "states" and "RoleArn" not in target:
            yield "RoleArn is required for a state machine"
        letters = target.get("DeadLetterConfig", {}).get("Arn")
        if letters and _service_and_region(letters) != ("sqs", region):
            yield f"{letters} is not a queue of {region}"


def _service_and_region(arn: str) -> tuple[str, str]:
    _, _, service, region, *_ = *arn.split(":"), "", "", "", ""
    return service, region


def _create_role(params: Params) -> Problems:
    yield from _trust({"PolicyDocument": params["AssumeRolePolicyDocument"]})


def _trust(params: Params) -> Problems:
    yield from iam_policy(params["PolicyDocument"], limit=2048)


def _role_policy(params: Params) -> Problems:
    yield from iam_policy(params["PolicyDocument"], limit=10_240)


def _bucket_policy(params: Params) -> Problems:
    yield from bucket_policy(params["Policy"])


def _retention(params: Params) -> Problems:
    """The days that the model only describes."""
    if params["retentionInDays"] not in _RETENTION + _LONG_RETENTION:
        yield f"{params['retentionInDays']} days are not a valid retention"


def _named(params: Params) -> Problems:
    """The characters that the models of state machines and executions only describe."""
    if _UNFIT_FOR_A_NAME.search(params.get("name", "")):
        yield f"{params['name']!r} has a forbidden character"


def _create_state_machine(params: Params) -> Problems:
    yield from _named(params)
    yield from _state_machine(params)


def _update_state_machine(params: Params) -> Problems:
    """A change of logging alone sends the definition or the role again."""
    if not {"definition", "roleArn"} & set(params):
        yield "neither definition nor roleArn"
    yield from _state_machine(params)


def _state_machine(params: Params) -> Problems:
    """https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"""
    if "versionDescription" in params and not params.get("publish"):
        yield "versionDescription without publish"
    logging = params.get("loggingConfiguration", {"level": "OFF"})
    destinations = logging.get("destinations", [])
    if logging.get("level", "OFF") != "OFF" and len(destinations) != 1:
        yield f"{len(destinations)} log destinations"
    for each in destinations:
        if not each["cloudWatchLogsLogGroup"]["logGroupArn"].endswith(":*"):
            yield "the log group's ARN does not end in :*"


def _alias(params: Params) -> Problems:
    """The weights of an alias are per cent."""
    routes = params.get("routingConfiguration", [])
    total = sum(route["weight"] for route in routes)
    if routes and total != 100:
        yield f"weights of {total} in all"


def _execution(params: Params) -> Problems:
    yield from _named(params)
    try:
        json.loads(params.get("input", "{}"))
    except ValueError:
        yield "the input is not JSON"


RULES: Mapping[str, Callable[[Params], Problems]] = {
    "cloudtrail.CreateTrail": trail,
    "cloudtrail.PutEventSelectors": event_selectors,
    "cloudtrail.UpdateTrail": trail,
    "events.PutRule": _rule,
    "events.PutTargets": _targets,
    "iam.CreateRole": _create_role,
    "iam.PutRolePolicy": _role_policy,
    "iam.UpdateAssumeRolePolicy": _trust,
    "logs.PutRetentionPolicy": _retention,
    "s3.PutBucketPolicy": _bucket_policy,
    "stepfunctions.CreateStateMachine": _create_state_machine,
    "stepfunctions.CreateStateMachineAlias": _alias,
    "stepfunctions.StartExecution": _execution,
    "stepfunctions.UpdateStateMachine": _update_state_machine,
    "stepfunctions.UpdateStateMachineAlias": _alias,
}
