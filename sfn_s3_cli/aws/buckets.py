"""S3 buckets: the calls that all buckets of sfnctl need."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sfn_s3_cli.aws.errors import call_or_none, code_of
from sfn_s3_cli.aws.eventually import BUSY_BUCKET, TransientError, retry_while
from sfn_s3_cli.counts import Count
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.iam import arns
from sfn_s3_cli.iam import tags as ownership

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads

MISSING = ("NoSuchBucket", "404")

BLOCK_ALL = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}

_NOT_EMPTY = "BucketNotEmpty"

# S3 lists and deletes at most this many objects per call.
_PAGE = 1000


def create(aws: Aws, name: str, tags: dict[str, str]) -> None:
    """Creates a bucket with its tags.

    An old boto3 cannot send tags with CreateBucket; then a second call adds them.
    """
    takes_tags = "Tags" in _members_of(aws, "CreateBucketConfiguration")
    configuration: Any = {"Tags": ownership.to_list(tags)} if takes_tags else {}
    if aws.region != "us-east-1":  # S3 refuses us-east-1 as a location
        configuration["LocationConstraint"] = aws.region
    arguments = {"CreateBucketConfiguration": configuration} if configuration else {}
    # The name of a bucket that was just deleted may not be free yet.
    create_bucket = partial(aws.s3.create_bucket, Bucket=name, **arguments)
    retry_while(aws, create_bucket, BUSY_BUCKET, within=60)
    if not takes_tags:
        retag(aws, name, {}, tags)


def _members_of(aws: Aws, shape: str) -> Any:
    return aws.s3.meta.service_model.shape_for(shape).members  # type: ignore[attr-defined]


def put_settings(aws: Aws, *puts: Callable[[], object]) -> None:
    """Makes calls in parallel that each change one setting of a bucket.

    Repeats a call while S3 answers that another change is in progress, or that a new bucket does
    not exist yet. So make the calls with `s3_without_retries`, and let a call that merges with the
    settings of others read these first.
    """
    expected = (
        BUSY_BUCKET,
        TransientError("NoSuchBucket"),
        TransientError("MalformedPolicy", "Invalid principal"),
    )
    with ThreadPoolExecutor(len(puts)) as pool:
        results = [
            pool.submit(partial(retry_while, aws, put, *expected, within=60, all_transient=True))
            for put in puts
        ]
    for result in results:
        result.result()


def block_public_access(aws: Aws, name: str) -> None:
    aws.s3_without_retries.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration=BLOCK_ALL,  # type: ignore[arg-type]
    )


def read_public_access(block: Future[Any]) -> str:
    """Reads the answer of GetPublicAccessBlock: is all public access blocked?"""
    missing = ("NoSuchPublicAccessBlockConfiguration", *MISSING)
    answer = call_or_none(block.result, *missing) or {}
    configuration = answer.get("PublicAccessBlockConfiguration")
    return "blocked" if configuration == BLOCK_ALL else "not blocked"


def read_tags(reads: Reads, name: str, *, foreign_is_none: bool = False) -> dict[str, str] | None:
    """Reads the bucket's tags; None when the bucket does not exist.

    With `foreign_is_none`, also when another account may own it.
    """
    answer = reads.ask(reads.aws.s3.get_bucket_tagging, Bucket=name)
    try:
        return ownership.from_list(answer.result()["TagSet"])
    except ClientError as error:
        match code_of(error):
            case "NoSuchBucket":
                return None
            case "AccessDenied" if foreign_is_none:
                return None
            case "NoSuchTagSet":
                return {}
        raise


def retag(aws: Aws, name: str, observed: dict[str, str], desired: dict[str, str]) -> None:
    """Changes our tags, and no others.

    PutBucketTagging would replace those of others too, and does not work on a bucket with ABAC.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
    """
    bucket = {"AccountId": aws.place.account, "ResourceArn": arns.bucket(aws.place, name)}

    def call(change: Callable[..., object], **tags: Any) -> None:
        new_bucket = TransientError("NoSuchBucket")
        retry_while(aws, partial(change, **bucket, **tags), BUSY_BUCKET, new_bucket, within=60)

    ownership.retag(
        observed,
        desired,
        tag=lambda tags: call(aws.s3control.tag_resource, Tags=ownership.to_list(tags)),
        untag=lambda keys: call(aws.s3control.untag_resource, TagKeys=keys),
    )


def count_objects(aws: Aws, name: str) -> Count:
    """Counts the versions of objects in a bucket, up to one page; none if it does not exist."""
    list_versions = partial(aws.s3.list_object_versions, Bucket=name, MaxKeys=_PAGE)
    page = call_or_none(list_versions, *MISSING)
    if page is None:
        return Count(0)
    number = len(page.get("Versions", [])) + len(page.get("DeleteMarkers", []))
    return Count(number, page.get("IsTruncated", False))


def try_delete(aws: Aws, name: str, *, purge: bool) -> Count | None:
    """Deletes a bucket, with `purge` its objects first; None when it is deleted.

    A bucket that is not empty stays: returns what it contains. That may be zero by then.
    """

    def attempt() -> None:
        if purge:
            empty(aws, name)
        aws.s3.delete_bucket(Bucket=name)

    # CloudTrail may still deliver a file after the bucket was emptied.
    expected = (BUSY_BUCKET, TransientError(_NOT_EMPTY)) if purge else (BUSY_BUCKET,)
    try:
        call_or_none(lambda: retry_while(aws, attempt, *expected, within=60), *MISSING)
    except ClientError as error:
        if code_of(error) != _NOT_EMPTY:
            raise
        return count_objects(aws, name)
    return None


def empty(aws: Aws, name: str) -> None:
    """Deletes every version of every object, until the command is interrupted."""
    for page in aws.s3.get_paginator("list_object_versions").paginate(Bucket=name):
        aws.calls.raise_if_interrupted()
        versions: list[Any] = [
            {"Key": each["Key"], "VersionId": each["VersionId"]}
            for each in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        ]
        in_one_call = [each for each in versions if _fits_xml(each["Key"])]
        if in_one_call:
            delete: Any = {"Objects": in_one_call, "Quiet": True}
            answer = aws.s3.delete_objects(Bucket=name, Delete=delete)
            for error in answer.get("Errors", []):
                raise AwsError(f"cannot delete {name}/{error.get('Key')}: {error.get('Message')}")
        for each in versions:
            if not _fits_xml(each["Key"]):
                aws.s3.delete_object(Bucket=name, **each)


def _fits_xml(key: str) -> bool:
    """DeleteObjects sends keys in XML, which cannot contain control characters."""
    return all(char >= " " for char in key)
