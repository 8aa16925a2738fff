"""CloudWatch log group: where the state machine writes what its executions did."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.resources.base import Observed, Resource

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads

MISSING = "ResourceNotFoundException"
_BUSY = TransientError("OperationAbortedException")
_YOUNG = TransientError(MISSING)


@dataclass(frozen=True, kw_only=True)
class LogGroup(Resource):
    kind: ClassVar[str] = "log_group"
    arn: str
    retention_days: int | None
    tags: dict[str, str]


def observe(reads: Reads, desired: LogGroup, *, leaving: bool) -> Observed[LogGroup] | None:  # noqa: ARG001
    logs = reads.aws.logs
    # Groups come in the order of their names, so the one named exactly so is the first.
    groups = reads.ask(logs.describe_log_groups, logGroupNamePrefix=desired.name, limit=1)
    all_tags = reads.ask(logs.list_tags_for_resource, resourceArn=desired.arn)
    found = [
        group for group in groups.result()["logGroups"] if group["logGroupName"] == desired.name
    ]
    if not found:
        return None
    tagged = call_or_none(all_tags.result, MISSING)
    tags = tagged.get("tags", {}) if tagged else {}
    return Observed(
        LogGroup(
            name=desired.name,
            arn=desired.arn,
            retention_days=found[0].get("retentionInDays"),
            tags=ownership.ours(tags, desired.tags),
        ),
        owner=ownership.owner(tags),
    )


def create(aws: Aws, desired: LogGroup) -> None:
    create_group = partial(aws.logs.create_log_group, logGroupName=desired.name, tags=desired.tags)
    retry_while(aws, create_group, _BUSY, within=60)
    _put_retention(aws, desired)


def update(aws: Aws, observed: LogGroup, desired: LogGroup) -> None:
    if observed.retention_days != desired.retention_days:
        _put_retention(aws, desired)
    ownership.retag(
        observed.tags,
        desired.tags,
        tag=lambda tags: aws.logs.tag_resource(resourceArn=desired.arn, tags=tags),
        untag=lambda keys: aws.logs.untag_resource(resourceArn=desired.arn, tagKeys=keys),
    )


def delete(aws: Aws, observed: Observed[LogGroup]) -> None:
    name = observed.resource.name
    delete_group = partial(aws.logs.delete_log_group, logGroupName=name)
    call_or_none(lambda: retry_while(aws, delete_group, _BUSY, within=60), MISSING)


def _put_retention(aws: Aws, desired: LogGroup) -> None:
    if desired.retention_days is not None:
        put = partial(
            aws.logs.put_retention_policy,
            logGroupName=desired.name,
            retentionInDays=desired.retention_days,
        )
        retry_while(aws, put, _BUSY, _YOUNG, within=60)
