"""S3 bucket: the one whose objects start executions, the user's or created by sfnctl."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.errors import DENIED, call_or_none, code_of
from sfn_s3_cli.iam import arns
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.resources.base import Removal, Resource, StillUsed
from sfn_s3_cli.resources.observation import Found, Missing, Observation, Refused
from sfn_s3_cli.resources.other_pipelines import find_watchers
from sfn_s3_cli.resources.permissions import (
    EVERYTHING,
    Permission,
    Scope,
    Verb,
    allow_bucket_creation,
)
from sfn_s3_cli.resources.reasons import NOT_OURS, OWNED_BY_PIPELINE, ReasonType
from sfn_s3_cli.resources.words import HIDDEN, TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Future

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.resources.base import Address
    from sfn_s3_cli.resources.change import Change
    from sfn_s3_cli.resources.reasons import Reason

EXISTS = ("BucketAlreadyOwnedByYou",)
MISSING = buckets.MISSING

HOLDS_OBJECTS = ReasonType(
    "HOLDS_OBJECTS", "it holds {objects:object} ({versions:version}, {size})"
)
_WATCHED = ReasonType("WATCHED_BY_PIPELINES", "other pipelines watch it: {pipelines}")
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
_KEY_ALIAS = ReasonType(
    "BUCKET_KEY_ALIAS",
    "Bucket {bucket} encrypts its objects with the key of {alias}. IAM policies name keys by ARN,"
    " so allow {actions} on the ARN of that key in `state_machine.role.statements`.",
)
_KEY_ELSEWHERE = ReasonType(
    "BUCKET_KEY_OF_OTHER_ACCOUNT",
    "Bucket {bucket} encrypts its objects with a key of account {account}: the policy of {key} must"
    " let the workflow's role use it.",
)
_KEY_UNREAD = ReasonType(
    "BUCKET_KEY_NOT_CHECKED",
    "Not checked: whether the workflow's role needs a KMS key for the objects of bucket {bucket}:"
    " these credentials lack s3:GetEncryptionConfiguration.",
    describes_state=True,
)
_NO_ENCRYPTION = ("ServerSideEncryptionConfigurationNotFoundError", *MISSING)
_KEY_OF_S3 = "alias/aws/s3"


_NOT_OURS = replace(
    NOT_OURS,
    remedy="to watch the bucket and leave it as it is, write its name without `create: true`; to"
    " let sfnctl own and later delete it, adopt it with --adopt",
)
_OWNED_BY_PIPELINE = replace(
    OWNED_BY_PIPELINE,
    remedy="to watch it, write only its name, without `create: true`; if this pipeline was called"
    " {pipeline} before, deploy, then run `sfnctl teardown --pipeline {pipeline}`, which keeps"
    " the bucket",
)


@dataclass(frozen=True, kw_only=True)
class Bucket(Resource):
    kind: ClassVar[str] = "bucket"
    is_bucket: ClassVar[bool] = True
    not_ours: ClassVar[ReasonType] = _NOT_OURS
    owned_by_pipeline: ClassVar[ReasonType] = _OWNED_BY_PIPELINE
    may_hold_data: ClassVar[bool] = True
    create: bool = field(metadata=HIDDEN)
    """False: the bucket is the user's, and sfnctl only looks at it."""
    tags: dict[str, str] = field(metadata=TAGS)
    public_access: str = "blocked"
    key_actions: tuple[str, ...] = field(default=(), compare=False)
    """What the workflow's role needs of a key that encrypts the objects; empty if it leaves them
    alone."""
    given_key_actions: tuple[str, ...] = field(default=(), compare=False)
    """What the config's own statements let the role do with KMS keys."""

    @property
    def essence(self) -> str:
        return f"public access {self.public_access}"

    @property
    def missing_reason(self) -> Reason | None:
        return None if self.create else NO_BUCKET()

    @property
    def is_slice(self) -> bool:
        return not self.create

    def outputs(self, aws: Aws) -> Mapping[str, str | None]:
        return {"bucket": self.name, "bucket_arn": arns.bucket(aws.place, self.name)}


@dataclass(frozen=True)
class FoundBucket(Found[Bucket]):
    key: str | None = None
    """The ARN of the KMS key that the workflow's role needs for the objects."""
    is_key_unread: bool = False
    key_remark: Reason | None = None
    """What the key's owner has to do."""


def observe(reads: Reads, desired: Bucket, *, wanted: bool) -> Observation[Bucket]:
    aws, name = reads.aws, desired.name
    if not wanted and not desired.create:
        return Missing()
    head = reads.ask(aws.s3.head_bucket, Bucket=name)
    asks_key = wanted and bool(desired.key_actions)
    encryption = reads.ask(aws.s3.get_bucket_encryption, Bucket=name) if asks_key else None
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
    key: _KeyFacts = _read_key(encryption, desired, aws.place) if encryption else {}
    if not desired.create:
        return FoundBucket(desired, owner=None, **key)
    tags = buckets.read_tags(reads, name)
    if tags is None:  # one read finds the bucket and another does not
        return Missing()
    owner = ownership.read_owner(tags)
    is_removed = not wanted and owner == desired.owner
    watched = reads.ask(_find_watchers, aws, name, desired.pipeline) if is_removed else None
    holdings = reads.ask(buckets.count_objects, aws, name).result() if is_removed else None
    return FoundBucket(
        replace(
            desired,
            public_access=buckets.read_public_access(block),
            tags=ownership.select_ours(tags, desired.tags),
        ),
        owner=owner,
        holds=describe_holdings(holdings) if holdings else None,
        adopted=tags.get(ownership.ADOPTED),
        used_by=watched.result() if watched else None,
        **key,
    )


