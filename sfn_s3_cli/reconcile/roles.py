"""The two roles of a pipeline: who may assume them, and what they may do."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.derive import DerivedPermissions, derive_permissions
from sfn_s3_cli.asl.permissions.statements import find_free_sid
from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.fit.known_values import predict_values
from sfn_s3_cli.iam import arns, policies
from sfn_s3_cli.resources.role import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.documents.document import LocatedDocument
    from sfn_s3_cli.errors import Problem
    from sfn_s3_cli.iam.names import Names
    from sfn_s3_cli.json_types import JsonObject


def list_rule_arns(names: Names) -> list[str]:
    """The rules that the pipeline can have: policies name all, whatever the via is."""
    return [names.rule_arn(via) for via in SOURCES]


def events_role(pipeline: Pipeline, names: Names, own: dict[str, str]) -> Role:
    """Lets our rules, and nothing else, start our state machine."""
    role, place = pipeline.state_machine.role, names.place
    return Role(
        name=names.events_role,
        pipeline=pipeline.name,
        path=role.path,
        trust=policies.trust_service(
            "events.amazonaws.com",
            *(list_rule_arns(names) if role.trust_conditions else []),
            account=place.account,
        ),
        policy=policies.document(
            {
                "Sid": "StartExecution",
                "Effect": "Allow",
                "Action": "states:StartExecution",
                "Resource": [names.state_machine_arn, names.alias_arn],
            }
        ),
        boundary=role.boundary,
        tags=own,
    )


def derive_for(pipeline: Pipeline, definition: JsonObject, names: Names) -> DerivedPermissions:
    """The permissions that the definition needs beyond those that the config gives."""
    return derive_permissions(
        definition,
        place=names.place,
        machine=names.state_machine,
        user_statements=pipeline.state_machine.role.statements,
        cases=predict_values(pipeline, definition),
    )


def find_wide_permissions(
    pipeline: Pipeline, document: LocatedDocument, names: Names
) -> list[Problem]:
    """Where the workflow may do more than it needs, because its definition names no resource."""
    return document.problems(derive_for(pipeline, document.value, names).wide_permissions)


def workflow_policy(
    pipeline: Pipeline, definition: JsonObject, names: Names, bucket_key: str | None = None
) -> JsonObject | None:
    """What executions need: the config's statements, the derived ones, logging, tracing and keys.

    UsageError if that does not fit into a role.
    """
    settings = pipeline.state_machine
    given = settings.role.statements
    statements = [*given, *derive_for(pipeline, definition, names).statements]
    taken = {each["Sid"] for each in given if each.get("Sid")}
    logs = settings.logging.level != "off"
    ours = [
        *([_LOG_DELIVERY] if logs else []),
        *([_TRACING] if settings.tracing else []),
        *(_use_key(settings.kms_key, names, logs=logs) if settings.kms_key else []),
    ]
    if bucket_key:
        actions = find_key_actions(statements, arns.bucket(names.place, pipeline.bucket.name))
        ours += [_use_bucket_key(bucket_key, actions, names)] if actions else []
    statements += [{**each, "Sid": find_free_sid(each["Sid"], taken)} for each in ours]
    policy = policies.document(*statements) if statements else None
    length = policies.count_characters(policy)
    if length > policies.LIMIT and not settings.role.arn:
        raise UsageError(
            f"the policy of the workflow's role has {length:,} characters, but AWS allows"
            f" {policies.LIMIT:,}",
            "make a role with managed policies and name it in `state_machine.role.arn`,"
            " or move some states into another state machine",
        )
    return policy


def _use_key(key: str, names: Names, *, logs: bool) -> Iterator[JsonObject]:
    """What executions encrypt and decrypt with the config's key.

    https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
    """
    context = "kms:EncryptionContext"
    yield {
        "Sid": "SfnctlKey",
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": key,
        "Condition": {
            "StringEquals": {f"{context}:aws:states:stateMachineArn": names.state_machine_arn}
        },
    }
    if logs:
        yield {
            "Sid": "SfnctlKeyOfLogs",
            "Effect": "Allow",
            "Action": "kms:GenerateDataKey",
            "Resource": key,
            "Condition": {"StringEquals": {f"{context}:SourceArn": names.place.arn("logs", "*")}},
        }


def find_key_actions(statements: Iterable[JsonObject], bucket_arn: str) -> tuple[str, ...]:
    """What these statements need of a KMS key, if it encrypts the objects of a bucket.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    needed: set[str] = set()
    for statement in statements:
        resources, actions = _as_list(statement, "Resource"), _as_list(statement, "Action")
        if statement.get("Effect") == "Allow" and _reaches(resources, f"{bucket_arn}/"):
            for call, key_actions in _KEY_ACTIONS.items():
                if any(fnmatchcase(call, action.lower()) for action in actions):
                    needed.update(key_actions)
    return tuple(sorted(needed))


