"""CloudTrail trail: one for a region, shared by all pipelines that hear of objects through it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws import tags as ownership
from sfn_s3_cli.aws.errors import unless
from sfn_s3_cli.aws.eventually import Passing, eventually
from sfn_s3_cli.errors import Refused
from sfn_s3_cli.names import SELECTOR_PREFIX
from sfn_s3_cli.resources.base import Observed, Resource

if TYPE_CHECKING:
    from sfn_s3_cli.aws import Aws
    from sfn_s3_cli.aws.reads import Reads

MISSING = "TrailNotFoundException"
_EXISTS = "TrailAlreadyExistsException"
LOADING = Passing("ConflictException")
_YOUNG_POLICY = Passing("InsufficientS3BucketPolicyException")


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
    others = other_users(reads, name, desired.pipeline) if leaving else ""
    answer = unless(trail.result, MISSING)
    if answer is None or is_none_of_ours(reads, desired.claimed, name, desired.pipeline):
        return None
    found = answer["Trail"]
    if found.get("HomeRegion", reads.aws.region) != reads.aws.region:
        raise Refused(
            f"a trail named {name} has its home in {found['HomeRegion']}",
            "name a trail of this region in `trigger.trail`, or use `via: s3`",
        )
    resources = all_tags.result()["ResourceTagList"]
    tags = ownership.from_list(tag for each in resources for tag in each.get("TagsList", []))
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
        used_by=others,
    )


def create(aws: Aws, desired: Trail) -> None:
    create_trail = partial(
        aws.cloudtrail.create_trail,
        Name=desired.name,
        S3BucketName=desired.log_bucket,
        IncludeGlobalServiceEvents=False,
        EnableLogFileValidation=desired.log_file_validation,
        TagsList=ownership.to_list(desired.tags),
    )
    passing = (_YOUNG_POLICY, LOADING)
    unless(lambda: eventually(create_trail, *passing, clock=aws.clock, within=60), _EXISTS)


def update(aws: Aws, observed: Trail, desired: Trail) -> None:
    settings = (desired.log_bucket, desired.log_file_validation)
    if (observed.log_bucket, observed.log_file_validation) != settings:
        eventually(
            lambda: aws.cloudtrail.update_trail(
                Name=desired.name,
                S3BucketName=desired.log_bucket,
                EnableLogFileValidation=desired.log_file_validation,
            ),
            _YOUNG_POLICY,
            LOADING,
            clock=aws.clock,
        )
    ownership.retag(
        observed.tags,
        desired.tags,
        tag=lambda tags: aws.cloudtrail.add_tags(
            ResourceId=desired.arn, TagsList=ownership.to_list(tags)
        ),
        untag=lambda keys: aws.cloudtrail.remove_tags(
            ResourceId=desired.arn,
            TagsList=[{"Key": key} for key in keys],
        ),
    )


def delete(aws: Aws, observed: Observed[Trail]) -> None:
    name = observed.resource.name
    unless(
        lambda: eventually(
            lambda: aws.cloudtrail.delete_trail(Name=name), LOADING, clock=aws.clock
        ),
        MISSING,
    )


def other_users(reads: Reads, name: str, pipeline: str) -> str:
    """Who else has a selector on the trail, in words."""
    answer = _selectors(reads, name)
    names = [each.get("Name", "") for each in answer.get("AdvancedEventSelectors", [])]
    others = [
        each.removeprefix(SELECTOR_PREFIX) for each in names if each != SELECTOR_PREFIX + pipeline
    ]
    if others:
        return f"other pipelines: {', '.join(others)}"
    # Basic selectors are none of sfnctl's; a trail that was never told what to log has one.
    logs_data = any(each.get("DataResources") for each in answer.get("EventSelectors", []))
    return "selectors that others put on it" if logs_data else ""


def is_none_of_ours(reads: Reads, claimed: bool, name: str, pipeline: str) -> bool:  # noqa: FBT001
    """Whether the trail is there for other pipelines alone: neither the config nor it names us."""
    answer = _selectors(reads, name)
    names = [each.get("Name") for each in answer.get("AdvancedEventSelectors", [])]
    return not claimed and bool(answer) and SELECTOR_PREFIX + pipeline not in names


def _selectors(reads: Reads, name: str) -> Any:
    ask = reads.ask(reads.aws.cloudtrail.get_event_selectors, TrailName=name)
    return unless(ask.result, MISSING) or {}