def _find_watchers(aws: Aws, name: str, pipeline: str) -> Reason | None:
    pipelines = find_watchers(aws, name, pipeline)
    return _WATCHED(pipelines=pipelines) if pipelines else None


def describe_holdings(holdings: buckets.Holdings, reason: ReasonType = HOLDS_OBJECTS) -> Reason:
    """What a bucket holds. The message counts versions only if there are more than objects."""
    if holdings.versions == holdings.objects:
        reason = replace(reason, text=reason.text.replace("{versions:version}, ", ""))
    return reason(**holdings._asdict())


class _KeyFacts(TypedDict, total=False):
    key: str
    is_key_unread: bool
    key_remark: Reason


def _read_key(encryption: Future[Any], desired: Bucket, place: Place) -> _KeyFacts:
    """Which key the bucket's default encryption uses; AWS lets everybody use its own key.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html
    """
    try:
        answer = call_or_none(encryption.result, *_NO_ENCRYPTION)
    except Exception as error:
        if code_of(error) not in DENIED:
            raise
        return {"is_key_unread": True}
    configuration = answer["ServerSideEncryptionConfiguration"] if answer else {"Rules": []}
    for rule in configuration["Rules"]:
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        if key := default.get("KMSMasterKeyID"):
            return _describe_key(key, desired, place)
    return {}


def _describe_key(key: str, desired: Bucket, place: Place) -> _KeyFacts:
    if key.endswith(_KEY_OF_S3):
        return {}
    if "alias/" in key:
        lacking = sorted({*desired.key_actions} - {*desired.given_key_actions})
        remark = _KEY_ALIAS(bucket=desired.name, alias=key, actions=", ".join(lacking))
        return {"key_remark": remark} if lacking else {}
    if not key.startswith("arn:"):
        return {"key": place.arn("kms", f"key/{key}")}
    account = arns.place_of(key).account
    if account == place.account:
        return {"key": key}
    remark = _KEY_ELSEWHERE(bucket=desired.name, account=account, key=key)
    return {"key": key, "key_remark": remark}


def create(aws: Aws, desired: Bucket) -> None:
    buckets.create(aws, desired.name, desired.tags)
    buckets.put_settings(aws, lambda: buckets.block_public_access(aws, desired.name))


def update(aws: Aws, observed: Found[Bucket], desired: Bucket) -> None:
    if observed.resource.public_access != desired.public_access:
        buckets.put_settings(aws, lambda: buckets.block_public_access(aws, desired.name))
    adoption = ownership.of_adoption(observed.owner, aws.now())
    buckets.retag(aws, desired.name, observed.resource.tags, desired.tags | adoption)


def delete(aws: Aws, observed: Found[Bucket], removal: Removal) -> None:
    bucket = observed.resource
    if watched := _find_watchers(aws, bucket.name, bucket.pipeline):
        raise StillUsed(watched)
    purge = removal.purges(bucket) and observed.holds is not None
    left = buckets.try_delete(aws, bucket.name, purge=purge)
    if left is not None:
        raise StillUsed(describe_holdings(left) if left else NOT_EMPTY())


def permissions(desired: Bucket, place: Place) -> Iterator[Permission]:
    arn = arns.bucket(place, desired.name)
    bucket, objects = Scope("Bucket", (arn,)), Scope("BucketObjects", (f"{arn}/*",))
    yield Permission(Verb.FIND, EVERYTHING, "tag:GetResources")
    found = Scope("FoundBuckets", (arns.bucket(place, "*"),))
    yield Permission(Verb.FIND, found, "s3:GetBucketTagging")
    yield Permission(Verb.READ_OBJECT, objects, "s3:GetObject")
    if desired.key_actions:
        yield Permission(Verb.READ_WANTED, bucket, "s3:GetEncryptionConfiguration")
    if not desired.create:
        yield Permission(Verb.READ_WANTED, bucket, "s3:ListBucket")
        return
    read = "s3:GetBucketPublicAccessBlock s3:GetBucketTagging s3:ListBucket"
    make = "s3:PutBucketPublicAccessBlock s3:TagResource s3:UntagResource"
    yield Permission(Verb.READ, bucket, read)
    yield Permission(Verb.READ_UNWANTED, bucket, "s3:ListBucketVersions")
    rules = Scope("Rules", (arns.rule(place, "*"),))
    yield Permission(Verb.READ_UNWANTED, EVERYTHING, "events:ListRules")
    yield Permission(Verb.READ_UNWANTED, rules, "events:ListTagsForResource")
    yield allow_bucket_creation(bucket)
    yield Permission(Verb.MAKE, bucket, make)
    yield Permission(Verb.REMOVE, bucket, "s3:DeleteBucket")
    yield Permission(Verb.PURGE, objects, "s3:DeleteObject s3:DeleteObjectVersion")


def notes(change: Change, changes: Mapping[Address, Change]) -> Iterator[Reason]:
    """The remark on the key comes when a role changes: it is something to do once."""
    match change.observed:
        case FoundBucket(is_key_unread=True):
            yield _KEY_UNREAD(bucket=change.address.name)
        case FoundBucket(key_remark=remark) if remark:
            roles = (each for address, each in changes.items() if address.kind == "role")
            if any(each.action.changes for each in roles):
                yield remark
