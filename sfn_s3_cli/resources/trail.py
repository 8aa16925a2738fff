"""CloudTrail trail: one for a region, shared by all pipelines with `via: cloudtrail`."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.aws.explain import Unanswered, ask_optional
from sfn_s3_cli.iam import arns
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.iam.names import SELECTOR_PREFIX
from sfn_s3_cli.json_types import JsonMapping
from sfn_s3_cli.resources import trail_selectors
from sfn_s3_cli.resources.base import Removal, Resource, StillUsed
from sfn_s3_cli.resources.kind import no_notes
from sfn_s3_cli.resources.observation import Found, Missing, Observation, Refused
from sfn_s3_cli.resources.permissions import EVERYTHING, Permission, Scope, Verb
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.selector_forms import ADVANCED
from sfn_s3_cli.resources.trail_selectors import LOADING
from sfn_s3_cli.resources.words import HIDDEN, TAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.resources.reasons import Reason

EXISTS = ("TrailAlreadyExistsException",)
MISSING = trail_selectors.MISSING
notes = no_notes

# https://github.com/hashicorp/terraform-provider-aws/issues/820
_YOUNG_POLICY = TransientError(
    "InsufficientS3BucketPolicyException",
    waiting_for="S3",
    remedy="check that the log bucket has the policy that `sfnctl plan` shows, and that it is in"
    " this account",
)
_YOUNG_BUCKET = TransientError("S3BucketDoesNotExistException", waiting_for="S3")

ANOTHER_TRAIL = "name another trail of this region in `trigger.trail`, or use `via: s3`"
_OTHER_HOME = ReasonType(
    "TRAIL_IN_OTHER_REGION",
    "has the home region {region} and can be changed only there",
    ANOTHER_TRAIL,
)
_ORGANIZATION = ReasonType(
    "TRAIL_OF_ORGANIZATION",
    "is an organization's trail: changing it would change it for every account",
    ANOTHER_TRAIL,
)


_MOST_TRAILS = 5
_NO_ROOM = ReasonType(
    "TOO_MANY_TRAILS",
    f"cannot be created: AWS allows {_MOST_TRAILS} trails in a region, and {{region}} has"
    " {number}: {names}",
    "name one of them in `trigger.trail`, or use `via: s3`",
)
_NOT_COUNTED = ReasonType(
    "TRAILS_NOT_COUNTED",
    "Not checked: whether the region has room for another trail ({error}).",
)


@dataclass(frozen=True, kw_only=True)
class Trail(Resource):
    kind: ClassVar[str] = "trail"
    is_shared: ClassVar[bool] = True
    arn: str = field(metadata=HIDDEN)
    is_configured: bool = field(default=True, compare=False)
    """Whether the config uses sfnctl's own trail. If not, the trail concerns this pipeline only
    while its selector is on it."""
    log_bucket: str
    log_file_validation: bool = True
    tags: dict[str, str] = field(metadata=TAGS)
    first_tags: dict[str, str] = field(default_factory=dict, compare=False)
    """The user's tags of the pipeline that creates it. Policies of an organization may require
    some; later pipelines may have others, so they are not compared."""

    @property
    def essence(self) -> str:
        return f"writes log files to {self.log_bucket}"


def observe(reads: Reads, desired: Trail, *, wanted: bool) -> Observation[Trail]:
    cloudtrail, name, pipeline = reads.aws.cloudtrail, desired.name, desired.pipeline
    trail = reads.ask(cloudtrail.get_trail, Name=name)
    all_tags = reads.ask(cloudtrail.list_tags, ResourceIdList=[desired.arn])
    users = None if wanted else trail_selectors.find_users(reads, name, pipeline)
    answer = call_or_none(trail.result, *MISSING)
    if answer is None:
        return _look_for_room(reads) if wanted else Missing()
    if not desired.is_configured and trail_selectors.serves_only_others(reads, name, pipeline):
        return Missing()
    found = answer["Trail"]
    if wanted and (reason := find_obstacle(found, reads.aws.region)):
        return Refused(reason)
    tags = _read_tags(all_tags.result())
    return Found(
        Trail(
            name=name,
            pipeline=pipeline,
            arn=desired.arn,
            is_configured=desired.is_configured,
            log_bucket=found["S3BucketName"],
            log_file_validation=found.get("LogFileValidationEnabled", False),
            tags=ownership.select_ours(tags, desired.tags),
        ),
        owner=ownership.read_owner(tags),
        used_by=users,
        additions=trail_selectors.find_strangers(trail_selectors.read(reads, name)),
    )


def _look_for_room(reads: Reads) -> Missing | Refused:
    """Counts the trails that log in this region, with those of other regions and organizations.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
    """
    answer = ask_optional(reads.ask(reads.aws.cloudtrail_without_retries.describe_trails).result)
    if isinstance(answer, Unanswered):
        return Missing((_NOT_COUNTED(error=answer.why),))
    names = sorted(each["Name"] for each in answer["trailList"])
    if len(names) < _MOST_TRAILS:
        return Missing()
    return Refused(_NO_ROOM(region=reads.aws.region, number=str(len(names)), names=tuple(names)))


def is_ours(reads: Reads, name: str) -> bool:
    """Whether the tags of a trail of this region say that it is sfnctl's."""
    arn = arns.trail(reads.aws.place, name)
    answer = reads.ask(reads.aws.cloudtrail.list_tags, ResourceIdList=[arn])
    return ownership.read_owner(_read_tags(answer.result())) is not None


