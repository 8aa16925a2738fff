"""S3 bucket: the one whose objects start executions, the user's or created by sfnctl."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.errors import DENIED, call_or_none, code_of
from sfn_s3_cli.iam import arns
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.resources.base import Removal, Resource, StillUsed
from sfn_s3_cli.resources.kind import no_notes
from sfn_s3_cli.resources.observation import Found, Missing, Observation, Refused
from sfn_s3_cli.resources.permissions import Permission, Scope, Verb
from sfn_s3_cli.resources.reasons import ReasonType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.resources.reasons import Reason

EXISTS = ("BucketAlreadyOwnedByYou",)
MISSING = buckets.MISSING
notes = no_notes

HOLDS_OBJECTS = ReasonType("HOLDS_OBJECTS", "it holds {objects:object}")
NOT_EMPTY = ReasonType("NOT_EMPTY", "it was not empty when sfnctl tried to delete it")
NO_BUCKET = ReasonType(
    "NO_BUCKET",
    "does not exist",
    "create the bucket, or let sfnctl create it: `bucket: {{name: ..., create: true}}`",
    is_config_error=True,
)
NOT_VISIBLE = ReasonType(
    "BUCKET_NOT_VISIBLE",
    "exists, but these credentials cannot see it: they lack {action}, or the bucket belongs to"
    " another account",
    "add {action} on it, or choose another bucket",
)
_IN_OTHER_REGION = ReasonType(
    "BUCKET_IN_OTHER_REGION",
    "is in {region}, the pipeline is not",
    "set `region: {region}`",
    is_config_error=True,
)


@dataclass(frozen=True, kw_only=True)
class Bucket(Resource):
    kind: ClassVar[str] = "bucket"
    create: bool
    """False: the bucket is the user's, and sfnctl only looks at it."""
    tags: dict[str, str]
    public_access: str = "blocked"

    @property
    def missing_reason(self) -> Reason | None:
        return None if self.create else NO_BUCKET()

    @property
    def is_slice(self) -> bool:
        return not self.create


def observe(reads: Reads, desired: Bucket, *, wanted: bool) -> Observation[Bucket]:
    aws, name = reads.aws, desired.name
    if not wanted and not desired.create:
        return Missing()
    head = reads.ask(aws.s3.head_bucket, Bucket=name)
    objects = None if wanted else reads.ask(buckets.count_objects, aws, name)
    if desired.create:
        block = reads.ask(aws.s3.get_public_access_block, Bucket=name)
        reads.ask(aws.s3.get_bucket_tagging, Bucket=name)  # before the first answer is awaited
    try:
        found = call_or_none(head.result, *buckets.MISSING)
    except Exception as error:
        if not wanted or code_of(error) not in DENIED:
            raise
        return Refused(NOT_VISIBLE(action="s3:ListBucket"))
    if found is None:
        return Missing()
    region = found.get("BucketRegion", aws.region)
    if region != aws.region and not aws.is_local:
        # EventBridge sees a bucket's events in the bucket's own region only.
        return Refused(_IN_OTHER_REGION(region=region))
    if not desired.create:
        return Found(desired, owner=None)
    tags = buckets.read_tags(reads, name)
    if tags is None:  # one read finds the bucket and another does not
        return Missing()
    count = objects.result() if objects else None
    return Found(
        replace(
            desired,
            public_access=buckets.read_public_access(block),
            tags=ownership.select_ours(tags, desired.tags),
        ),
        owner=ownership.read_owner(tags),
        holds=HOLDS_OBJECTS(objects=count) if count else None,
    )


def create(aws: Aws, desired: Bucket) -> None:
    buckets.create(aws, desired.name, desired.tags)
    buckets.put_settings(aws, lambda: buckets.block_public_access(aws, desired.name))


def update(aws: Aws, observed: Found[Bucket], desired: Bucket) -> None:
    if observed.resource.public_access != desired.public_access:
        buckets.put_settings(aws, lambda: buckets.block_public_access(aws, desired.name))
    buckets.retag(aws, desired.name, observed.resource.tags, desired.tags)


def delete(aws: Aws, observed: Found[Bucket], removal: Removal) -> None:
    purge = removal.purge and observed.holds is not None
    objects = buckets.try_delete(aws, observed.resource.name, purge=purge)
    if objects is not None:
        raise StillUsed(HOLDS_OBJECTS(objects=objects) if objects else NOT_EMPTY())


def permissions(desired: Bucket, place: Place) -> Iterator[Permission]:
    arn = arns.bucket(place, desired.name)
    bucket, objects = Scope("Bucket", (arn,)), Scope("BucketObjects", (f"{arn}/*",))
    if not desired.create:
        yield Permission(Verb.READ_WANTED, bucket, "s3:ListBucket")
        return
    read = "s3:GetBucketPublicAccessBlock s3:GetBucketTagging s3:ListBucket"
    make = "s3:CreateBucket s3:PutBucketPublicAccessBlock s3:PutBucketTagging s3:TagResource"
    yield Permission(Verb.READ, bucket, read)
    yield Permission(Verb.READ_UNWANTED, bucket, "s3:ListBucketVersions")
    yield Permission(Verb.MAKE, bucket, make)
    yield Permission(Verb.REMOVE, bucket, "s3:DeleteBucket")
    yield Permission(Verb.PURGE, objects, "s3:DeleteObject s3:DeleteObjectVersion")
