"""State machine: the workflow, a version for every change, an alias that points to the newest."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.asl.language.definition import serialize
from sfn_s3_cli.asl.language.definition_words import summarize
from sfn_s3_cli.aws import console
from sfn_s3_cli.aws.errors import call_or_none, code_of
from sfn_s3_cli.aws.eventually import (
    WITHIN,
    TransientError,
    retry_while,
    wait_for_new_rights,
    wait_while,
)
from sfn_s3_cli.aws.executions import count_running, stop_running
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.iam.names import ALIAS
from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.resources import live_alias
from sfn_s3_cli.resources.base import Address, Removal, Resource
from sfn_s3_cli.resources.change import Action
from sfn_s3_cli.resources.live_alias import BUSY, METADATA, NEWEST, ask_metadata
from sfn_s3_cli.resources.observation import Found, Missing, Observation, Refused
from sfn_s3_cli.resources.permissions import Permission, Scope, Verb, pass_role
from sfn_s3_cli.resources.reasons import KEY_POLICY, ReasonType
from sfn_s3_cli.resources.versions import prune
from sfn_s3_cli.resources.words import DEFINITION, HIDDEN, TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from types_boto3_stepfunctions.literals import StateMachineTypeType
    from types_boto3_stepfunctions.type_defs import (
        DescribeStateMachineOutputTypeDef,
    )

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.counts import Count
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.resources.change import Change
    from sfn_s3_cli.resources.live_alias import Described
    from sfn_s3_cli.resources.reasons import Reason

EXISTS = ("StateMachineAlreadyExists",)
MISSING = live_alias.MISSING
_KEY_UNUSABLE = "KmsInvalidStateException"

_RUNNING = ReasonType(
    "RUNNING_EXECUTIONS",
    "Deleting state machine {name} ends {executions:running execution}.",
    is_warning=True,
)
_TYPE_FIXED = ReasonType(
    "STATE_MACHINE_TYPE_FIXED",
    "is {type}, and AWS cannot change the type",
    "write `state_machine.type: {setting}`, tear it down first, or choose another `name`",
)
_OTHER_TYPE = replace(
    _TYPE_FIXED, code="STATE_MACHINE_OF_OTHER_TYPE", remedy="choose another `name`"
)

# A young role gives the same answers as one without permissions. The messages are those that AWS's
# own handlers wait for:
# https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-stepfunctions
_TRANSIENT = (
    TransientError(
        "AccessDeniedException",
        "authorized to assume the provided role",
        waiting_for="IAM",
        remedy="check that the role's trust policy names states.amazonaws.com, that the state"
        " machine meets its conditions, and that no service control policy denies it",
    ),
    TransientError(
        "AccessDeniedException",
        "is not authorized to create managed-rule",
        waiting_for="IAM",
        remedy="allow the role events:PutRule, events:PutTargets and events:DescribeRule on the"
        " managed rule in `role.statements`",
    ),
    TransientError(
        "AccessDeniedException",
        "not authorized to access the Log Destination",
        waiting_for="IAM",
        remedy="check that the role and its boundary allow the logs:*LogDelivery* actions,"
        " logs:PutResourcePolicy, logs:DescribeResourcePolicies and logs:DescribeLogGroups on *",
    ),
    TransientError(
        "StateMachineDeleting",
        waiting_for="the end of the old state machine of that name",
        remedy="AWS waits for its running executions: stop them, or run again later",
    ),
    BUSY,
)


@dataclass(frozen=True, kw_only=True)
class StateMachine(Resource):
    kind: ClassVar[str] = "state_machine"
    arn: str = field(metadata=HIDDEN)
    type: StateMachineTypeType
    """AWS cannot change it."""
    definition: JsonObject = field(metadata=DEFINITION)
    role_arn: str
    log_level: str
    """OFF, ERROR, FATAL or ALL."""
    log_group_arn: str | None
    """Without the trailing `:*`; None when nothing is logged."""
    log_data: bool
    tracing: bool
    kms_key: str | None = None
    """None for a key that AWS owns."""
    live: str | None = NEWEST
    """What the alias `live` points to: NEWEST or `version N`. None without the alias."""
    keep_versions: int = field(default=1, compare=False)
    """How many of its newest versions stay when others are deleted."""
    pinned_versions: tuple[str, ...] = field(default=(), compare=False)
    """The ARNs of versions that rules start without the alias; these stay as well."""
    tags: dict[str, str] = field(metadata=TAGS)

    @property
    def essence(self) -> str:
        return f"{self.type}, {summarize(self.definition)}"

    @property
    def alias_arn(self) -> str:
        return f"{self.arn}:{ALIAS}"

    def outputs(self, aws: Aws) -> Mapping[str, str | None]:
        page = console.find_page(aws, "states/home", f"/statemachines/view/{self.arn}")
        return {
            "state_machine_arn": self.arn,
            "alias_arn": self.alias_arn,
            "state_machine_console_url": page,
        }


@dataclass(frozen=True)
class FoundStateMachine(Found[StateMachine]):
    running: Count | None = None
    """The executions that a teardown has to wait for or stop."""
    live_version: str | None = None
    """The ARN of the version that `live` runs, or most often runs."""
    live_since: datetime | None = None
    """When `live` was moved."""


def observe(reads: Reads, desired: StateMachine, *, wanted: bool) -> Observation[StateMachine]:
    sfn = reads.aws.stepfunctions
    describe = _ask_all if wanted else ask_metadata
    machine = describe(reads, desired.arn)
    all_tags = reads.ask(sfn.list_tags_for_resource, resourceArn=desired.arn)
    alias = reads.ask(sfn.describe_state_machine_alias, stateMachineAliasArn=desired.alias_arn)
    running = None if wanted else reads.ask(count_running, reads.aws, desired.arn)
    found = _read(reads, desired, machine)
    if found is None or (found.get("status") == "DELETING" and wanted):
        return Missing()
    tags = {each["key"]: each.get("value", "") for each in all_tags.result()["tags"]}
    owner, alias_answer = ownership.read_owner(tags), call_or_none(alias.result, *MISSING)
    if wanted and found["type"] != desired.type:
        if owner == desired.owner:
            return Refused(_TYPE_FIXED(type=found["type"], setting=found["type"].lower()))
        return Refused(_OTHER_TYPE(type=found["type"]))
    logging = found.get("loggingConfiguration", {})
    destinations = logging.get("destinations", [])
    group = destinations[0]["cloudWatchLogsLogGroup"]["logGroupArn"] if destinations else None
    executions = running.result() if running else None
    return FoundStateMachine(
        replace(
            desired,
            type=found["type"],
            definition=json.loads(found["definition"]),
            role_arn=found["roleArn"],
            log_level=logging.get("level", "OFF"),
            log_group_arn=group.removesuffix(":*") if group else None,
            log_data=logging.get("includeExecutionData", False),
            tracing=found.get("tracingConfiguration", {}).get("enabled", False),
            kms_key=found.get("encryptionConfiguration", {}).get("kmsKeyId"),
            live=live_alias.read(reads, found, alias_answer),
            tags=ownership.select_ours(tags, desired.tags),
        ),
        owner=owner,
        running=executions,
        live_version=live_alias.find_main_version(alias_answer),
        live_since=alias_answer["updateDate"] if alias_answer else None,
    )


def _ask_all(reads: Reads, arn: str) -> Described:
    return reads.ask(reads.aws.stepfunctions.describe_state_machine, stateMachineArn=arn)


def _read(
    reads: Reads, desired: StateMachine, machine: Described
) -> DescribeStateMachineOutputTypeDef | None:
    """A definition whose key is disabled or deleted reads as `{}`, so that it is replaced."""
    try:
        return call_or_none(machine.result, *MISSING)
    except Exception as error:
        if code_of(error) != _KEY_UNUSABLE:
            raise
        return ask_metadata(reads, desired.arn).result()


def moves_live(before: StateMachine, desired: StateMachine) -> bool:
    """Whether an update lets `live` run another version."""
    return _settings(before) != _settings(desired) or before.live != desired.live


def create(aws: Aws, desired: StateMachine) -> None:
    answer = retry_while(
        aws,
        lambda: aws.stepfunctions.create_state_machine(
            name=desired.name,
            type=desired.type,
            publish=True,
            tags=_tags(desired.tags),
            **_settings(desired),
        ),
        *_TRANSIENT,
    )
    live_alias.create(aws, desired.alias_arn, answer["stateMachineVersionArn"])


def update(aws: Aws, observed: FoundStateMachine, desired: StateMachine) -> None:
    sfn, before = aws.stepfunctions, observed.resource
    if _settings(before) != _settings(desired):
        version_arn = retry_while(
            aws,
            lambda: sfn.update_state_machine(
                stateMachineArn=desired.arn, publish=True, **_settings(desired)
            ),
            *_TRANSIENT,
        )["stateMachineVersionArn"]
        wait_for_new_rights(aws)
        live_alias.point(aws, desired.alias_arn, version_arn)
        spared = {*desired.pinned_versions, observed.live_version}
        prune(aws, desired.arn, desired.keep_versions, spared)
    elif before.live != desired.live:
        # The same revision gives the same version.
        version = partial(sfn.publish_state_machine_version, stateMachineArn=desired.arn)
        answer = retry_while(aws, version, BUSY, within=60)
        wait_for_new_rights(aws)
        live_alias.point(aws, desired.alias_arn, answer["stateMachineVersionArn"])
    ownership.retag(
        before.tags,
        desired.tags,
        tag=lambda tags: sfn.tag_resource(resourceArn=desired.arn, tags=_tags(tags)),
        untag=lambda keys: sfn.untag_resource(resourceArn=desired.arn, tagKeys=keys),
    )


def delete(aws: Aws, observed: Found[StateMachine], removal: Removal) -> None:
    """Returns when the machine is gone: until then its executions need its role.

    Deleting also deletes versions and aliases, and succeeds for a machine that does not exist.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
    """
    machine, sfn = observed.resource, aws.stepfunctions
    if removal.stop_executions:
        stop_running(aws, machine.arn)
    elif running := count_running(aws, machine.arn):
        aws.notify(
            f"Waiting up to {WITHIN:.0f} seconds for {running:running execution} of {machine.name}:"
            " AWS ends executions at their next step; --stop-executions stops them now"
        )
    sfn.delete_state_machine(stateMachineArn=machine.arn)

    describe = partial(
        sfn.describe_state_machine, stateMachineArn=machine.arn, includedData=METADATA
    )

    def exists() -> bool:
        return call_or_none(describe, *MISSING) is not None

    if not wait_while(aws, exists):
        running = count_running(aws, machine.arn)
        executions = f"{running:running execution}" if running else "its executions"
        raise AwsError(
            f"state machine {machine.name} is still being deleted: AWS waits for {executions}"
            " to end",
            "run the same command again when they have ended, or now with --stop-executions",
        )


def _settings(desired: StateMachine) -> JsonObject:
    """What CreateStateMachine and UpdateStateMachine both take.

    An update keeps whatever is left out, so it always gets everything.
    """
    destinations = []
    if desired.log_group_arn:
        group = {"logGroupArn": f"{desired.log_group_arn}:*"}
        destinations = [{"cloudWatchLogsLogGroup": group}]
    encryption = {"type": "AWS_OWNED_KEY"}
    if desired.kms_key:
        encryption = {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": desired.kms_key}
    return {
        "definition": serialize(desired.definition),
        "roleArn": desired.role_arn,
        "loggingConfiguration": {
            "level": desired.log_level,
            "includeExecutionData": desired.log_data,
            "destinations": destinations,
        },
        "tracingConfiguration": {"enabled": desired.tracing},
        "encryptionConfiguration": encryption,
    }


def _tags(tags: Mapping[str, str]) -> list[Any]:
    """Step Functions spells the keys of its tags in lower case."""
    return [{"key": key, "value": tags[key]} for key in sorted(tags)]


def permissions(desired: StateMachine, place: Place) -> Iterator[Permission]:
    machine = Scope("StateMachine", (desired.arn,))  # IAM judges versions and aliases by it
    executions = Scope("Executions", (place.arn("states", f"execution:{desired.name}:*"),))
    read = "states:DescribeStateMachine states:DescribeStateMachineAlias states:ListTagsForResource"
    make = (
        "states:CreateStateMachine states:CreateStateMachineAlias"
        " states:DeleteStateMachineVersion states:ListStateMachineAliases"
        " states:PublishStateMachineVersion states:TagResource states:UntagResource"
        " states:UpdateStateMachine states:UpdateStateMachineAlias"
    )
    if desired.kms_key:
        yield from _key_permissions(desired, desired.kms_key)
    yield Permission(Verb.READ, machine, read)
    older = "states:ListExecutions states:ListStateMachineVersions"
    yield Permission(Verb.READ_WANTED, machine, older)
    watch = "states:DescribeStateMachine states:ListExecutions"
    yield Permission(Verb.READ_EXECUTIONS, machine, watch)
    if desired.log_group_arn:
        group = Scope("LogGroup", (desired.log_group_arn, f"{desired.log_group_arn}:*"))
        if desired.type == "EXPRESS":
            is_complete = desired.log_level == "ALL"
            verb = Verb.READ_EXECUTIONS if is_complete else Verb.READ_STEPS
            yield Permission(verb, group, "logs:FilterLogEvents")
        elif desired.log_level == "ALL" and desired.log_data:
            yield Permission(Verb.READ_HISTORY, group, "logs:FilterLogEvents")
    yield Permission(Verb.READ_EXECUTIONS, executions, "states:DescribeExecution")
    yield Permission(Verb.READ_HISTORY, executions, "states:GetExecutionHistory")
    yield from _step_permissions(desired, place, executions)
    yield Permission(Verb.MAKE, machine, make)
    yield Permission(Verb.MAKE, pass_role("states", desired.role_arn, place), "iam:PassRole")
    yield Permission(Verb.REMOVE, machine, "states:DeleteStateMachine states:ListExecutions")
    yield Permission(Verb.REMOVE, executions, "states:StopExecution")


def _step_permissions(
    desired: StateMachine, place: Place, executions: Scope
) -> Iterator[Permission]:
    """A Map Run, and the executions that it starts, have a label in their ARNs.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
    """
    runs = Scope("MapRuns", (place.arn("states", f"mapRun:{desired.name}/*:*"),))
    started = Scope("MapRunExecutions", (place.arn("states", f"execution:{desired.name}/*:*"),))
    express = Scope("MapRunExpress", (place.arn("states", f"express:{desired.name}/*:*:*"),))
    yield Permission(Verb.READ_STEPS, executions, "states:GetExecutionHistory")
    yield Permission(Verb.READ_STEPS, runs, "states:DescribeMapRun")
    read = "states:DescribeExecution states:GetExecutionHistory"
    yield Permission(Verb.READ_STEPS, started, read)
    yield Permission(Verb.READ_STEPS, express, "states:DescribeExecution")


def _key_permissions(desired: StateMachine, key: str) -> Iterator[Permission]:
    """https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html"""
    context = "kms:EncryptionContext:aws:states:stateMachineArn"
    scope = Scope("StateMachineKey", (key,), ("StringEquals", context, desired.arn))
    yield Permission(Verb.READ_WANTED, scope, "kms:Decrypt")
    yield Permission(Verb.READ_EXECUTIONS, scope, "kms:Decrypt")
    yield Permission(Verb.MAKE, scope, "kms:GenerateDataKey")
    yield Permission(Verb.MAKE, Scope("Key", (key,)), "kms:DescribeKey")


def notes(change: Change, changes: Mapping[Address, Change]) -> Iterator[Reason]:  # noqa: ARG001
    match change.desired:
        case StateMachine(kms_key=str(key), log_group_arn=str()) if change.affects("kms_key"):
            yield KEY_POLICY(key=key, services=("delivery.logs.amazonaws.com",))
    match change.observed:
        case FoundStateMachine(running=count) if count and change.action is Action.DELETE:
            yield _RUNNING(executions=count, name=change.address.name)
