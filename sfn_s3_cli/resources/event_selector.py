"""The trail's event selector for our objects: our slice of what a trail logs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws.errors import unless
from sfn_s3_cli.aws.eventually import eventually
from sfn_s3_cli.aws.policies import Document
from sfn_s3_cli.errors import Refused
from sfn_s3_cli.resources import memory
from sfn_s3_cli.resources.base import Observed, Resource
from sfn_s3_cli.resources.trail import LOADING, MISSING

if TYPE_CHECKING:
    from sfn_s3_cli.aws import Aws
    from sfn_s3_cli.aws.reads import Reads

ADVANCED, BASIC = "AdvancedEventSelectors", "EventSelectors"

# What AWS gives a trail that was never told what to log.
AWS_DEFAULT: Document = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


@dataclass(frozen=True, kw_only=True)
class EventSelector(Resource):
    """`name` is the pipeline's: it is one slice, also when the config moves to another trail.

    A trail has either advanced selectors, which have names, or basic ones, which do not. The two
    cannot be mixed and are never converted, so ours comes in both forms and follows the trail.
    """

    kind: ClassVar[str] = "event_selector"
    trail: str
    selector: Document
    """The advanced form, also where the basic one stands on the trail."""
    basic: Document = field(compare=False)
    logging: bool = True
    own_trail: str = field(compare=False)
    watched_bucket: str = field(compare=False)
    role: str = field(compare=False)

    @property
    def owner(self) -> str:
        return self.name

    @property
    def is_slice(self) -> bool:
        return True

    @property
    def joins(self) -> bool:
        """Whether the trail belongs to somebody else."""
        return self.trail != self.own_trail


def observe(
    reads: Reads, desired: EventSelector, *, leaving: bool
) -> Observed[EventSelector] | None:
    """Our selector where the role remembers it, else where the config or habit puts it."""
    cloudtrail = reads.aws.cloudtrail
    trails = [desired.trail, desired.own_trail]
    for trail in trails:  # asked before the first answer is awaited
        reads.ask(cloudtrail.get_event_selectors, TrailName=trail)
        reads.ask(cloudtrail.get_trail_status, Name=trail)
    if desired.joins and not leaving:
        _check_joined(reads, desired)
    remembered = memory.recall(reads, desired.role)
    for trail in dict.fromkeys([remembered.get(memory.TRAIL, desired.trail), *trails]):
        answer = unless(reads.ask(cloudtrail.get_event_selectors, TrailName=trail).result, MISSING)
        ours = _ours(answer, desired, remembered.get(memory.SELECTOR))
        if ours:
            status = reads.ask(cloudtrail.get_trail_status, Name=trail).result()
            found = replace(desired, trail=trail, logging=status["IsLogging"], **ours)
            return Observed(found, owner=desired.name)
    return None


def create(aws: Aws, desired: EventSelector) -> None:
    if desired.joins:
        _remember(aws, desired)
    _rewrite(aws, desired, remove=None, add=desired)
    if not desired.joins:
        # A new trail is off. It is switched on when it knows what to log, and only that.
        eventually(
            lambda: aws.cloudtrail.start_logging(Name=desired.trail), LOADING, clock=aws.clock
        )


def update(aws: Aws, observed: EventSelector, desired: EventSelector) -> None:
    """Where the config moved to another trail, that one logs before the old one stops."""
    if observed.trail != desired.trail:
        create(aws, desired)
        _rewrite(aws, observed, remove=observed, add=None)
        if not desired.joins:
            memory.forget(aws, desired.role, memory.TRAIL, memory.SELECTOR)
        return
    if observed.selector != desired.selector:
        _rewrite(aws, desired, remove=observed, add=desired)
        if desired.joins:
            _remember(aws, desired)
    if not observed.logging and not desired.joins:
        aws.cloudtrail.start_logging(Name=desired.trail)


def delete(aws: Aws, observed: Observed[EventSelector]) -> None:
    slice_ = observed.resource
    _rewrite(aws, slice_, remove=slice_, add=None)
    if slice_.joins:
        memory.forget(aws, slice_.role, memory.TRAIL, memory.SELECTOR)


def _ours(answer: Any, desired: EventSelector, fingerprint: str | None) -> dict[str, Any]:
    """Our selector among those of a trail, in both forms; empty when it is not there."""
    if not answer:
        return {}
    for found in answer.get(ADVANCED, []):
        if found.get("Name") == desired.selector["Name"]:
            return {"selector": found}
    for found in answer.get(BASIC, []):
        if _fingerprint(found) == _fingerprint(desired.basic):
            return {"basic": found}
        if _fingerprint(found) == fingerprint:
            return {"selector": {"Name": desired.selector["Name"], BASIC: found}, "basic": found}
    return {}


def _rewrite(
    aws: Aws, at: EventSelector, *, remove: EventSelector | None, add: EventSelector | None
) -> None:
    """Reads the selectors of a trail and writes them all back, with ours put in or taken out."""
    trail = at.trail
    answer: Any = unless(lambda: aws.cloudtrail.get_event_selectors(TrailName=trail), MISSING)
    if answer is None:
        return
    form = ADVANCED if answer.get(ADVANCED) or not at.joins else BASIC
    others = [
        each
        for each in answer.get(form, [])
        if each.get("Name") != at.selector["Name"]
        and not (remove and form == BASIC and each == remove.basic)
    ]
    ours = [] if add is None else [add.selector if form == ADVANCED else add.basic]
    selectors = {form: [*others, *ours]}
    if not selectors[form]:
        if not at.joins:  # the trail itself goes next, and it cannot be told to log nothing
            aws.cloudtrail.stop_logging(Name=trail)
            return
        selectors = {BASIC: [AWS_DEFAULT]}
    eventually(
        lambda: aws.cloudtrail.put_event_selectors(TrailName=trail, **selectors),
        LOADING,
        clock=aws.clock,
    )


def _remember(aws: Aws, desired: EventSelector) -> None:
    facts = {memory.TRAIL: desired.trail, memory.SELECTOR: _fingerprint(desired.basic)}
    memory.remember(aws, desired.role, facts)


def _fingerprint(basic: Document) -> str:
    compared = [basic.get("ReadWriteType"), basic.get("IncludeManagementEvents")]
    text = json.dumps([*compared, basic.get("DataResources")], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _check_joined(reads: Reads, desired: EventSelector) -> None:
    """Refuses to join a trail that could not do what is asked of it."""
    name, cloudtrail = desired.trail, reads.aws.cloudtrail
    answer = unless(reads.ask(cloudtrail.get_trail, Name=name).result, MISSING)
    if answer is None:
        raise Refused(
            f"there is no trail {name} in {reads.aws.region}",
            "correct `trigger.trail`, or leave it out to use sfnctl's own trail",
        )
    trail = answer["Trail"]
    if trail.get("HomeRegion", reads.aws.region) != reads.aws.region:
        raise Refused(
            f"trail {name} has its home in {trail['HomeRegion']} and can only be changed there",
            "leave `trigger.trail` out to use sfnctl's own trail of this region",
        )
    if trail.get("S3BucketName") == desired.watched_bucket:
        raise Refused(
            f"trail {name} writes its log files into {desired.watched_bucket}, the bucket to watch:"
            " every log file would start an execution",
            "watch another bucket, or leave `trigger.trail` out",
        )
    if not reads.ask(cloudtrail.get_trail_status, Name=name).result()["IsLogging"]:
        raise Refused(
            f"trail {name} is not logging, so no event would arrive",
            f"start it with `aws cloudtrail start-logging --name {name}`",
        )
