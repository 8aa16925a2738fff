"""State machine: the workflow, a version for every change, an alias that runs the newest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws import tags as ownership
from sfn_s3_cli.aws.errors import unless
from sfn_s3_cli.aws.eventually import Passing, eventually, gone
from sfn_s3_cli.aws.policies import Document
from sfn_s3_cli.errors import AwsError, Refused
from sfn_s3_cli.names import ALIAS
from sfn_s3_cli.resources.base import Observed, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_stepfunctions.type_defs import (
        DescribeStateMachineAliasOutputTypeDef,
        DescribeStateMachineOutputTypeDef,
        RoutingConfigurationListItemTypeDef,
    )

    from sfn_s3_cli.aws import Aws
    from sfn_s3_cli.aws.reads import Reads

MISSING = "StateMachineDoesNotExist"
MISSING_ALIAS = "ResourceNotFound"

_BUSY = Passing("ConflictException")
# A young role gives the same answers as one that lacks its rights.
_PASSING = (
    Passing("AccessDeniedException", "authorized to assume the provided role"),
    Passing("AccessDeniedException", "is not authorized to create managed-rule"),
    Passing("AccessDeniedException", "not authorized to access the Log Destination"),
    Passing("StateMachineDeleting"),
    _BUSY,
)


@dataclass(frozen=True, kw_only=True)
class StateMachine(Resource):
    kind: ClassVar[str] = "state_machine"
    arn: str
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
    tags: dict[str, str]

    @property
    def alias_arn(self) -> str:
        return f"{self.arn}:{ALIAS}"


def observe(
    reads: Reads,
    desired: StateMachine,
    *,
    leaving: bool,
) -> Observed[StateMachine] | None:
    sfn = reads.aws.stepfunctions
    machine = reads.ask(sfn.describe_state_machine, stateMachineArn=desired.arn)
    all_tags = reads.ask(sfn.list_tags_for_resource, resourceArn=desired.arn)
    alias = reads.ask(sfn.describe_state_machine_alias, stateMachineAliasArn=desired.alias_arn)
    found = unless(machine.result, MISSING)
    if found is None or (found.get("status") == "DELETING" and not leaving):
        return None
    if found["type"] != "STANDARD" and not leaving:
        raise Refused(
            f"state machine {desired.name} is {found['type']}, and sfnctl makes STANDARD ones",
            "choose another `name`",
        )
    tags = {each["key"]: each.get("value", "") for each in all_tags.result()["tags"]}
    logging = found.get("loggingConfiguration", {})
    destinations = logging.get("destinations", [])
    group = destinations[0]["cloudWatchLogsLogGroup"]["logGroupArn"] if destinations else None
    return Observed(
        StateMachine(
            name=desired.name,
            arn=desired.arn,
            definition=json.loads(found["definition"]),
            role_arn=found["roleArn"],
            log_level=logging.get("level", "OFF"),
            log_group_arn=group.removesuffix(":*") if group else None,
            log_data=logging.get("includeExecutionData", False),
            tracing=found.get("tracingConfiguration", {}).get("enabled", False),
            published=_is_published(reads, found, unless(alias.result, MISSING_ALIAS, MISSING)),
            tags=ownership.ours(tags, desired.tags),
        ),
        owner=ownership.owner(tags),
    )


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
    answer = eventually(
        lambda: aws.stepfunctions.create_state_machine(
            name=desired.name,
            publish=True,
            tags=_tags(desired.tags),
            **_settings(desired),
        ),
        *_PASSING,
        clock=aws.clock,
    )
    routing = _routing(answer["stateMachineVersionArn"])
    create_alias = partial(
        aws.stepfunctions.create_state_machine_alias, name=ALIAS, routingConfiguration=routing
    )
    if unless(create_alias, "ConflictException") is None:  # there is one, or one is being made
        _point_alias(aws, desired, answer["stateMachineVersionArn"])


def update(aws: Aws, observed: StateMachine, desired: StateMachine) -> None:
    if _settings(observed) != _settings(desired):
        version_arn = eventually(
            lambda: aws.stepfunctions.update_state_machine(
                stateMachineArn=desired.arn, publish=True, **_settings(desired)
            ),
            *_PASSING,
            clock=aws.clock,
        )["stateMachineVersionArn"]
        _point_alias(aws, desired, version_arn)
    elif not observed.published:
        publish = aws.stepfunctions.publish_state_machine_version
        answer = publish(stateMachineArn=desired.arn)  # the same revision gives the same version
        _point_alias(aws, desired, answer["stateMachineVersionArn"])
    ownership.retag(
        observed.tags,
        desired.tags,
        tag=lambda tags: aws.stepfunctions.tag_resource(
            resourceArn=desired.arn,
            tags=_tags(tags),
        ),
        untag=lambda keys: aws.stepfunctions.untag_resource(resourceArn=desired.arn, tagKeys=keys),
    )


def delete(aws: Aws, observed: Observed[StateMachine]) -> None:
    """Returns when the machine is gone: until then its executions need its role.

    Deleting takes the versions and aliases along and succeeds for a machine that is gone.
    """
    arn = observed.resource.arn
    aws.stepfunctions.delete_state_machine(stateMachineArn=arn)
    describe = aws.stepfunctions.describe_state_machine

    def exists() -> bool:
        return unless(lambda: describe(stateMachineArn=arn), MISSING) is not None

    if not gone(exists, clock=aws.clock):
        raise AwsError(
            f"state machine {observed.resource.name} is still being deleted: "
            "AWS waits for its running executions",
            "stop them, or run the same command again when they have ended",
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
        "definition": json.dumps(desired.definition, ensure_ascii=False),
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
    moved = unless(
        lambda: eventually(update_alias, _BUSY, clock=aws.clock, within=30), MISSING_ALIAS
    )
    if moved is None:
        sfn.create_state_machine_alias(name=ALIAS, routingConfiguration=routing)


def _routing(version_arn: str) -> list[RoutingConfigurationListItemTypeDef]:
    return [{"stateMachineVersionArn": version_arn, "weight": 100}]


def _tags(tags: Mapping[str, str]) -> list[Any]:
    """Step Functions spells the keys of its tags in lower case."""
    return [{"key": key, "value": tags[key]} for key in sorted(tags)]
