"""Buckets that sfnctl made, and that no config asks for any more.

Everything else of a pipeline has a name that derives from the pipeline's; buckets are found by
their tags.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.errors import DENIED, code_of
from sfn_s3_cli.aws.explain import Unanswered, ask_optional
from sfn_s3_cli.aws.reads import Reads
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.resources.base import Address
from sfn_s3_cli.resources.bucket import Bucket
from sfn_s3_cli.resources.other_pipelines import find_watchers, has_rule
from sfn_s3_cli.resources.reasons import ReasonType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.resources.reasons import Reason

_KEEP_IT = f"remove its tags {ownership.PIPELINE} and {ownership.MANAGED} to keep it for good"
_LEFT = ReasonType(
    "BUCKET_LEFT_BY_CONFIG",
    "it belongs to pipeline {pipeline}, but the config no longer names it: delete it yourself, or"
    f" {_KEEP_IT}",
)
_CREATE_REMOVED = ReasonType(
    "CREATE_REMOVED",
    "it belongs to pipeline {pipeline}, but the config no longer has `create: true`: add that again"
    f" to let teardown remove it, or {_KEEP_IT}",
)
_LEFT_TO_OTHERS = ReasonType(
    "BUCKET_LEFT_TO_OTHERS",
    "it belongs to pipeline {pipeline}, and other pipelines watch it: {watchers}; to let one of"
    f" them own it, set its tag {ownership.PIPELINE} to that name and add `create: true` there, or"
    f" {_KEEP_IT}",
)
_OWNER_GONE = ReasonType(
    "BUCKET_OWNER_GONE",
    "it belongs to pipeline {owner}, which has no rule any more: to let {pipeline} own it, set its"
    f" tag {ownership.PIPELINE} to {{pipeline}} and add `create: true`, or {_KEEP_IT}",
)
_NOT_SEARCHED = ReasonType(
    "FORGOTTEN_BUCKETS_NOT_SEARCHED",
    "Not checked: whether sfnctl made buckets for this pipeline that the config no longer names"
    " ({error}).",
    describes_state=True,
)


class Forgotten(NamedTuple):
    """The buckets, each with the reason why it stays."""

    buckets: tuple[tuple[Address, Reason], ...] = ()
    notes: tuple[Reason, ...] = ()


def find_forgotten(aws: Aws, pipeline: str, configured: Bucket) -> Forgotten:
    """Asks AWS for the buckets with the pipeline's tags, besides one that the config creates.

    And for the tags of the config's bucket, if these are of another pipeline that is gone.
    """
    match ask_optional(lambda: buckets.find_by_tag(aws, ownership.MANAGED, "true")):
        case Unanswered(why):
            return Forgotten(notes=(_NOT_SEARCHED(error=why),))
        case found:
            return Forgotten(tuple(_explain_all(aws, found, pipeline, configured)))


def _explain_all(
    aws: Aws, found: Mapping[str, dict[str, str]], pipeline: str, configured: Bucket
) -> Iterator[tuple[Address, Reason]]:
    owners = {name: ownership.read_owner(tags) for name, tags in found.items()}
    names = {name for name, owner in owners.items() if owner == pipeline} - {configured.name}
    if configured.name in owners and not configured.create:
        names.add(configured.name)
    with Reads(aws) as reads:
        for name in names:
            reads.ask(aws.s3.get_bucket_tagging, Bucket=name)
        for name in sorted(names):
            owner = _read_owner(reads, name, owners[name])
            if reason := _explain(aws, name, owner, pipeline, configured):
                yield Address(Bucket.kind, name), reason


def _read_owner(reads: Reads, name: str, found: str | None) -> str | None:
    """Whose the bucket itself says it is: the search may know deleted buckets and former tags.

    If its tags may not be read, the search is believed.
    """
    try:
        tags = buckets.read_tags(reads, name)
    except Exception as error:
        if code_of(error) not in DENIED:
            raise
        return found
    return None if tags is None else ownership.read_owner(tags)


def _explain(
    aws: Aws, name: str, owner: str | None, pipeline: str, configured: Bucket
) -> Reason | None:
    """Why a bucket stays; None if its owner takes care of it. Rules that cannot be read say
    nothing."""
    if owner == pipeline:
        watchers = ask_optional(partial(find_watchers, aws, name, pipeline))
        if watchers and not isinstance(watchers, Unanswered):
            return _LEFT_TO_OTHERS(pipeline=pipeline, watchers=watchers)
        reason = _CREATE_REMOVED if name == configured.name else _LEFT
        return reason(pipeline=pipeline)
    if owner in {None, ownership.SHARED} or name != configured.name:
        return None
    is_alive = ask_optional(partial(has_rule, aws, owner))
    return None if is_alive else _OWNER_GONE(owner=owner, pipeline=pipeline)
