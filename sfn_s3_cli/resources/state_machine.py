"""State machine: the workflow, a version for every change, an alias that runs the newest."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.asl.language.definition import serialize
from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import WITHIN, TransientError, retry_while, wait_until_gone
from sfn_s3_cli.aws.executions import running_in_words, stop_running
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.iam.names import ALIAS
from sfn_s3_cli.iam.policies import Document
from sfn_s3_cli.resources.base import Observed, Refusal, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_stepfunctions.literals import StateMachineTypeType
    from types_boto3_stepfunctions.type_defs import (
        DescribeStateMachineAliasOutputTypeDef,
        DescribeStateMachineOutputTypeDef,
        RoutingConfigurationListItemTypeDef,
    )

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads

MISSING = "StateMachineDoesNotExist"
MISSING_ALIAS = "ResourceNotFound"

_BUSY = TransientError("ConflictException")
# A young role gives the same answers as one that lacks its rights: these are of AWS's own handlers,
# https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-stepfunctions
_PASSING = (
    TransientError(
        "AccessDeniedException",
        "authorized to assume the provided role",
        waiting_for="IAM",
        remedy="does the trust policy of the role name states.amazonaws.com, without a condition"
        " that the state machine does not meet, and does no service control policy forbid it?",
    ),
    TransientError(
        "AccessDeniedException",
        "is not authorized to create managed-rule",
        waiting_for="IAM",
        remedy="may the role do events:PutRule, events:PutTargets and events:DescribeRule on the"
        " managed rule? Add it in `role.statements`",
    ),
    TransientError(
        "AccessDeniedException",
        "not authorized to access the Log Destination",
        waiting_for="IAM",
        remedy="may the role do the logs:*LogDelivery*, logs:PutResourcePolicy,"
        " logs:DescribeResourcePolicies and logs:DescribeLogGroups actions on *, and does its"
        " boundary allow them?",
    ),
    TransientError(
        "StateMachineDeleting",
        waiting_for="the end of the old state machine of that name",
        remedy="AWS waits for its running executions: stop them, or run again later",
    ),
    _BUSY,
)


@dataclass(frozen=True, kw_only=True)
class StateMachine(Resource):
    kind: ClassVar[str] = "state_machine"
    arn: str
    type: StateMachineTypeType
    """AWS does not change it."""
    definition: Document
    role_arn: str
    log_level: str
    """OFF, ERROR, FATAL or ALL."""
    log_group_arn: str | None
    """Without the trailing `:*`; None when nothing is logged."""
    log_data: bool
    tracing: bool
    published: bool = True
    """Whether the alias `live` runs exactly this."""
    stop_executions: bool = field(default=False, compare=False)
    """Whether deleting it stops the executions that run, instead of waiting for them."""
    tags: dict[str, str]

    @property
    def alias_arn(self) -> str:
        return f"{self.arn}:{ALIAS}"


def observe(reads: Reads, desired: StateMachine, *, leaving: bool) -> Observed[StateMachine] | None:
    sfn = reads.aws.stepfunctions
    machine = reads.ask(sfn.describe_state_machine, stateMachineArn=desired.arn)
    all_tags = reads.ask(sfn.list_tags_for_resource, resourceArn=desired.arn)
    alias = reads.ask(sfn.describe_state_machine_alias, stateMachineAliasArn=desired.alias_arn)
    running = reads.ask(running_in_words, reads.aws, desired.arn) if leaving else None
    found = call_or_none(machine.result, MISSING)
    if found is None or (found.get("status") == "DELETING" and not leaving):
        return None
    tags = {each["key"]: each.get("value", "") for each in all_tags.result()["tags"]}
    logging = found.get("loggingConfiguration", {})
    destinations = logging.get("destinations", [])
    group = destinations[0]["cloudWatchLogsLogGroup"]["logGroupArn"] if destinations else None
    owner = ownership.owner(tags)
    other_type = _other_type(found["type"], is_ours=owner == desired.owner)
    return Observed(
        replace(
            desired,
            type=found["type"],
            definition=json.loads(found["definition"]),
            role_arn=found["roleArn"],
            log_level=logging.get("level", "OFF"),
            log_group_arn=group.removesuffix(":*") if group else None,
            log_data=logging.get("includeExecutionData", False),
            tracing=found.get("tracingConfiguration", {}).get("enabled", False),
            published=_is_published(
                reads, found, call_or_none(alias.result, MISSING_ALIAS, MISSING)
            ),
            tags=ownership.ours(tags, desired.tags),
        ),
        owner=owner,
        others=running.result() if running else "",
        refusal=None if found["type"] == desired.type or leaving else other_type,
    )


def _other_type(found: str, *, is_ours: bool) -> Refusal:
    keep = f"write `state_machine.type: {found.lower()}`, tear it down first, or "
    remedy = f"{keep if is_ours else ''}choose another `name`"
    return Refusal(f"is {found}, and AWS does not change the type", remedy)


def _is_published(
    reads: Reads,
    machine: DescribeStateMachineOutputTypeDef,
    alias: DescribeStateMachineAliasOutputTypeDef | None,
) -> bool:
    if alias is None or len(alias["routingConfiguration"]) != 1:
        return False
    version_arn = alias["routingConfiguration"][0]["stateMachineVersionArn"]
    describe = reads.aws.stepfunctions.describe_state_machine
    version = reads.ask(describe, stateMachineArn=version_arn).result()
    return _revision(version) == _revision(machine)


def _revision(described: DescribeStateMachineOutputTypeDef) -> str:
    """Before its first update a state machine has no revision id, or one that says so."""
    return described.get("revisionId") or "INITIAL"


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
        *_PASSING,
    )
    routing = _routing(answer["stateMachineVersionArn"])
    create_alias = partial(
        aws.stepfunctions.create_state_machine_alias, name=ALIAS, routingConfiguration=routing
    )
    if (
        call_or_none(create_alias, "ConflictException") is None
    ):  # there is one, or one is being made
        _point_alias(aws, desired, answer["stateMachineVersionArn"])


def update(aws: Aws, observed: StateMachine, desired: StateMachine) -> None:
    sfn = aws.stepfunctions
    if _settings(observed) != _settings(desired):
        version_arn = retry_while(
            aws,
            lambda: sfn.update_state_machine(
                stateMachineArn=desired.arn, publish=True, **_settings(desired)
            ),
            *_PASSING,
        )["stateMachineVersionArn"]
        _point_alias(aws, desired, version_arn)
    elif not observed.published:
        # The same revision gives the same version.
        version = partial(sfn.publish_state_machine_version, stateMachineArn=desired.arn)
        answer = retry_while(aws, version, _BUSY, within=60)
        _point_alias(aws, desired, answer["stateMachineVersionArn"])
    ownership.retag(
        observed.tags,
        desired.tags,
        tag=lambda tags: sfn.tag_resource(resourceArn=desired.arn, tags=_tags(tags)),
        untag=lambda keys: sfn.untag_resource(resourceArn=desired.arn, tagKeys=keys),
    )


def delete(aws: Aws, observed: Observed[StateMachine]) -> None:
    """Returns when the machine is gone: until then its executions need its role.

    Deleting takes the versions and aliases along and succeeds for a machine that is gone.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
    """
    machine, sfn = observed.resource, aws.stepfunctions
    if machine.stop_executions:
        stop_running(aws, machine.arn)
    elif running := running_in_words(aws, machine.arn):
        aws.notify(
            f"Waiting for {running} of {machine.name}, which AWS ends at their next step, for"
            f" {WITHIN:.0f} seconds at the most; --stop-executions stops them at once"
        )
    sfn.delete_state_machine(stateMachineArn=machine.arn)

    def exists() -> bool:
        answer = call_or_none(
            lambda: sfn.describe_state_machine(stateMachineArn=machine.arn), MISSING
        )
        return answer is not None

    if not wait_until_gone(aws, exists):
        running = running_in_words(aws, machine.arn) or "its executions"
        raise AwsError(
            f"state machine {machine.name} is still being deleted: AWS waits for {running} to end",
            "run the same command again when they have ended, or now with --stop-executions",
        )


def _settings(desired: StateMachine) -> dict[str, Any]:
    """What CreateStateMachine and UpdateStateMachine both take.

    An update leaves alone what it is not given, so it is always given everything.
    """
    destinations = []
    if desired.log_group_arn:
        group = {"logGroupArn": f"{desired.log_group_arn}:*"}
        destinations = [{"cloudWatchLogsLogGroup": group}]
    return {
        "definition": serialize(desired.definition),
        "roleArn": desired.role_arn,
        "loggingConfiguration": {
            "level": desired.log_level,
            "includeExecutionData": desired.log_data,
            "destinations": destinations,
        },
        "tracingConfiguration": {"enabled": desired.tracing},
    }


def _point_alias(aws: Aws, desired: StateMachine, version_arn: str) -> None:
    sfn, routing = aws.stepfunctions, _routing(version_arn)
    update_alias = partial(
        sfn.update_state_machine_alias,
        stateMachineAliasArn=desired.alias_arn,
        routingConfiguration=routing,
    )
    moved = call_or_none(lambda: retry_while(aws, update_alias, _BUSY, within=60), MISSING_ALIAS)
    if moved is None:
        create_alias = partial(
            sfn.create_state_machine_alias, name=ALIAS, routingConfiguration=routing
        )
        retry_while(aws, create_alias, _BUSY, within=60)


def _routing(version_arn: str) -> list[RoutingConfigurationListItemTypeDef]:
    return [{"stateMachineVersionArn": version_arn, "weight": 100}]


def _tags(tags: Mapping[str, str]) -> list[Any]:
    """Step Functions spells the keys of its tags in lower case."""
    return [{"key": key, "value": tags[key]} for key in sorted(tags)]
