"""S3 buckets: the calls that all buckets of sfnctl need."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from sfn_s3_cli.aws.errors import RequestedResource, call_or_none, code_of
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

_LAST_CHARACTER = "\U0010ffff"

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


class Contents(NamedTuple):
    """What a bucket holds, each with all its versions and delete markers."""

    inside: Count
    """Objects whose keys have some prefix."""
    outside: Count
    """The others."""


def count_objects(aws: Aws, name: str) -> Count:
    """Counts the versions of objects in a bucket, up to one page; none if it does not exist."""
    return look_into(aws, name, "").inside


def look_into(aws: Aws, name: str, prefix: str) -> Contents:
    """Counts the versions of objects with that prefix and of others, up to a page of each.

    S3 lists keys in their order, so one more call shows what is behind those with the prefix.
    """
    page = _list_keys(aws, name)
    inside = sum(key.startswith(prefix) for key in page.keys)
    outside, has_more = len(page.keys) - inside, page.is_truncated
    if page.is_truncated and page.keys[-1].startswith(prefix):
        rest = _list_keys(aws, name, KeyMarker=prefix + _LAST_CHARACTER)
        outside, has_more = outside + len(rest.keys), rest.is_truncated
    return Contents(Count(inside, page.is_truncated), Count(outside, has_more))


class _Keys(NamedTuple):
    keys: tuple[str, ...]
    is_truncated: bool


def _list_keys(aws: Aws, name: str, **range_: Any) -> _Keys:
    arguments: Any = {"Bucket": name, "MaxKeys": _PAGE, **range_}
    page: Any = call_or_none(lambda: aws.s3.list_object_versions(**arguments), *MISSING) or {}
    found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
    return _Keys(tuple(each["Key"] for each in found), page.get("IsTruncated", False))


def try_delete(
    aws: Aws, name: str, *, purge: bool = False, clear: Callable[[], None] | None = None
) -> Count | None:
    """Deletes a bucket; None when it is deleted.

    With `purge`, its objects first; `clear` deletes only what may be deleted without it. A bucket
    that is not empty stays: returns what it contains. That may be zero by then. What still arrives
    after `clear` is cleared for a minute at most.
    """
    clear = partial(empty, aws, name) if purge else clear

    def attempt() -> None:
        if clear:
            clear()
        aws.s3.delete_bucket(Bucket=name)

    # CloudTrail may still deliver a file after the bucket was emptied.
    expected = (BUSY_BUCKET, TransientError(_NOT_EMPTY)) if clear else (BUSY_BUCKET,)
    try:
        call_or_none(lambda: retry_while(aws, attempt, *expected, within=60), *MISSING)
    except ClientError as error:
        if code_of(error) != _NOT_EMPTY:
            raise
    except AwsError as error:
        is_full = error.__cause__ and code_of(error.__cause__) == _NOT_EMPTY
        if purge or not is_full or aws.calls.interrupted.is_set():
            raise
    else:
        return None
    return count_objects(aws, name)


def empty(aws: Aws, name: str, prefix: str = "") -> None:
    """Deletes every version of every object, until the command is interrupted."""
    pages = aws.s3.get_paginator("list_object_versions").paginate(Bucket=name, Prefix=prefix)
    for page in pages:
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
                raise _make_error(aws, name, error)
        for each in versions:
            if not _fits_xml(each["Key"]):
                aws.s3.delete_object(Bucket=name, **each)


def _make_error(aws: Aws, name: str, error: Any) -> ClientError:
    """The error of one object, which is in an answer that says success."""
    arn = arns.bucket(aws.place, name)
    about = RequestedResource("s3", f"{name}/{error.get('Key')}", arn)
    metadata: Any = {RequestedResource.__name__: about}
    return ClientError({"Error": error, "ResponseMetadata": metadata}, "DeleteObjects")


def _fits_xml(key: str) -> bool:
    """DeleteObjects sends keys in XML, which cannot contain control characters."""
    return all(char >= " " for char in key)
