"""What AWS checks in a caller's policies for each call: an action, a resource and a context.

After the Service Authorization Reference and AWS's own error messages; independent of the program
but for the names of actions, which the emulator also knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sfn_s3_cli.iam.actions import list_actions
from sfn_s3_cli.iam.arns import Place

Document = dict[str, Any]


class Check(NamedTuple):
    """A question to the caller's policies."""

    action: str
    resource: str
    context: dict[str, list[str]]


class Roles:
    """The paths and boundaries of an account's roles and the keys of its state machines and queues,
    followed from call to call."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.paths: dict[str, str] = {}
        self.boundaries: dict[str, str] = {}

    def follow(self, operation: str, params: Document) -> None:
        """Notes a call that succeeded."""
        name = params.get("RoleName", "")
        match operation:
            case "CreateRole":
                self.paths[name] = params.get("Path", "/")
                self.boundaries[name] = params.get("PermissionsBoundary", "")
            case "DeleteRole":
                self.paths.pop(name, None)
            case "PutRolePermissionsBoundary":
                self.boundaries[name] = params["PermissionsBoundary"]
            case "DeleteRolePermissionsBoundary":
                self.boundaries[name] = ""
            case "CreateStateMachine" | "UpdateStateMachine":
                machine = params.get("name") or params["stateMachineArn"].rpartition(":")[2]
                self.keys[machine] = params["encryptionConfiguration"].get("kmsKeyId", "")
            case "CreateQueue" | "SetQueueAttributes":
                queue = params.get("QueueName") or _name_of_queue(params)
                if "KmsMasterKeyId" in params.get("Attributes", {}):
                    self.keys[queue] = params["Attributes"]["KmsMasterKeyId"]


def list_checks(
    service: str, operation: str, params: Document, place: Place, roles: Roles
) -> Iterator[Check]:
    """All that AWS checks before it carries out a call."""
    main, *_ = list_actions(service, operation) or [""]
    if not main:
        return
    context = _make_context(service, operation, params, roles)
    resources = [*RESOURCES[service](operation, params, place, roles)]
    for resource in resources:
        yield Check(main, resource, context)
        for action in _list_tag_actions(service, operation, params):
            yield Check(action, resource, context)
    yield from _list_key_checks(operation, params, place, roles)
    for role in _list_passed_roles(operation, params):
        yield Check(
            "iam:PassRole", role, {"iam:PassedToService": [f"{_get_service(main)}.amazonaws.com"]}
        )


def _list_key_checks(
    operation: str, params: Document, place: Place, roles: Roles
) -> Iterator[Check]:
    """What AWS asks the key of what the call encrypts or decrypts.

    https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    context = "kms:EncryptionContext:aws:states:stateMachineArn"
    match operation:
        case "CreateStateMachine" | "UpdateStateMachine":
            name = params.get("name") or params["stateMachineArn"].rpartition(":")[2]
            if key := params["encryptionConfiguration"].get("kmsKeyId"):
                machine = place.arn("states", f"stateMachine:{name}")
                yield Check("kms:DescribeKey", key, {})
                yield Check("kms:GenerateDataKey", key, {context: [machine]})
        case "DescribeStateMachine" | "DescribeExecution" | "GetExecutionHistory":
            arn = params.get("stateMachineArn") or params["executionArn"]
            name = arn.split(":")[6]
            key = roles.keys.get(name)
            if key and params.get("includedData") != "METADATA_ONLY":
                machine = place.arn("states", f"stateMachine:{name}")
                yield Check("kms:Decrypt", key, {context: [machine]})
        case "ReceiveMessage":
            queue = _name_of_queue(params)
            if key := roles.keys.get(queue):
                arn = place.arn("sqs", queue)
                yield Check("kms:Decrypt", key, {"kms:EncryptionContext:aws:sqs:arn": [arn]})


def _name_of_queue(params: Document) -> str:
    return str(params["QueueUrl"].rpartition("/")[2])


def _list_tag_actions(service: str, operation: str, params: Document) -> Iterator[str]:
    """Actions for the tags and versions that are created together with a resource."""
    tags = params.get("Tags") or params.get("tags") or params.get("TagsList")
    configuration = params.get("CreateBucketConfiguration", {})
    match service, operation:
        case "s3", "CreateBucket" if configuration.get("Tags"):
            yield "s3:TagResource"
        case "s3", "DeleteObject" | "DeleteObjects":
            yield "s3:DeleteObjectVersion"
        case "cloudtrail", "CreateTrail" if tags:
            yield "cloudtrail:AddTags"
        case "iam", "CreateRole" if tags:
            yield "iam:TagRole"
        case "sqs", "CreateQueue" if tags:
            yield "sqs:TagQueue"
        case ("events", "PutRule") | ("cloudwatch", "PutMetricAlarm") if tags:
            yield f"{service}:TagResource"
        case "logs", "CreateLogGroup" if tags:
            yield f"{service}:TagResource"
        case "stepfunctions", "CreateStateMachine" if tags:
            yield "states:TagResource"
    if params.get("publish"):
        yield "states:PublishStateMachineVersion"


def _list_passed_roles(operation: str, params: Document) -> Iterator[str]:
    match operation:
        case "CreateStateMachine" | "UpdateStateMachine":
            yield params["roleArn"]
        case "PutTargets":
            yield from (target["RoleArn"] for target in params["Targets"])


def _get_service(action: str) -> str:
    return action.partition(":")[0]