def list_given_key_actions(statements: Iterable[JsonObject]) -> tuple[str, ...]:
    """What these statements allow with KMS keys that they name, or with all keys."""
    given: set[str] = set()
    for statement in statements:
        keys = [each for each in _as_list(statement, "Resource") if _may_be_key(each)]
        if statement.get("Effect") == "Allow" and keys:
            patterns = [each.lower() for each in _as_list(statement, "Action")]
            given.update(
                action
                for action in {*_WRITE}
                if any(fnmatchcase(action.lower(), pattern) for pattern in patterns)
            )
    return tuple(sorted(given))


def _may_be_key(resource: str) -> bool:
    return resource == "*" or ":kms:" in resource


def _as_list(statement: JsonObject, name: str) -> list[str]:
    value = statement.get(name, [])
    return [value] if isinstance(value, str) else list(value)


def _reaches(resources: list[str], objects: str) -> bool:
    """Whether one of the patterns may match an object."""
    heads = ((re.split(r"[*?]", each)[0], each) for each in resources)
    return any(
        head.startswith(objects) or (head != each and objects.startswith(head))
        for head, each in heads
    )


_READ, _WRITE = ("kms:Decrypt",), ("kms:Decrypt", "kms:GenerateDataKey")
# In lower case, since IAM compares actions without case. A multipart upload also decrypts.
_KEY_ACTIONS = {"s3:getobject": _READ, "s3:getobjectversion": _READ, "s3:putobject": _WRITE}

BUCKET_KEY = "SfnctlBucketKey"


def _use_bucket_key(key: str, actions: tuple[str, ...], names: Names) -> JsonObject:
    """Only through S3, which uses the key for whoever reads or writes an object."""
    via = {"kms:ViaService": arns.regional_service(names.place, "s3")}
    return {
        "Sid": BUCKET_KEY,
        "Effect": "Allow",
        "Action": [*actions],
        "Resource": key,
        "Condition": {"StringEquals": via},
    }


def states_role(
    pipeline: Pipeline,
    definition: JsonObject,
    names: Names,
    own: dict[str, str],
    bucket_key: str | None = None,
) -> Role:
    """Lets the state machine do its work. Not wanted if the config names a role."""
    role, place = pipeline.state_machine.role, names.place
    machine = names.state_machine_arn
    return Role(
        name=names.states_role,
        pipeline=pipeline.name,
        path=role.path,
        trust=policies.trust_service(
            "states.amazonaws.com",
            # Executions of versions and of map runs have longer ARNs.
            *([f"{machine}*"] if role.trust_conditions else []),
            account=place.account,
        ),
        policy=workflow_policy(pipeline, definition, names, bucket_key),
        boundary=role.boundary,
        keeps_rights=True,
        tags=own,
    )


# Neither set of actions knows resources: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
_LOG_DELIVERY: JsonObject = {
    "Sid": "SfnctlLogDelivery",
    "Effect": "Allow",
    "Action": [
        "logs:CreateLogDelivery",
        "logs:CreateLogStream",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutLogEvents",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
    ],
    "Resource": "*",
}
# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html
_TRACING: JsonObject = {
    "Sid": "SfnctlTracing",
    "Effect": "Allow",
    "Action": [
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ],
    "Resource": "*",
}
