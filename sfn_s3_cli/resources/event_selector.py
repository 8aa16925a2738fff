"""The trail's event selector for our objects: our slice of what a trail logs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import retry_while
from sfn_s3_cli.iam.policies import Document
from sfn_s3_cli.resources import role_notes, trail_selectors
from sfn_s3_cli.resources import trail as trails
from sfn_s3_cli.resources.base import Observed, Refusal, Resource
from sfn_s3_cli.resources.trail_selectors import ADVANCED, BASIC, LOADING, MISSING, YOUNG

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads


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
    remembered: bool = True
    """Whether the role remembers what is needed of it, and no more: a crash can leave more."""
    own_trail: str = field(compare=False)
    watched_bucket: str = field(compare=False)
    role: str = field(compare=False)
    carriers: tuple[str, ...] = field(default=(), compare=False)
    """The trails that have it: more than one when a move to another trail was cut off."""
    fingerprints: tuple[str, ...] = field(default=(), compare=False)
    """What the role remembers of the basic forms that we put on trails of others."""

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
    """Our selector where the config or habit puts it, and wherever the role remembers it."""
    cloudtrail = reads.aws.cloudtrail
    usual = [desired.own_trail, desired.trail]
    for trail in usual:  # asked before the first answer is awaited
        reads.ask(cloudtrail.get_event_selectors, TrailName=trail)
        reads.ask(cloudtrail.get_trail_status, Name=trail)
    if not leaving and (refusal := _unfit(reads, desired)):
        return Observed(desired, owner=None, refusal=refusal)
    remembered = role_notes.recall(reads, desired.role)
    known = replace(desired, fingerprints=tuple(remembered.get(role_notes.SELECTOR, "").split()))
    answers = {
        trail: call_or_none(
            reads.ask(cloudtrail.get_event_selectors, TrailName=trail).result, MISSING
        )
        for trail in dict.fromkeys([*remembered.get(role_notes.TRAIL, "").split(), *usual])
    }
    ours = {trail: form for trail, each in answers.items() if (form := _ours(each or {}, known))}
    if ours:
        return Observed(_standing(reads, known, ours, remembered), owner=desired.name)
    if leaving and known.fingerprints:
        return Observed(known, owner=desired.name)
    serves = known.joins and _is_basic_in(answers[known.trail] or {}, known)
    return Observed(known, owner=None) if serves else None


def _standing(
    reads: Reads, known: EventSelector, ours: dict[str, Document], remembered: dict[str, str]
) -> EventSelector:
    """What is there of ours, given the selector by trail and what the role remembers."""
    # The one that stands where the config no longer wants it is what a plan must tell of.
    trail = min(ours, key=lambda each: each == known.trail)
    status = reads.ask(reads.aws.cloudtrail.get_trail_status, Name=trail).result()
    found = replace(
        known, trail=trail, selector=ours[trail], logging=status["IsLogging"], carriers=(*ours,)
    )
    if (found.trail, found.selector) != (known.trail, known.selector):
        return found
    facts = _facts({known.trail}, {_fingerprint(known.basic)}, known)
    return replace(found, remembered=facts == _facts_of(remembered))


def create(aws: Aws, desired: EventSelector) -> None:
    if desired.joins:
        _remember(aws, desired, {desired.trail}, {_fingerprint(desired.basic)})
    _rewrite(aws, desired.trail, desired, add=True)
    if not desired.joins:
        _start(aws, desired)


def update(aws: Aws, observed: EventSelector, desired: EventSelector) -> None:
    """Where the config moved to another trail, that one logs before the old one stops."""
    left = {*observed.carriers} - {desired.trail}
    if left or observed.selector != desired.selector:
        fingerprint = _fingerprint(desired.basic)
        known = replace(desired, fingerprints=observed.fingerprints)
        _remember(aws, known, {*left, desired.trail}, {*known.fingerprints, fingerprint})
        _rewrite(aws, desired.trail, known, add=True)
        if not desired.joins and (left or not observed.logging):
            _start(aws, desired)
        for trail in sorted(left):
            _rewrite(aws, trail, known, add=False)
        _remember(aws, known, {desired.trail}, {fingerprint})
        return
    if not observed.remembered:
        known = replace(desired, fingerprints=observed.fingerprints)
        _remember(aws, known, {desired.trail}, {_fingerprint(desired.basic)})
    if not observed.logging and not desired.joins:
        _start(aws, desired)


def delete(aws: Aws, observed: Observed[EventSelector]) -> None:
    slice_ = observed.resource
    for trail in slice_.carriers:
        _rewrite(aws, trail, slice_, add=False)
    if slice_.fingerprints:
        role_notes.forget(aws, slice_.role, role_notes.TRAIL, role_notes.SELECTOR)


def _ours(answer: Any, known: EventSelector) -> Document | None:
    """Our selector among those of a trail, in the advanced form."""
    name = known.selector["Name"]
    for found in answer.get(ADVANCED, []):
        if found.get("Name") == name:
            return _normalised(dict(found))
    for found in answer.get(BASIC, []):
        if _fingerprint(found) in known.fingerprints:
            is_wanted = _fingerprint(found) == _fingerprint(known.basic)
            return known.selector if is_wanted else {"Name": name, BASIC: found}
    return None


def _normalised(selector: Document) -> Document:
    """As it is compared: AWS may order the fields anew and add empty conditions."""
    fields = [
        {key: value for key, value in each.items() if value} for each in selector["FieldSelectors"]
    ]
    return {**selector, "FieldSelectors": sorted(fields, key=lambda each: str(each["Field"]))}


def _is_basic_in(answer: Any, known: EventSelector) -> bool:
    """Whether somebody else has the trail log the same already."""
    return _fingerprint(known.basic) in map(_fingerprint, answer.get(BASIC, []))


def _rewrite(aws: Aws, trail: str, ours: EventSelector, *, add: bool) -> None:
    """Puts our selector in or takes it out, among those of others."""
    merge = partial(_merged, trail=trail, ours=ours, add=add)
    if trail_selectors.rewrite(aws, trail, merge, is_there=add) == {}:
        # The trail itself goes next, and it cannot be told to log nothing.
        retry_while(aws, lambda: aws.cloudtrail.stop_logging(Name=trail), LOADING)


def _merged(found: Any, *, trail: str, ours: EventSelector, add: bool) -> Any:
    """What the trail is to be told; empty where that would be nothing."""
    is_own = trail == ours.own_trail
    form = ADVANCED if is_own or found.get(ADVANCED) else BASIC
    others = [
        each
        for each in found.get(form) or ([] if is_own else [AWS_DEFAULT])
        if each.get("Name") != ours.selector["Name"]
        and not (form == BASIC and _fingerprint(each) in ours.fingerprints)
    ]
    mine = [ours.selector if form == ADVANCED else ours.basic] if add else []
    if others or mine:
        return {form: [*others, *mine]}
    return {} if is_own else {BASIC: [AWS_DEFAULT]}


def _start(aws: Aws, desired: EventSelector) -> None:
    """A new trail is off. It is switched on when it knows what to log, and only that."""
    start = partial(aws.cloudtrail.start_logging, Name=desired.trail)
    retry_while(aws, start, LOADING, YOUNG)


def _remember(aws: Aws, ours: EventSelector, trails: set[str], fingerprints: set[str]) -> None:
    if facts := _facts(trails, fingerprints, ours):
        role_notes.remember(aws, ours.role, facts)
    elif ours.fingerprints:
        role_notes.forget(aws, ours.role, role_notes.TRAIL, role_notes.SELECTOR)


def _facts(trails: set[str], fingerprints: set[str], ours: EventSelector) -> dict[str, str]:
    """Which trails of others have our selector, and in which basic forms; our own is no secret."""
    joined = trails - {ours.own_trail}
    facts = {role_notes.TRAIL: joined, role_notes.SELECTOR: fingerprints} if joined else {}
    return {key: " ".join(sorted(each)) for key, each in facts.items()}


def _facts_of(remembered: dict[str, str]) -> dict[str, str]:
    keys = (role_notes.TRAIL, role_notes.SELECTOR)
    return {key: remembered[key] for key in keys if key in remembered}


def _fingerprint(basic: Document) -> str:
    compared = [basic.get("ReadWriteType"), basic.get("IncludeManagementEvents")]
    text = json.dumps([*compared, basic.get("DataResources")], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _unfit(reads: Reads, desired: EventSelector) -> Refusal | None:
    """Why the trail could not do what is asked of it."""
    name, cloudtrail = desired.trail, reads.aws.cloudtrail
    if not desired.joins:
        return _mixed(reads, desired)
    answer = call_or_none(reads.ask(cloudtrail.get_trail, Name=name).result, MISSING)
    if answer is None:
        return Refusal(
            f"cannot join the trail {name}: there is none of that name in {reads.aws.region}",
            "correct `trigger.trail`, or leave it out to use sfnctl's own trail",
            in_config=True,
        )
    trail = answer["Trail"]
    if unfit := trails.unfit(trail, reads.aws.region):
        return unfit._replace(why=f"cannot join the trail {name}: it {unfit.why}")
    if trail.get("S3BucketName") == desired.watched_bucket:
        return Refusal(
            f"cannot join the trail {name}: it writes its log files into the watched bucket,"
            " and every log file would start an execution",
            "watch another bucket, or leave `trigger.trail` out",
            in_config=True,
        )
    if not reads.ask(cloudtrail.get_trail_status, Name=name).result()["IsLogging"]:
        return Refusal(
            f"cannot join the trail {name}: it is not logging, so no event would arrive",
            f"start it with `aws cloudtrail start-logging --name {name}`",
        )
    return None


def _mixed(reads: Reads, desired: EventSelector) -> Refusal | None:
    """Our own trail has advanced selectors, and putting one wipes all basic ones.

    Those that AWS gave by itself are nobody's, unless the trail is somebody's who lives by them.
    """
    ask = reads.ask(reads.aws.cloudtrail.get_event_selectors, TrailName=desired.trail)
    found: Any = call_or_none(ask.result, MISSING) or {}
    basic = [] if found.get(ADVANCED) else found.get(BASIC, [])
    if not basic or (
        all(map(trail_selectors.is_default, basic)) and trails.is_ours(reads, desired.trail)
    ):
        return None
    return Refusal(
        "has no place: others gave the trail basic selectors, which AWS cannot mix with ours",
        "remove those selectors, name another trail in `trigger.trail`, or use `via: s3`",
    )
