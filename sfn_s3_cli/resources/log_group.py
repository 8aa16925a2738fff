"""CloudWatch log group: where the state machine logs its executions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from sfn_s3_cli.aws import console
from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.iam import arns
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.resources.base import Removal, Resource
from sfn_s3_cli.resources.observation import Found, Missing, Observation
from sfn_s3_cli.resources.permissions import EVERYTHING, Permission, Scope, Verb
from sfn_s3_cli.resources.reasons import KEY_POLICY
from sfn_s3_cli.resources.words import HIDDEN, TAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.resources.base import Address
    from sfn_s3_cli.resources.change import Change
    from sfn_s3_cli.resources.reasons import Reason

EXISTS = ("ResourceAlreadyExistsException",)
MISSING = ("ResourceNotFoundException",)

_BUSY = TransientError("OperationAbortedException")
_YOUNG = TransientError(*MISSING)


@dataclass(frozen=True, kw_only=True)
class LogGroup(Resource):
    kind: ClassVar[str] = "log_group"
    arn: str = field(metadata=HIDDEN)
    retention_days: int | None
    kms_key: str | None = None
    """None for a key of AWS."""
    tags: dict[str, str] = field(metadata=TAGS)

    @property
    def essence(self) -> str:
        days = self.retention_days
        return f"keeps logs for {days} days" if days else "keeps logs forever"

    def outputs(self, aws: Aws) -> Mapping[str, str | None]:
        """The console's own router decodes the name once more, with `$` instead of `%`."""
        name = quote(quote(self.name, safe=""), safe="").replace("%", "$")
        page = console.find_page(aws, "cloudwatch/home", f"logsV2:log-groups/log-group/{name}")
        return {"log_group": self.name, "log_group_arn": self.arn, "log_group_console_url": page}


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
            kms_key=found[0].get("kmsKeyId"),
            tags=ownership.select_ours(tags, desired.tags),
        ),
        owner=ownership.read_owner(tags),
    )


def create(aws: Aws, desired: LogGroup) -> None:
    key: Any = {"kmsKeyId": desired.kms_key} if desired.kms_key else {}
    create_group = partial(
        aws.logs.create_log_group, logGroupName=desired.name, tags=desired.tags, **key
    )
    retry_while(aws, create_group, _BUSY, within=60)
    _put_retention(aws, desired)


def update(aws: Aws, observed: Found[LogGroup], desired: LogGroup) -> None:
    if observed.resource.retention_days != desired.retention_days:
        _put_retention(aws, desired)
    if observed.resource.kms_key != desired.kms_key:
        _put_key(aws, desired)
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


def _put_key(aws: Aws, desired: LogGroup) -> None:
    """What is logged from now on; what was logged before keeps its key.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    put: Callable[[], object] = partial(aws.logs.disassociate_kms_key, logGroupName=desired.name)
    if desired.kms_key:
        associate = aws.logs.associate_kms_key
        put = partial(associate, logGroupName=desired.name, kmsKeyId=desired.kms_key)
    retry_while(aws, put, _BUSY, within=60)


def permissions(desired: LogGroup, place: Place) -> Iterator[Permission]:  # noqa: ARG001
    # Actions differ in which of the two forms they take.
    group = Scope("LogGroup", (desired.arn, f"{desired.arn}:*"))
    make = "logs:CreateLogGroup logs:PutRetentionPolicy logs:TagResource logs:UntagResource"
    # A deploy that takes the key out of the config needs the permissions of the config before it.
    if desired.kms_key:
        make += " logs:AssociateKmsKey logs:DisassociateKmsKey"
    yield Permission(Verb.READ, EVERYTHING, "logs:DescribeLogGroups")
    yield Permission(Verb.READ, group, "logs:ListTagsForResource")
    yield Permission(Verb.MAKE, group, make)
    yield Permission(Verb.REMOVE, group, "logs:DeleteLogGroup")


def notes(change: Change, changes: Mapping[Address, Change]) -> Iterator[Reason]:  # noqa: ARG001
    match change.desired:
        case LogGroup(kms_key=str(key), arn=arn) if change.affects("kms_key"):
            logs = arns.regional_service(arns.place_of(arn), "logs")
            yield KEY_POLICY(key=key, services=(logs,))
