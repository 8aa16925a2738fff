"""S3 bucket: the one whose objects start executions, the user's or made by us."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.errors import DENIED, call_or_none, code_of
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.resources.base import Observed, Refusal, Resource, StillUsed

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads


@dataclass(frozen=True, kw_only=True)
class Bucket(Resource):
    kind: ClassVar[str] = "bucket"
    made_by_us: bool = field(compare=False)
    """`create: true`; else the bucket is only looked at."""
    tags: dict[str, str]

    public_access: str = "blocked"

    @property
    def given_by(self) -> str:
        remedy = "create the bucket, or let sfnctl make it: `bucket: {name: ..., create: true}`"
        return "" if self.made_by_us else remedy

    @property
    def is_slice(self) -> bool:
        return not self.made_by_us


def observe(reads: Reads, desired: Bucket, *, leaving: bool) -> Observed[Bucket] | None:
    aws, name = reads.aws, desired.name
    if leaving and not desired.made_by_us:
        return None
    head = reads.ask(aws.s3.head_bucket, Bucket=name)
    contents = reads.ask(buckets.contents, aws, name) if leaving else None
    if desired.made_by_us:
        block = reads.ask(aws.s3.get_public_access_block, Bucket=name)
        reads.ask(aws.s3.get_bucket_tagging, Bucket=name)  # before the first answer is awaited
    try:
        found = call_or_none(head.result, *buckets.MISSING)
    except Exception as error:
        if leaving or code_of(error) not in DENIED:
            raise
        return Observed(desired, owner=None, refusal=unseen("s3:ListBucket"))
    if found is None:
        return None
    region = found.get("BucketRegion", aws.region)
    if region != aws.region and not aws.is_local:
        return Observed(desired, owner=None, refusal=_elsewhere(region))
    if not desired.made_by_us:
        return Observed(desired, owner=None)
    tags = buckets.read_tags(reads, name)
    if tags is None:  # it is seen by one question and not by the other
        return None
    return Observed(
        replace(
            desired,
            public_access=buckets.read_public_access(block),
            tags=ownership.ours(tags, desired.tags),
        ),
        owner=ownership.owner(tags),
        holds=contents.result() if contents else "",
    )


def unseen(action: str) -> Refusal:
    """S3 refuses without a word: the bucket may be a stranger's, or the action be missing."""
    return Refusal(
        f"exists, and these credentials may not see it: {action} is missing, or it is of another"
        " account",
        f"add {action} on it, or choose another bucket",
    )


def _elsewhere(region: str) -> Refusal:
    """EventBridge sees a bucket's events in the bucket's own region only."""
    return Refusal(
        f"is in {region}, the pipeline is not", f"set `region: {region}`", in_config=True
    )


def create(aws: Aws, desired: Bucket) -> None:
    buckets.create(aws, desired.name, desired.tags)
    buckets.put_settings(aws, lambda: buckets.block_public_access(aws, desired.name))


def update(aws: Aws, observed: Bucket, desired: Bucket) -> None:
    if observed.public_access != desired.public_access:
        buckets.put_settings(aws, lambda: buckets.block_public_access(aws, desired.name))
    buckets.retag(aws, desired.name, observed.tags, desired.tags)


def delete(aws: Aws, observed: Observed[Bucket]) -> None:
    if holds := buckets.delete(aws, observed.resource.name, purge=bool(observed.holds)):
        raise StillUsed(holds)
