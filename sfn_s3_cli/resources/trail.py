"""CloudTrail trail: one for a region, shared by all pipelines that hear of objects through it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.iam import arns
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.iam.names import SELECTOR_PREFIX
from sfn_s3_cli.resources import trail_selectors
from sfn_s3_cli.resources.base import Observed, Refusal, Resource, StillUsed
from sfn_s3_cli.resources.trail_selectors import ADVANCED, LOADING, MISSING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads

# https://github.com/hashicorp/terraform-provider-aws/issues/820
_YOUNG_POLICY = TransientError(
    "InsufficientS3BucketPolicyException",
    waiting_for="S3",
    remedy="does the policy of the log bucket allow cloudtrail.amazonaws.com what `sfnctl plan`"
    " shows, and is the bucket in this account?",
)
_YOUNG_BUCKET = TransientError("S3BucketDoesNotExistException", waiting_for="S3")


@dataclass(frozen=True, kw_only=True)
class Trail(Resource):
    kind: ClassVar[str] = "trail"
    arn: str
    pipeline: str = field(compare=False)
    claimed: bool = field(default=True, compare=False)
    """Whether the config uses it; else it concerns us only as long as our selector is on it."""
    log_bucket: str
    log_file_validation: bool = True
    tags: dict[str, str]


def observe(reads: Reads, desired: Trail, *, leaving: bool) -> Observed[Trail] | None:
    cloudtrail, name = reads.aws.cloudtrail, desired.name
    trail = reads.ask(cloudtrail.get_trail, Name=name)
    all_tags = reads.ask(cloudtrail.list_tags, ResourceIdList=[desired.arn])
    used_by = trail_selectors.other_users(reads, name, desired.pipeline) if leaving else ""
    answer = call_or_none(trail.result, MISSING)
    if answer is None or trail_selectors.is_none_of_ours(
        reads, desired.claimed, name, desired.pipeline
    ):
        return None
    found = answer["Trail"]
    if refusal := unfit(found, reads.aws.region):  # whose tags are not to be had here
        return Observed(desired, owner=None, refusal=refusal)
    tags = _tags(all_tags.result())
    return Observed(
        Trail(
            name=name,
            arn=desired.arn,
            pipeline=desired.pipeline,
            claimed=desired.claimed,
            log_bucket=found["S3BucketName"],
            log_file_validation=found.get("LogFileValidationEnabled", False),
            tags=ownership.ours(tags, desired.tags),
        ),
        owner=ownership.owner(tags),
        used_by=used_by,
        others=trail_selectors.strangers(reads, name),
    )


def is_ours(reads: Reads, name: str) -> bool:
    """Whether the tags of a trail of this region say that it is sfnctl's."""
    arn = arns.trail(reads.aws.place, name)
    answer = reads.ask(reads.aws.cloudtrail.list_tags, ResourceIdList=[arn])
    return ownership.owner(_tags(answer.result())) is not None


def _tags(answer: Any) -> dict[str, str]:
    resources = answer["ResourceTagList"]
    return ownership.from_list(tag for each in resources for tag in each.get("TagsList", []))


def unfit(trail: Any, region: str) -> Refusal | None:
    """Why a trail cannot be ours to change.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html
    """
    remedy = "name another trail of this region in `trigger.trail`, or use `via: s3`"
    if trail.get("HomeRegion", region) != region:
        return Refusal(
            f"has its home in {trail['HomeRegion']} and can be changed only there", remedy
        )
    if trail.get("IsOrganizationTrail"):
        return Refusal("is an organization's trail: a change would be one of every account", remedy)
    return None


def create(aws: Aws, desired: Trail) -> None:
    create_trail = partial(
        aws.cloudtrail.create_trail,
        Name=desired.name,
        S3BucketName=desired.log_bucket,
        IncludeGlobalServiceEvents=False,
        EnableLogFileValidation=desired.log_file_validation,
        TagsList=ownership.to_list(desired.tags),
    )
    retry_while(aws, create_trail, _YOUNG_POLICY, _YOUNG_BUCKET, LOADING)


def update(aws: Aws, observed: Trail, desired: Trail) -> None:
    settings = (desired.log_bucket, desired.log_file_validation)
    if (observed.log_bucket, observed.log_file_validation) != settings:
        update_trail = partial(
            aws.cloudtrail.update_trail,
            Name=desired.name,
            S3BucketName=desired.log_bucket,
            EnableLogFileValidation=desired.log_file_validation,
        )
        retry_while(aws, update_trail, _YOUNG_POLICY, LOADING)

    def _change_tags(change: Callable[..., object], tags: list[Any]) -> None:
        retry_while(aws, partial(change, ResourceId=desired.arn, TagsList=tags), LOADING)

    ownership.retag(
        observed.tags,
        desired.tags,
        tag=lambda tags: _change_tags(aws.cloudtrail.add_tags, ownership.to_list(tags)),
        untag=lambda keys: _change_tags(aws.cloudtrail.remove_tags, [{"Key": key} for key in keys]),
    )


def delete(aws: Aws, observed: Observed[Trail]) -> None:
    """Looks once more: another pipeline may have joined since. Then our selector goes alone."""
    name, ours = observed.resource.name, SELECTOR_PREFIX + observed.resource.pipeline

    def without_ours(found: Any) -> Any:
        others = [each for each in found.get(ADVANCED, []) if each.get("Name") != ours]
        return {ADVANCED: others} if others else {}

    if others := trail_selectors.rewrite(aws, name, without_ours, is_there=False):
        retry_while(aws, lambda: aws.cloudtrail.start_logging(Name=name), LOADING)
        raise StillUsed(trail_selectors.users([each.get("Name", "") for each in others[ADVANCED]]))
    delete_trail = partial(aws.cloudtrail.delete_trail, Name=name)
    call_or_none(lambda: retry_while(aws, delete_trail, LOADING), MISSING)