def _read_tags(answer: Any) -> dict[str, str]:
    resources = answer["ResourceTagList"]
    return ownership.from_list(tag for each in resources for tag in each.get("TagsList", []))


def find_obstacle(trail: JsonMapping, region: str) -> Reason | None:
    """Why this pipeline cannot change a trail.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html
    """
    if trail.get("HomeRegion", region) != region:
        return _OTHER_HOME(region=trail["HomeRegion"])
    return _ORGANIZATION() if trail.get("IsOrganizationTrail") else None


def create(aws: Aws, desired: Trail) -> None:
    create_trail = partial(
        aws.cloudtrail.create_trail,
        Name=desired.name,
        S3BucketName=desired.log_bucket,
        IncludeGlobalServiceEvents=False,
        EnableLogFileValidation=desired.log_file_validation,
        TagsList=ownership.to_list({**desired.first_tags, **desired.tags}),
    )
    retry_while(aws, create_trail, _YOUNG_POLICY, _YOUNG_BUCKET, LOADING)


def update(aws: Aws, observed: Found[Trail], desired: Trail) -> None:
    before = observed.resource
    settings = (desired.log_bucket, desired.log_file_validation)
    if (before.log_bucket, before.log_file_validation) != settings:
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
        before.tags,
        desired.tags,
        tag=lambda tags: _change_tags(aws.cloudtrail.add_tags, ownership.to_list(tags)),
        untag=lambda keys: _change_tags(aws.cloudtrail.remove_tags, [{"Key": key} for key in keys]),
    )


def delete(aws: Aws, observed: Found[Trail], removal: Removal) -> None:  # noqa: ARG001
    """Reads the selectors once more. If another pipeline has joined, only our selector goes."""
    name, ours = observed.resource.name, SELECTOR_PREFIX + observed.resource.pipeline

    def without_ours(found: Any) -> Any:
        others = [each for each in found.get(ADVANCED, []) if each.get("Name") != ours]
        return {ADVANCED: others} if others else {}

    if others := trail_selectors.rewrite(aws, name, without_ours, must_exist=False):
        retry_while(aws, lambda: aws.cloudtrail.start_logging(Name=name), LOADING)
        users = trail_selectors.describe_users([each.get("Name", "") for each in others[ADVANCED]])
        assert users is not None
        raise StillUsed(users)
    delete_trail = partial(aws.cloudtrail.delete_trail, Name=name)
    call_or_none(lambda: retry_while(aws, delete_trail, LOADING), *MISSING)


def permissions(desired: Trail, place: Place) -> Iterator[Permission]:  # noqa: ARG001
    trail = Scope("Trail", (desired.arn,))
    read = "cloudtrail:GetEventSelectors cloudtrail:GetTrail cloudtrail:ListTags"
    make = "cloudtrail:AddTags cloudtrail:CreateTrail cloudtrail:RemoveTags cloudtrail:UpdateTrail"
    remove = "cloudtrail:DeleteTrail cloudtrail:PutEventSelectors cloudtrail:StartLogging"
    yield Permission(Verb.READ, trail, read)
    if desired.is_configured:
        yield Permission(Verb.READ_WANTED, EVERYTHING, "cloudtrail:DescribeTrails")
    yield Permission(Verb.MAKE, trail, make)
    yield Permission(Verb.REMOVE, trail, remove)
