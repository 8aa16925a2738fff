"""How a bucket's events reach EventBridge before a pipeline exists: for the questions of `init`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.aws.buckets import MISSING
from sfn_s3_cli.aws.errors import code_of
from sfn_s3_cli.aws.explain import explain_briefly
from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.events.delivery import Delivery
from sfn_s3_cli.iam import arns
from sfn_s3_cli.iam.names import NO_TRAIL, OWN_TRAIL
from sfn_s3_cli.resources import other_trails
from sfn_s3_cli.resources.bucket_notification import is_on
from sfn_s3_cli.resources.permissions import EVERYTHING, Permission, Scope, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.iam.arns import Place


def read_delivery(aws: Aws, name: str, bucket: str) -> Delivery:
    """Reads it for a pipeline of that name. The trails matter only if the bucket is off."""
    aws.place  # noqa: B018  (the calls below name the account that must own the bucket)
    try:
        configuration = aws.s3.get_bucket_notification_configuration(Bucket=bucket)
    except Exception as error:  # noqa: BLE001  (raised again if it is unexpected)
        if code_of(error) in MISSING:
            return Delivery(exists=False)
        return Delivery(not_read=explain_briefly(error))
    if is_on(configuration):
        return Delivery(exists=True, is_on=True)
    config = {
        "name": name,
        "bucket": bucket,
        "trigger": {"trail": NO_TRAIL},
        "state_machine": {"definition": "-"},
    }
    found = other_trails.list_loggers(aws, Pipeline.model_validate(config))
    trails = tuple(each for each in found.trails if each != OWN_TRAIL)
    return Delivery(exists=True, is_on=False, trails=trails, not_read=found.not_read)


def permissions(place: Place) -> Iterator[Permission]:
    """What `init` reads; without it, it asks the same questions and suggests less."""
    yield Permission(Verb.READ, EVERYTHING, "s3:ListAllMyBuckets")
    buckets = Scope("AnyBucket", (arns.bucket(place, "*"),))
    yield Permission(Verb.READ, buckets, "s3:GetBucketNotification")
    yield from other_trails.permissions(place)
