"""Why a trail cannot carry our selector: it does not fit, or it has no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.iam.names import OWN_TRAIL
from sfn_s3_cli.resources import selector_forms, trail_selectors
from sfn_s3_cli.resources import trail as trails
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.selector_forms import ADVANCED, BASIC
from sfn_s3_cli.resources.trail_selectors import MISSING

if TYPE_CHECKING:
    from collections.abc import Collection

    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.resources.event_selector import EventSelector
    from sfn_s3_cli.resources.reasons import Reason

_NO_TRAIL = ReasonType(
    "TRAIL_MISSING",
    "cannot join the trail {trail}: no trail in {region} has that name",
    "correct `trigger.trail`, or leave it out to use sfnctl's own trail",
    is_config_error=True,
)
_UNFIT_TRAIL = ReasonType(
    "TRAIL_UNFIT",
    "cannot join the trail {trail}: it {why}",
    trails.ANOTHER_TRAIL,
)
_LOGS_INTO_BUCKET = ReasonType(
    "TRAIL_LOGS_INTO_BUCKET",
    "cannot join the trail {trail}: it writes its log files into the watched bucket, and every log"
    " file would start an execution",
    "watch another bucket, or leave `trigger.trail` out",
    is_config_error=True,
)
_NOT_LOGGING = ReasonType(
    "TRAIL_NOT_LOGGING",
    "cannot join the trail {trail}: it is not logging, so no event would arrive",
    "start it with `aws cloudtrail start-logging --name {trail}`",
)
_MIXED = ReasonType(
    "TRAIL_HAS_BASIC_SELECTORS",
    "cannot be added: the trail has basic selectors, which cannot be mixed with advanced ones",
    "remove those selectors, name another trail in `trigger.trail`, or use `via: s3`",
)
_FULL = "cannot be added: the trail {trail} would have {number} {what}, and AWS allows {limit}"
_TOO_MANY_VALUES = ReasonType(
    "TRAIL_FULL",
    _FULL,
    "use fewer prefixes, name another trail in `trigger.trail`, or use `via: s3`",
)
_TOO_MANY_SELECTORS = ReasonType(
    "TRAIL_FULL", _FULL, "name another trail in `trigger.trail`, or use `via: s3`"
)


def find_obstacle(reads: Reads, desired: EventSelector) -> Reason | None:
    """Why the trail cannot log our objects' events."""
    name, client = desired.trail, reads.aws.cloudtrail
    if not desired.joins:
        return _MIXED() if _has_basic_selectors_of_others(reads) else None
    answer = call_or_none(reads.ask(client.get_trail, Name=name).result, *MISSING)
    if answer is None:
        return _NO_TRAIL(trail=name, region=reads.aws.region)
    trail = answer["Trail"]
    if obstacle := trails.find_obstacle(trail, reads.aws.region):
        return _UNFIT_TRAIL(trail=name, why=obstacle)
    if trail.get("S3BucketName") == desired.bucket:
        return _LOGS_INTO_BUCKET(trail=name)
    if not reads.ask(client.get_trail_status, Name=name).result()["IsLogging"]:
        return _NOT_LOGGING(trail=name)
    return None


def find_excess(
    reads: Reads, desired: EventSelector, fingerprints: Collection[str]
) -> Reason | None:
    """Why the trail has no room for our selector; None if it has room, or has the selector."""
    selectors = trail_selectors.read(reads, desired.trail)
    merged = selector_forms.merge(
        selectors,
        desired.selector,
        desired.basic,
        fingerprints,
        is_own_trail=not desired.joins,
        add=True,
    )
    excess = selector_forms.find_excess(merged)
    if excess is None:
        return None
    full = _TOO_MANY_VALUES if excess.is_of_values else _TOO_MANY_SELECTORS
    number, limit = str(excess.number), str(excess.limit)
    return full(trail=desired.trail, what=excess.what, number=number, limit=limit)


def _has_basic_selectors_of_others(reads: Reads) -> bool:
    """Whether others gave sfnctl's trail basic selectors, which our advanced one would wipe.

    AWS's default selector counts only if the trail is not ours.
    """
    selectors = trail_selectors.read(reads, OWN_TRAIL)
    basic = [] if selectors.get(ADVANCED) else selectors.get(BASIC, [])
    if not basic:
        return False
    is_default = all(map(trail_selectors.is_default, basic))
    return not (is_default and trails.is_ours(reads, OWN_TRAIL))
