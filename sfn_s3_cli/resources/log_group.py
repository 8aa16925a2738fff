"""CloudWatch log group: where the state machine logs its executions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.resources.base import Removal, Resource
from sfn_s3_cli.resources.kind import no_notes
from sfn_s3_cli.resources.observation import Found, Missing, Observation
from sfn_s3_cli.resources.permissions import EVERYTHING, Permission, Scope, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place

EXISTS = ("ResourceAlreadyExistsException",)
MISSING = ("ResourceNotFoundException",)
notes = no_notes

_BUSY = TransientError("OperationAbortedException")
_YOUNG = TransientError(*MISSING)


@dataclass(frozen=True, kw_only=True)
class LogGroup(Resource):
    kind: ClassVar[str] = "log_group"
    arn: str
    retention_days: int | None
    tags: dict[str, str]


def observe(reads: Reads, desired: LogGroup, *, wanted: bool) -> Observation[LogGroup]:  # noqa: ARG001
    logs = reads.aws.logs
    # Groups are sorted by name, so the one with exactly this name comes first.
    groups = reads.ask(logs.describe_log_groups, logGroupNamePrefix=desired.name, limit=1)
    all_tags = reads.ask(logs.list_tags_for_resource, resourceArn=desired.arn)
    found = [
        group for group in groups.result()["logGroups"] if group["logGroupName"] == desired.name
    ]
    if not found:
        return Missing()
    tagged = call_or_none(all_tags.result, *MISSING)
    tags = tagged.get("tags", {}) if tagged else {}
    return Found(
        LogGroup(
            name=desired.name,
            pipeline=desired.pipeline,
            arn=desired.arn,
            retention_days=found[0].get("retentionInDays"),
            tags=ownership.select_ours(tags, desired.tags),
        ),
        owner=ownership.read_owner(tags),
    )


def create(aws: Aws, desired: LogGroup) -> None:
    create_group = partial(aws.logs.create_log_group, logGroupName=desired.name, tags=desired.tags)
    retry_while(aws, create_group, _BUSY, within=60)
    _put_retention(aws, desired)


def update(aws: Aws, observed: Found[LogGroup], desired: LogGroup) -> None:
    if observed.resource.retention_days != desired.retention_days:
        _put_retention(aws, desired)
    ownership.retag(
        observed.resource.tags,
        desired.tags,
        tag=lambda tags: aws.logs.tag_resource(resourceArn=desired.arn, tags=tags),
        untag=lambda keys: aws.logs.untag_resource(resourceArn=desired.arn, tagKeys=keys),
    )


def delete(aws: Aws, observed: Found[LogGroup], removal: Removal) -> None:  # noqa: ARG001
    name = observed.resource.name
    delete_group = partial(aws.logs.delete_log_group, logGroupName=name)
    call_or_none(lambda: retry_while(aws, delete_group, _BUSY, within=60), *MISSING)


def _put_retention(aws: Aws, desired: LogGroup) -> None:
    if desired.retention_days is not None:
        put = partial(
            aws.logs.put_retention_policy,
            logGroupName=desired.name,
            retentionInDays=desired.retention_days,
        )
        retry_while(aws, put, _BUSY, _YOUNG, within=60)


def permissions(desired: LogGroup, place: Place) -> Iterator[Permission]:  # noqa: ARG001
    # Actions differ in which of the two forms they take.
    group = Scope("LogGroup", (desired.arn, f"{desired.arn}:*"))
    make = "logs:CreateLogGroup logs:PutRetentionPolicy logs:TagResource logs:UntagResource"
    yield Permission(Verb.READ, EVERYTHING, "logs:DescribeLogGroups")
    yield Permission(Verb.READ, group, "logs:ListTagsForResource")
    yield Permission(Verb.MAKE, group, make)
    yield Permission(Verb.REMOVE, group, "logs:DeleteLogGroup")
