"""S3 bucket for the trail's log files: private, TLS-only, encrypted, emptied after some days."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.errors import DENIED, call_or_none, code_of
from sfn_s3_cli.iam import policies
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.iam.arns import bucket as bucket_arn
from sfn_s3_cli.iam.arns import trail as trail_arn
from sfn_s3_cli.iam.policies import Document
from sfn_s3_cli.resources import trail_selectors
from sfn_s3_cli.resources.base import Observed, Resource, StillUsed
from sfn_s3_cli.resources.bucket import unseen

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads

EXPIRY_DAYS = 7
EXPIRY_RULE = "sfnctl-expiry"


@dataclass(frozen=True, kw_only=True)
class LogBucket(Resource):
    kind: ClassVar[str] = "log_bucket"
    trail: str
    pipeline: str = field(compare=False)
    claimed: bool = field(default=True, compare=False)
    policy: Document
    expiry_days: int | None = EXPIRY_DAYS
    encryption: str | None = "AES256"
    public_access: str = "blocked"
    tags: dict[str, str]


def policy(place: Place, bucket: str, trail: str) -> Document:
    """Lets that trail write, and nobody speak to the bucket without TLS.

    AWS documents the trail's ARN as the condition; where it names the account too, it must be ours.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    """
    arn, source = bucket_arn(place, bucket), {"aws:SourceArn": trail_arn(place, trail)}
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


def observe(reads: Reads, desired: LogBucket, *, leaving: bool) -> Observed[LogBucket] | None:
    s3, name = reads.aws.s3, desired.name
    found_policy = reads.ask(s3.get_bucket_policy, Bucket=name)
    block = reads.ask(s3.get_public_access_block, Bucket=name)
    encryption = reads.ask(s3.get_bucket_encryption, Bucket=name)
    lifecycle = reads.ask(s3.get_bucket_lifecycle_configuration, Bucket=name)
    contents = reads.ask(buckets.contents, reads.aws, name) if leaving else None
    users = trail_selectors.other_users(reads, desired.trail, desired.pipeline) if leaving else ""
    try:
        tags = buckets.read_tags(reads, name, foreign_is_none=not desired.claimed)
    except Exception as error:
        if leaving or code_of(error) not in DENIED:
            raise
        return Observed(desired, owner=None, refusal=unseen("s3:GetBucketTagging"))
    if tags is None:
        return None
    if trail_selectors.is_none_of_ours(reads, desired.claimed, desired.trail, desired.pipeline):
        return None
    answer = call_or_none(found_policy.result, "NoSuchBucketPolicy")
    standing = policies.parsed(answer["Policy"] if answer else None)
    return Observed(
        replace(
            desired,
            policy=policies.slice_of(standing, desired.policy),
            expiry_days=_expiry(call_or_none(lifecycle.result, "NoSuchLifecycleConfiguration")),
            encryption=_algorithm(
                call_or_none(encryption.result, "ServerSideEncryptionConfigurationNotFoundError")
            ),
            public_access=buckets.read_public_access(block),
            tags=ownership.ours(tags, desired.tags),
        ),
        owner=ownership.owner(tags),
        holds=contents.result() if contents else "",
        used_by=users,
        others=policies.others(standing, desired.policy),
    )


def create(aws: Aws, desired: LogBucket) -> None:
    buckets.create(aws, desired.name, desired.tags)
    # A new bucket has neither rules nor a policy that could be lost.
    buckets.put_settings(
        aws,
        partial(buckets.block_public_access, aws, desired.name),
        partial(_put_encryption, aws, desired),
        partial(_put_expiry, aws, desired, others=[]),
        partial(_put_policy, aws, desired.name, desired.policy),
    )


def update(aws: Aws, observed: LogBucket, desired: LogBucket) -> None:
    puts: list[Callable[[], object]] = []
    if observed.public_access != desired.public_access:
        puts.append(partial(buckets.block_public_access, aws, desired.name))
    if observed.encryption != desired.encryption:
        puts.append(partial(_put_encryption, aws, desired))
    if observed.expiry_days != desired.expiry_days:
        puts.append(partial(_merge_expiry, aws, desired))
    if observed.policy != desired.policy:
        puts.append(partial(_merge_policy, aws, desired))
    if puts:
        buckets.put_settings(aws, *puts)
    buckets.retag(aws, desired.name, observed.tags, desired.tags)


def delete(aws: Aws, observed: Observed[LogBucket]) -> None:
    """Looks once more: another pipeline may have made the trail anew since."""
    trail_name = observed.resource.trail
    if call_or_none(lambda: aws.cloudtrail.get_trail(Name=trail_name), trail_selectors.MISSING):
        raise StillUsed(f"the trail {trail_name}, which is there still or again, writes to it")
    if holds := buckets.delete(aws, observed.resource.name, purge=bool(observed.holds)):
        raise StillUsed(holds)


def _merge_policy(aws: Aws, desired: LogBucket) -> None:
    found = call_or_none(
        lambda: aws.s3.get_bucket_policy(Bucket=desired.name), "NoSuchBucketPolicy"
    )
    existing = policies.parsed(found["Policy"] if found else None)
    _put_policy(aws, desired.name, policies.merged(existing, desired.policy))


def _put_policy(aws: Aws, bucket: str, policy: Document) -> None:
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


def _expiry(lifecycle: Any) -> int | None:
    for rule in (lifecycle or {}).get("Rules", []):
        if rule.get("ID") == EXPIRY_RULE and rule.get("Status") == "Enabled":
            return rule.get("Expiration", {}).get("Days")  # type: ignore[no-any-return]
    return None


def _algorithm(encryption: Any) -> str | None:
    rules = (encryption or {}).get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    for rule in rules:
        return rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm")  # type: ignore[no-any-return]
    return None
