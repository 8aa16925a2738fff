"""Buckets that sfnctl made for a pipeline, and that its config no longer asks for.

Everything else of a pipeline has a name that derives from the pipeline's; buckets are found by
their tags.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.errors import DENIED, code_of
from sfn_s3_cli.aws.explain import Unanswered, ask_optional
from sfn_s3_cli.aws.reads import Reads
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.resources.base import Address
from sfn_s3_cli.resources.bucket import Bucket
from sfn_s3_cli.resources.reasons import ReasonType

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    """Asks AWS for the buckets with the pipeline's tags, besides one that the config creates."""
    match ask_optional(lambda: buckets.find_by_tags(aws, ownership.of_pipeline(pipeline, {}))):
        case Unanswered(why):
            return Forgotten(notes=(_NOT_SEARCHED(error=why),))
        case names:
            known = {configured.name} if configured.create else set()
            return Forgotten(tuple(_explain_all(aws, {*names} - known, pipeline, configured)))


def _explain_all(
    aws: Aws, names: set[str], pipeline: str, configured: Bucket
) -> Iterator[tuple[Address, Reason]]:
    with Reads(aws) as reads:
        for name in names:
            reads.ask(aws.s3.get_bucket_tagging, Bucket=name)
        for name in sorted(names):
            if _is_still_ours(reads, name, pipeline):
                reason = _CREATE_REMOVED if name == configured.name else _LEFT
                yield Address(Bucket.kind, name), reason(pipeline=pipeline)


def _is_still_ours(reads: Reads, name: str, pipeline: str) -> bool:
    """Whether the bucket itself says so: the search may know deleted buckets and former tags.

    If its tags may not be read, the search is believed.
    """
    try:
        tags = buckets.read_tags(reads, name)
    except Exception as error:
        if code_of(error) not in DENIED:
            raise
        return True
    return tags is not None and ownership.read_owner(tags) == pipeline
