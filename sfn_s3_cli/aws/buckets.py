"""S3 buckets: the calls that all buckets of sfnctl need."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from sfn_s3_cli.aws.errors import RequestedResource, call_or_none, code_of
from sfn_s3_cli.aws.eventually import BUSY_BUCKET, TransientError, retry_while
from sfn_s3_cli.counts import Count, Size
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

LIMIT = 10_000
"""Counting stops here: at most that many versions, give or take a page."""


def list_names(aws: Aws) -> list[str]:
    """The names of the account's buckets in this region, sorted; up to 10,000 of them.

    An old boto3 cannot ask for a region; then these are the buckets of all regions.
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
    """
    takes = aws.s3.meta.service_model.operation_model("ListBuckets").input_shape
    takes_region = takes is not None and "BucketRegion" in takes.members
    arguments: Any = {"BucketRegion": aws.region, "MaxBuckets": LIMIT} if takes_region else {}
    return sorted(each["Name"] for each in aws.s3.list_buckets(**arguments)["Buckets"])


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


def find_by_tag(aws: Aws, key: str, value: str) -> dict[str, dict[str, str]]:
    """Searches the region for buckets with a tag: each name with all of the bucket's tags.

    A recent change may not be found yet, and a bucket that was deleted, or had the tag before, may
    still be found.
    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
    """
    pages = aws.tagging_short_timeout.get_paginator("get_resources").paginate(
        TagFilters=[{"Key": key, "Values": [value]}], ResourceTypeFilters=["s3"]
    )
    found = [each for page in pages for each in page["ResourceTagMappingList"]]
    tags = {
        each["ResourceARN"].partition(":::")[2]: ownership.from_list(each.get("Tags", []))
        for each in found
    }
    return {name: tags[name] for name in tags if name}  # what else S3 has is in an account


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


class Holdings(NamedTuple):
    """How much a bucket holds, or a part of it. Deletion markers count as versions."""

    objects: Count = Count(0)
    versions: Count = Count(0)
    size: Size = Size(0)

    def __bool__(self) -> bool:
        return bool(self.versions)

    def __add__(self, other: tuple[Any, ...]) -> Holdings:
        """Adds what another part holds."""
        return Holdings(*(_add(mine, theirs) for mine, theirs in zip(self, other, strict=True)))


def _add(one: Any, other: Any) -> Any:
    return type(one)(one[0] + other[0], one.has_more or other.has_more)


class Contents(NamedTuple):
    """What a bucket holds."""

    inside: Holdings
    """Objects whose keys have some prefix."""
    outside: Holdings
    """The others."""


def count_objects(aws: Aws, name: str) -> Holdings:
    """Counts what a bucket holds, up to the limit; nothing if it does not exist."""
    return look_into(aws, name, "").inside


def look_into(aws: Aws, name: str, prefix: str) -> Contents:
    """Counts the objects with that prefix and the others, each up to the limit.

    S3 lists keys in their order: when the first part is counted, the rest of it is left out.
    """
    inside, outside, marker = _Tally(), _Tally(), dict[str, str]()
    behind = prefix + _LAST_CHARACTER
    while True:
        page = _list_page(aws, name, **marker)
        for each in page.entries:
            (inside if each["Key"].startswith(prefix) else outside).add(each)
        marker = page.marker
        if not marker:
            break
        if inside.is_full and marker["KeyMarker"].startswith(prefix):
            inside.has_more = True
            if not prefix:
                break
            marker = {"KeyMarker": behind}
        elif outside.is_full:
            outside.has_more = True
            inside.has_more |= marker["KeyMarker"] < behind
            break
    return Contents(inside.sum_up(), outside.sum_up())


class _Tally:
    """Counts versions, and notices when there are enough."""

    def __init__(self) -> None:
        self.objects = self.versions = self.bytes = 0
        self.has_more = False

    def add(self, entry: Any) -> None:
        self.versions += 1
        self.bytes += entry.get("Size", 0)  # a deletion marker has none
        self.objects += "Size" in entry and entry["IsLatest"]

    @property
    def is_full(self) -> bool:
        return self.versions >= LIMIT

    def sum_up(self) -> Holdings:
        more = self.has_more
        return Holdings(
            Count(self.objects, more), Count(self.versions, more), Size(self.bytes, more)
        )


class _Page(NamedTuple):
    entries: list[Any]
    marker: dict[str, str]
    """Where the next page begins; empty after the last one."""


def _list_page(aws: Aws, name: str, **marker: str) -> _Page:
    arguments: Any = {"Bucket": name, "MaxKeys": _PAGE, **marker}
    page: Any = call_or_none(lambda: aws.s3.list_object_versions(**arguments), *MISSING) or {}
    following = {
        key: page[f"Next{key}"]
        for key in ("KeyMarker", "VersionIdMarker")
        if page.get("IsTruncated") and page.get(f"Next{key}")
    }
    return _Page([*page.get("Versions", []), *page.get("DeleteMarkers", [])], following)


def try_delete(
    aws: Aws, name: str, *, purge: bool = False, clear: Callable[[], None] | None = None
) -> Holdings | None:
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
