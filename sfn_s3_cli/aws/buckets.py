"""S3 buckets: what the buckets that sfnctl makes have in common."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sfn_s3_cli.aws.errors import code_of, unless
from sfn_s3_cli.aws.eventually import BUSY_BUCKET, Passing, eventually
from sfn_s3_cli.errors import AwsError
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

# S3 lists and deletes at most this many at a time.
_PAGE = 1000


def create(aws: Aws, name: str, tags: dict[str, str]) -> None:
    """Creates a bucket that carries its tags from the first moment.

    A boto3 from before that was possible tags it in a second call.
    """
    takes_tags = "Tags" in _shape(aws, "CreateBucketConfiguration")
    configuration: Any = {"Tags": ownership.to_list(tags)} if takes_tags else {}
    if aws.region != "us-east-1":  # which S3 refuses to be told
        configuration["LocationConstraint"] = aws.region
    arguments = {"CreateBucketConfiguration": configuration} if configuration else {}
    # The name of a bucket that was deleted a moment ago may not be free yet.
    eventually(aws, lambda: aws.s3.create_bucket(Bucket=name, **arguments), BUSY_BUCKET, within=60)
    if not takes_tags:
        retag(aws, name, {}, tags)


def _shape(aws: Aws, name: str) -> Any:
    return aws.s3.meta.service_model.shape_for(name).members  # type: ignore[attr-defined]


def settle(aws: Aws, *puts: Callable[[], object]) -> None:
    """Makes calls that each change one setting of a bucket, at once; by `s3_once`.

    S3 may answer that another change is under way, or that a new bucket does not exist yet. What
    reads what others set, to send it along, reads it again then.
    """
    passing = (
        BUSY_BUCKET,
        Passing("NoSuchBucket"),
        Passing("MalformedPolicy", "Invalid principal"),
    )
    with ThreadPoolExecutor(len(puts)) as pool:
        settled = [
            pool.submit(partial(eventually, aws, put, *passing, within=60, anew=True))
            for put in puts
        ]
    for each in settled:
        each.result()


def block_public_access(aws: Aws, name: str) -> None:
    aws.s3_once.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration=BLOCK_ALL,  # type: ignore[arg-type]
    )


def access(block: Future[Any]) -> str:
    """Whether GetPublicAccessBlock tells that all of it is blocked, in a word."""
    answer = unless(block.result, "NoSuchPublicAccessBlockConfiguration", *MISSING) or {}
    found = answer.get("PublicAccessBlockConfiguration")
    return "blocked" if found == BLOCK_ALL else "not blocked"


def tags_of(reads: Reads, name: str, *, foreign_is_none: bool = False) -> dict[str, str] | None:
    """The bucket's tags; None when there is no such bucket, or perhaps only a stranger's."""
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
    """S3 replaces all tags at once, so those of others are read and sent along."""

    def put(add: dict[str, str], remove: list[str]) -> None:
        found = unless(lambda: aws.s3.get_bucket_tagging(Bucket=name), "NoSuchTagSet")
        existing = ownership.from_list(found["TagSet"]) if found else {}
        kept = {key: value for key, value in existing.items() if key not in remove}
        merged = ownership.to_list({**kept, **add})
        aws.s3_once.put_bucket_tagging(Bucket=name, Tagging={"TagSet": merged})

    ownership.retag(
        observed,
        desired,
        tag=lambda tags: settle(aws, partial(put, tags, [])),
        untag=lambda keys: settle(aws, partial(put, {}, keys)),
    )


def contents(aws: Aws, name: str) -> str:
    """What a bucket holds, in words; empty when it holds nothing."""
    page = unless(lambda: aws.s3.list_object_versions(Bucket=name, MaxKeys=_PAGE), *MISSING)
    if not page:
        return ""
    count = len(page.get("Versions", [])) + len(page.get("DeleteMarkers", []))
    more = "more than " if page.get("IsTruncated") else ""
    return f"{more}{count} object{'s' if count != 1 else ''}" if count else ""


def delete(aws: Aws, name: str, *, purge: bool) -> str:
    """Deletes a bucket; with `purge` its objects first.

    One that is not empty stays; what it holds is given then, in words.
    """

    def attempt() -> None:
        if purge:
            empty(aws, name)
        aws.s3.delete_bucket(Bucket=name)

    # CloudTrail may still deliver a file between the two.
    passing = (BUSY_BUCKET, Passing(_NOT_EMPTY)) if purge else (BUSY_BUCKET,)
    try:
        unless(lambda: eventually(aws, attempt, *passing, within=60), *MISSING)
    except ClientError as error:
        if code_of(error) != _NOT_EMPTY:
            raise
        return contents(aws, name) or "objects"
    return ""


def empty(aws: Aws, name: str) -> None:
    """Deletes every version of every object, until the command is interrupted."""
    for page in aws.s3.get_paginator("list_object_versions").paginate(Bucket=name):
        aws.calls.go_on()
        doomed: list[Any] = [
            {"Key": each["Key"], "VersionId": each["VersionId"]}
            for each in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        ]
        together = [each for each in doomed if _fits_xml(each["Key"])]
        if together:
            answer = aws.s3.delete_objects(Bucket=name, Delete={"Objects": together, "Quiet": True})
            for refused in answer.get("Errors", []):
                raise AwsError(f"{name}/{refused.get('Key')} stays: {refused.get('Message')}")
        for each in doomed:
            if not _fits_xml(each["Key"]):
                aws.s3.delete_object(Bucket=name, **each)


def _fits_xml(key: str) -> bool:
    """DeleteObjects sends keys as XML, which has no control characters."""
    return all(char >= " " for char in key)
