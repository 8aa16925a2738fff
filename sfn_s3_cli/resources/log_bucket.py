"""S3 bucket for the trail's log files: private, TLS-only, encrypted; files expire."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.buckets import Holdings
from sfn_s3_cli.aws.errors import DENIED, call_or_none, code_of
from sfn_s3_cli.iam import arns, policies
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.resources import trail_selectors
from sfn_s3_cli.resources.base import Address, Removal, Resource, StillUsed
from sfn_s3_cli.resources.bucket import NOT_EMPTY, NOT_VISIBLE, describe_holdings
from sfn_s3_cli.resources.change import Action, Change
from sfn_s3_cli.resources.observation import Found, Missing, Observation, Refused
from sfn_s3_cli.resources.permissions import Permission, Scope, Verb, allow_bucket_creation
from sfn_s3_cli.resources.reasons import OTHER_STATEMENTS, ReasonType
from sfn_s3_cli.resources.words import POLICY, TAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Future

    from sfn_s3_cli.aws.buckets import Contents
    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.resources.reasons import Reason

EXISTS = ("BucketAlreadyOwnedByYou",)
MISSING = buckets.MISSING

_NONE = Holdings()
_NOTHING = buckets.Contents(_NONE, _NONE)
EXPIRY_DAYS = 7
EXPIRY_RULE = "sfnctl-expiry"

_HOLDS_OTHERS = ReasonType(
    "HOLDS_OTHER_OBJECTS",
    "it holds {objects:object} ({versions:version}, {size}) besides the log files of sfnctl's"
    " trail",
)
_ADOPTED = ReasonType(
    "ADOPTED", "it existed before sfnctl, and holds {objects:object} ({versions:version}, {size})"
)
_NOT_DELETABLE = ReasonType(
    "LOG_FILES_NOT_DELETABLE",
    "it holds {files:log file}, and these credentials lack s3:DeleteObject or"
    " s3:DeleteObjectVersion on them",
    "add these permissions, or run `sfnctl teardown` again when the files have expired",
)
_DELETES_FILES = ReasonType(
    "DELETES_LOG_FILES",
    "Deleting {resource} also deletes {files:log file} ({size}) of sfnctl's trail.",
)
_TRAIL_EXISTS = ReasonType(
    "TRAIL_EXISTS", "the trail {trail} writes to it; it still exists, or was created again"
)


@dataclass(frozen=True, kw_only=True)
class LogBucket(Resource):
    kind: ClassVar[str] = "log_bucket"
    is_bucket: ClassVar[bool] = True
    is_shared: ClassVar[bool] = True
    may_hold_data: ClassVar[bool] = True
    trail: str
    is_configured: bool = field(default=True, compare=False)
    """As `Trail.is_configured`."""
    policy: JsonObject = field(metadata=POLICY)
    expiry_days: int | None = EXPIRY_DAYS
    encryption: str | None = "AES256"
    public_access: str = "blocked"
    tags: dict[str, str] = field(metadata=TAGS)
    first_tags: dict[str, str] = field(default_factory=dict, compare=False)
    """The user's tags of the pipeline that creates it. Policies of an organization may require
    some; later pipelines may have others, so they are not compared."""

    @property
    def essence(self) -> str:
        return f"keeps log files for {self.expiry_days} days"


@dataclass(frozen=True)
class FoundLogBucket(Found[LogBucket]):
    log_files: Holdings = _NONE
    """What may be deleted with it even without --purge; nothing if it was adopted."""


def policy(place: Place, bucket: str, trail: str) -> JsonObject:
    """Lets that trail write, and denies every request without TLS.

    AWS documents the trail's ARN as the condition. If a request names the account too, it must be
    ours.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    """
    arn, source = arns.bucket(place, bucket), {"aws:SourceArn": arns.trail(place, trail)}
    account = {"StringEqualsIfExists": {"aws:SourceAccount": place.account}}
    allowed = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    with_acl = {"s3:x-amz-acl": "bucket-owner-full-control", **source}
    return policies.document(
        {
            "Sid": "SfnctlTrailAclCheck",
            **allowed,
            "Action": "s3:GetBucketAcl",
            "Resource": arn,
            "Condition": {"StringEquals": source, **account},
        },
        {
            "Sid": "SfnctlTrailWrite",
            **allowed,
            "Action": "s3:PutObject",
            "Resource": f"{arn}/AWSLogs/{place.account}/*",
            "Condition": {"StringEquals": with_acl, **account},
        },
        {
            "Sid": "SfnctlTlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )


def observe(reads: Reads, desired: LogBucket, *, wanted: bool) -> Observation[LogBucket]:
    s3, name, trail, pipeline = reads.aws.s3, desired.name, desired.trail, desired.pipeline
    found_policy = reads.ask(s3.get_bucket_policy, Bucket=name)
    block = reads.ask(s3.get_public_access_block, Bucket=name)
    encryption = reads.ask(s3.get_bucket_encryption, Bucket=name)
    lifecycle = reads.ask(s3.get_bucket_lifecycle_configuration, Bucket=name)
    prefix = _log_prefix(reads.aws.place)
    found_contents = None if wanted else reads.ask(buckets.look_into, reads.aws, name, prefix)
    users = None if wanted else trail_selectors.find_users(reads, trail, pipeline)
    try:
        tags = buckets.read_tags(reads, name, foreign_is_none=not desired.is_configured)
    except Exception as error:
        if not wanted or code_of(error) not in DENIED:
            raise
        return Refused(NOT_VISIBLE(action="s3:GetBucketTagging"))
    if tags is None:
        return Missing()
    if not desired.is_configured and trail_selectors.serves_only_others(reads, trail, pipeline):
        return Missing()
    answer = call_or_none(found_policy.result, "NoSuchBucketPolicy")
    before = policies.parse(answer["Policy"] if answer else None)
    others = policies.list_others(before, desired.policy)
    adopted = tags.get(ownership.ADOPTED)
    contents = found_contents.result() if found_contents else _NOTHING
    log_files, holds = _weigh(contents, is_adopted=adopted is not None)
    return FoundLogBucket(
        replace(
            desired,
            policy=policies.select_ours(before, desired.policy),
            expiry_days=_read_expiry(lifecycle),
            encryption=_read_algorithm(encryption),
            public_access=buckets.read_public_access(block),
            tags=ownership.select_ours(tags, desired.tags),
        ),
        owner=ownership.read_owner(tags),
        holds=holds,
        used_by=users,
        additions=OTHER_STATEMENTS(names=others) if others else None,
        log_files=log_files,
        adopted=adopted,
    )


def _log_prefix(place: Place) -> str:
    """Where CloudTrail puts the files of a trail: logs, digests, insights.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
    """
    return f"AWSLogs/{place.account}/CloudTrail"


def _weigh(contents: Contents, *, is_adopted: bool) -> tuple[Holdings, Reason | None]:
    """The log files that may go with the bucket, and what it holds that may not."""
    files, others = contents
    if is_adopted:
        total = files + others
        return _NONE, describe_holdings(total, _ADOPTED) if total else None
    return files, describe_holdings(others, _HOLDS_OTHERS) if others else None


def create(aws: Aws, desired: LogBucket) -> None:
    buckets.create(aws, desired.name, {**desired.first_tags, **desired.tags})
    # A new bucket has no rules or policy that these calls could overwrite.
    buckets.put_settings(
        aws,
        partial(buckets.block_public_access, aws, desired.name),
        partial(_put_encryption, aws, desired),
        partial(_put_expiry, aws, desired, others=[]),
        partial(_put_policy, aws, desired.name, desired.policy),
    )


def update(aws: Aws, observed: Found[LogBucket], desired: LogBucket) -> None:
    before = observed.resource
    puts: list[Callable[[], object]] = []
    if before.public_access != desired.public_access:
        puts.append(partial(buckets.block_public_access, aws, desired.name))
    if before.encryption != desired.encryption:
        puts.append(partial(_put_encryption, aws, desired))
    if before.expiry_days != desired.expiry_days:
        puts.append(partial(_merge_expiry, aws, desired))
    if before.policy != desired.policy:
        puts.append(partial(_merge_policy, aws, desired))
    if puts:
        buckets.put_settings(aws, *puts)
    adoption = ownership.of_adoption(observed.owner, aws.now())
    buckets.retag(aws, desired.name, before.tags, desired.tags | adoption)


def delete(aws: Aws, observed: FoundLogBucket, removal: Removal) -> None:
    """Looks for the trail once more: another pipeline may have created it again.

    Log files of our own trail go with the bucket. CloudTrail writes them every hour, and a last
    one after the trail is deleted, so the bucket is never empty for long.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
    """
    trail = observed.resource.trail
    if call_or_none(lambda: aws.cloudtrail.get_trail(Name=trail), *trail_selectors.MISSING):
        raise StillUsed(_TRAIL_EXISTS(trail=trail))
    purge = removal.purges(observed.resource) and observed.holds is not None
    name = observed.resource.name
    if purge or observed.adopted is not None:
        left = buckets.try_delete(aws, name, purge=purge)
        if left is not None:
            raise StillUsed(describe_holdings(left) if left else NOT_EMPTY())
    elif observed.log_files or buckets.try_delete(aws, name) is not None:
        _delete_with_files(aws, name)


def _delete_with_files(aws: Aws, name: str) -> None:
    prefix = _log_prefix(aws.place)

    def clear() -> None:
        files, others = buckets.look_into(aws, name, prefix)
        if others:
            raise StillUsed(describe_holdings(others, _HOLDS_OTHERS))
        try:
            buckets.empty(aws, name, prefix)
        except Exception as error:
            if code_of(error) not in DENIED:
                raise
            raise StillUsed(_NOT_DELETABLE(files=files.versions)) from error

    if buckets.try_delete(aws, name, clear=clear) is not None:
        raise StillUsed(NOT_EMPTY())


def _merge_policy(aws: Aws, desired: LogBucket) -> None:
    found = call_or_none(
        lambda: aws.s3.get_bucket_policy(Bucket=desired.name), "NoSuchBucketPolicy"
    )
    existing = policies.parse(found["Policy"] if found else None)
    _put_policy(aws, desired.name, policies.merge(existing, desired.policy))


def _put_policy(aws: Aws, bucket: str, policy: JsonObject) -> None:
    aws.s3_without_retries.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def _put_encryption(aws: Aws, desired: LogBucket) -> None:
    default: Any = {"SSEAlgorithm": desired.encryption}
    aws.s3_without_retries.put_bucket_encryption(
        Bucket=desired.name,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
        },
    )


def _merge_expiry(aws: Aws, desired: LogBucket) -> None:
    ask = partial(aws.s3.get_bucket_lifecycle_configuration, Bucket=desired.name)
    found: Any = call_or_none(ask, "NoSuchLifecycleConfiguration") or {}
    others = [rule for rule in found.get("Rules", []) if rule.get("ID") != EXPIRY_RULE]
    _put_expiry(aws, desired, others=others)


def _put_expiry(aws: Aws, desired: LogBucket, *, others: list[Any]) -> None:
    rule: Any = {
        "ID": EXPIRY_RULE,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"Days": desired.expiry_days},
    }
    aws.s3_without_retries.put_bucket_lifecycle_configuration(
        Bucket=desired.name, LifecycleConfiguration={"Rules": [*others, rule]}
    )


def _read_expiry(lifecycle: Future[Any]) -> int | None:
    answer = call_or_none(lifecycle.result, "NoSuchLifecycleConfiguration") or {}
    for rule in answer.get("Rules", []):
        if rule.get("ID") == EXPIRY_RULE and rule.get("Status") == "Enabled":
            return rule.get("Expiration", {}).get("Days")  # type: ignore[no-any-return]
    return None


def _read_algorithm(encryption: Future[Any]) -> str | None:
    missing = "ServerSideEncryptionConfigurationNotFoundError"
    answer = call_or_none(encryption.result, missing) or {}
    for rule in answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", []):
        return rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm")  # type: ignore[no-any-return]
    return None


def permissions(desired: LogBucket, place: Place) -> Iterator[Permission]:
    arn = arns.bucket(place, desired.name)
    bucket, objects = Scope("LogBucket", (arn,)), Scope("LogBucketObjects", (f"{arn}/*",))
    read = (
        "s3:GetBucketPolicy s3:GetBucketPublicAccessBlock s3:GetBucketTagging"
        " s3:GetEncryptionConfiguration s3:GetLifecycleConfiguration"
    )
    make = (
        "s3:PutBucketPolicy s3:PutBucketPublicAccessBlock"
        " s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration s3:TagResource"
        " s3:UntagResource"
    )
    trail = Scope("Trail", (arns.trail(place, desired.trail),))
    yield Permission(Verb.READ, bucket, read)
    yield Permission(Verb.READ, trail, "cloudtrail:GetEventSelectors")
    yield Permission(Verb.REMOVE, trail, "cloudtrail:GetTrail")
    yield Permission(Verb.READ_UNWANTED, bucket, "s3:ListBucketVersions")
    yield allow_bucket_creation(bucket)
    yield Permission(Verb.MAKE, bucket, make)
    yield Permission(Verb.REMOVE, bucket, "s3:DeleteBucket")
    files = Scope("LogFiles", (f"{arn}/{_log_prefix(place)}*",))
    yield Permission(Verb.REMOVE, files, "s3:DeleteObject s3:DeleteObjectVersion")
    yield Permission(Verb.PURGE, objects, "s3:DeleteObject s3:DeleteObjectVersion")


def notes(change: Change, changes: Mapping[Address, Change]) -> Iterator[Reason]:  # noqa: ARG001
    match change:
        case Change(Action.DELETE, observed=FoundLogBucket(log_files=files)) if files:
            yield _DELETES_FILES(
                resource=str(change.address), files=files.versions, size=files.size
            )