def _make_context(
    service: str, operation: str, params: Document, roles: Roles
) -> dict[str, list[str]]:
    if operation == "CreateBucket" and params["Bucket"].endswith("-an"):
        return {"s3:x-amz-bucket-namespace": ["account-regional"]}
    if service != "iam":
        return {}
    context = {}
    keys = [tag["Key"] for tag in params.get("Tags", [])] + [*params.get("TagKeys", [])]
    if keys:
        context["aws:TagKeys"] = keys
    given = params.get("PermissionsBoundary")
    if boundary := given or roles.boundaries.get(params.get("RoleName", "")):
        context["iam:PermissionsBoundary"] = [boundary]
    return context


def _s3(operation: str, params: Document, place: Place, _: Roles) -> Iterator[str]:
    bucket = f"arn:{place.partition}:s3:::{params['Bucket']}"
    match operation:
        case "DeleteObject" | "HeadObject":
            yield f"{bucket}/{params['Key']}"
        case "DeleteObjects":
            yield from (f"{bucket}/{each['Key']}" for each in params["Delete"]["Objects"])
        case _:
            yield bucket


def _s3control(_: str, params: Document, __: Place, ___: Roles) -> Iterator[str]:
    yield params["ResourceArn"]


def _iam(_: str, params: Document, place: Place, roles: Roles) -> Iterator[str]:
    """A role that does not exist has no path: AWS's message then says `role NAME`."""
    path = params.get("Path") or roles.paths.get(params["RoleName"], "/")
    yield f"arn:{place.partition}:iam::{place.account}:role{path}{params['RoleName']}"


def _states(operation: str, params: Document, place: Place, _: Roles) -> Iterator[str]:
    """AWS checks versions and aliases under the state machine's own ARN.

    https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
    """
    if operation == "ValidateStateMachineDefinition":
        yield "*"
        return
    if own := params.get("executionArn") or params.get("mapRunArn"):
        yield own
        return
    given = ("stateMachineArn", "stateMachineAliasArn", "stateMachineVersionArn", "resourceArn")
    routing = params.get("routingConfiguration", [{}])[0].get("stateMachineVersionArn")
    arn = next((params[key] for key in given if key in params), routing)
    arn = arn or place.arn("states", f"stateMachine:{params['name']}")
    yield ":".join(arn.split(":")[:7])


def _events(operation: str, params: Document, place: Place, _: Roles) -> Iterator[str]:
    if operation in {"ListRules", "TestEventPattern"}:
        yield "*"
        return
    name = params.get("Name") or params.get("Rule")
    yield params.get("ResourceARN") or place.arn("events", f"rule/{name}")


def _logs(operation: str, params: Document, place: Place, _: Roles) -> Iterator[str]:
    """Tags are put on the group itself; the other calls are about the group and its streams."""
    if operation == "DescribeLogGroups":
        yield "*"
        return
    arn = params.get("resourceArn")
    yield arn or place.arn("logs", f"log-group:{params['logGroupName']}:log-stream:")


def _cloudtrail(operation: str, params: Document, place: Place, _: Roles) -> Iterator[str]:
    if operation == "DescribeTrails":
        yield "*"
        return
    names = params.get("ResourceIdList") or [
        params.get("Name") or params.get("TrailName") or params["ResourceId"]
    ]
    for name in names:
        yield name if name.startswith("arn:") else place.arn("cloudtrail", f"trail/{name}")


def _cloudwatch(operation: str, params: Document, place: Place, _: Roles) -> Iterator[str]:
    """AWS shows composite alarms only to whom may describe everything."""
    if operation == "DescribeAlarms":
        yield "*"
        return
    names = params.get("AlarmNames") or [params.get("AlarmName")]
    arn = params.get("ResourceARN")
    yield from [arn] if arn else (place.arn("cloudwatch", f"alarm:{name}") for name in names)


def _sns(_: str, params: Document, __: Place, ___: Roles) -> Iterator[str]:
    yield params["TopicArn"]


def _tagging(_: str, __: Document, ___: Place, ____: Roles) -> Iterator[str]:
    yield "*"


def _sqs(_: str, params: Document, place: Place, __: Roles) -> Iterator[str]:
    yield place.arn("sqs", params.get("QueueName") or params["QueueUrl"].rpartition("/")[2])


RESOURCES = {
    "cloudtrail": _cloudtrail,
    "cloudwatch": _cloudwatch,
    "events": _events,
    "iam": _iam,
    "logs": _logs,
    "resourcegroupstaggingapi": _tagging,
    "s3": _s3,
    "s3control": _s3control,
    "sns": _sns,
    "sqs": _sqs,
    "stepfunctions": _states,
}


class Grant(NamedTuple):
    """One action of a policy on one of its resources."""

    sid: str
    action: str
    resource: str


def list_grants(policy: Document) -> set[Grant]:
    return {
        Grant(statement["Sid"], action, resource)
        for statement in policy["Statement"]
        for action in statement["Action"]
        for resource in statement["Resource"]
    }


def find_grant(check: Check, policies: Iterable[Document]) -> Grant | None:
    """Finds what allows it, by name rather than by a pattern; None if nothing does."""
    fitting = [
        Grant(statement["Sid"], check.action, resource)
        for policy in policies
        for statement in policy["Statement"]
        if check.action in statement["Action"] and _holds(statement.get("Condition", {}), check)
        for resource in statement["Resource"]
        if _matches(resource, check.resource)
    ]
    return min(fitting, key=_measure, default=None)


def _measure(grant: Grant) -> tuple[int, int, Grant]:
    """Sorts the narrowest grant first."""
    return grant.resource.count("*"), -len(grant.resource), grant


def _matches(pattern: str, resource: str) -> bool:
    return bool(re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), resource))


def _holds(condition: Document, check: Check) -> bool:
    for operator, keys in condition.items():
        for key, allowed in keys.items():
            found = check.context.get(key, [])
            wanted = [allowed] if isinstance(allowed, str) else allowed
            if not set(found) <= set(wanted):
                return False
            if operator == "StringEquals" and not found:
                return False
    return True
