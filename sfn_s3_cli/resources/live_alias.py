"""The alias `live`, which rules start: what it points to, and how it is moved."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Final

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.iam.names import ALIAS

if TYPE_CHECKING:
    from types_boto3_stepfunctions.type_defs import (
        DescribeStateMachineAliasOutputTypeDef,
        DescribeStateMachineOutputTypeDef,
        RoutingConfigurationListItemTypeDef,
    )

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads

MISSING = ("StateMachineDoesNotExist", "ResourceNotFound")
"""The second is an alias's or a version's."""
BUSY = TransientError("ConflictException")
NEWEST = "newest version"
METADATA: Final = "METADATA_ONLY"

Described = Future["DescribeStateMachineOutputTypeDef"]


def ask_metadata(reads: Reads, arn: str) -> Described:
    """Without the definition, which is then `{}`, the key of the state machine is not needed.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
    """
    describe = reads.aws.stepfunctions.describe_state_machine
    return reads.ask(describe, stateMachineArn=arn, includedData=METADATA)


def read(
    reads: Reads,
    machine: DescribeStateMachineOutputTypeDef,
    alias: DescribeStateMachineAliasOutputTypeDef | None,
) -> str | None:
    if alias is None:
        return None
    version_arns = [each["stateMachineVersionArn"] for each in alias["routingConfiguration"]]
    if len(version_arns) == 1:
        version = ask_metadata(reads, version_arns[0]).result()
        if _revision(version) == _revision(machine):
            return NEWEST
    return ", ".join(f"version {arn.rpartition(':')[2]}" for arn in version_arns)


def find_main_version(alias: DescribeStateMachineAliasOutputTypeDef | None) -> str | None:
    routing = alias["routingConfiguration"] if alias else []
    if not routing:
        return None
    return max(routing, key=lambda each: each["weight"])["stateMachineVersionArn"]


def _revision(described: DescribeStateMachineOutputTypeDef) -> str:
    """Before its first update a state machine has no revision id, or the id INITIAL."""
    return described.get("revisionId") or "INITIAL"


def create(aws: Aws, alias_arn: str, version_arn: str) -> None:
    """Creates the alias of a new state machine."""
    create_alias = partial(
        aws.stepfunctions.create_state_machine_alias,
        name=ALIAS,
        routingConfiguration=_routing(version_arn),
    )
    if call_or_none(create_alias, "ConflictException") is None:  # it exists, or is being created
        point(aws, alias_arn, version_arn)


def point(aws: Aws, alias_arn: str, version_arn: str) -> None:
    """Lets the alias run that version and no other."""
    sfn, routing = aws.stepfunctions, _routing(version_arn)
    update_alias = partial(
        sfn.update_state_machine_alias,
        stateMachineAliasArn=alias_arn,
        routingConfiguration=routing,
    )
    moved = call_or_none(lambda: retry_while(aws, update_alias, BUSY, within=60), *MISSING)
    if moved is None:
        create_alias = partial(
            sfn.create_state_machine_alias, name=ALIAS, routingConfiguration=routing
        )
        retry_while(aws, create_alias, BUSY, within=60)


def _routing(version_arn: str) -> list[RoutingConfigurationListItemTypeDef]:
    return [{"stateMachineVersionArn": version_arn, "weight": 100}]
