"""S3 bucket: the one whose objects start executions, the user's or made by us."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws import tags as ownership
from sfn_s3_cli.aws.errors import code_of, unless
from sfn_s3_cli.errors import Refused, UsageError
from sfn_s3_cli.resources.base import Observed, Resource

if TYPE_CHECKING:
    from sfn_s3_cli.aws import Aws
    from sfn_s3_cli.aws.reads import Reads


@dataclass(frozen=True, kw_only=True)
class Bucket(Resource):
    kind: ClassVar[str] = "bucket"
    made_by_us: bool = field(compare=False)
    """`create: true`; else the bucket is only looked at."""
    tags: dict[str, str]

    @property
    def is_given(self) -> bool:
        return not self.made_by_us

    @property
    def is_slice(self) -> bool:
        return not self.made_by_us


def observe(reads: Reads, desired: Bucket, *, leaving: bool) -> Observed[Bucket] | None:
    aws, name = reads.aws, desired.name
    if leaving and not desired.made_by_us:
        return None
    head = reads.ask(aws.s3.head_bucket, Bucket=name)
    contents = reads.ask(buckets.contents, aws, name) if leaving and desired.made_by_us else None
    tags = buckets.tags_of(reads, name) if desired.made_by_us else {}
    try:
        found = unless(head.result, *buckets.MISSING)
    except reads.aws.s3.exceptions.ClientError as error:
        raise _unseen(name, error) from error
    if found is None:
        return None
    region = found.get("BucketRegion", aws.region)
    if region != aws.region and not aws.is_local:
        raise UsageError(
            f"bucket {name} is in {region}, the pipeline in {aws.region}",
            f"EventBridge sees a bucket's events in its own region only: set `region: {region}`",
        )
    if not desired.made_by_us:
        return Observed(desired, owner=None)
    return Observed(
        Bucket(name=name, made_by_us=True, tags=ownership.ours(tags or {}, desired.tags)),
        owner=ownership.owner(tags or {}),
        holds=contents.result() if contents else "",
    )


def _unseen(name: str, error: Exception) -> Exception:
    """HeadBucket refuses without a word: its answer has no body to say why."""
    if code_of(error) != "403":
        return error
    return Refused(
        f"bucket {name} exists, and these credentials may not see it",
        "it belongs to another account, or s3:ListBucket on it is missing",
    )


def create(aws: Aws, desired: Bucket) -> None:
    buckets.create(aws, desired.name, desired.tags)
    buckets.settle(aws, lambda: buckets.block_public_access(aws, desired.name))


def update(aws: Aws, observed: Bucket, desired: Bucket) -> None:
    buckets.retag(aws, desired.name, observed.tags, desired.tags)


def delete(aws: Aws, observed: Observed[Bucket]) -> None:
    buckets.delete(aws, observed.resource.name, purge=bool(observed.holds))
