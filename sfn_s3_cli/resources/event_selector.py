"""The trail's event selector for our objects: our slice of what a trail logs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from sfn_s3_cli.aws.eventually import retry_while
from sfn_s3_cli.events import cloudtrail
from sfn_s3_cli.iam import arns
from sfn_s3_cli.iam.names import OWN_TRAIL, Names
from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.resources import other_trails, role_notes, selector_forms, trail_selectors
from sfn_s3_cli.resources.base import FLEETING, Address, Removal, Resource
from sfn_s3_cli.resources.change import Action, Change
from sfn_s3_cli.resources.observation import Found, Missing, Observation, Refused, RoleTags
from sfn_s3_cli.resources.permissions import Permission, Scope, Verb
from sfn_s3_cli.resources.reasons import Reason, ReasonType
from sfn_s3_cli.resources.rule import note_disabled
from sfn_s3_cli.resources.selector_forms import fingerprint
from sfn_s3_cli.resources.trail_obstacles import find_excess, find_obstacle
from sfn_s3_cli.resources.trail_selectors import LOADING, YOUNG
from sfn_s3_cli.resources.words import SELECTOR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from types_boto3_cloudtrail.type_defs import GetTrailStatusResponseTypeDef

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place

EXISTS: tuple[str, ...] = ()
MISSING = trail_selectors.MISSING

_OBJECTS = "resources.ARN"
_NOTES = (role_notes.TRAIL, role_notes.SELECTOR, role_notes.CUTOVER)
_DELAY = ReasonType("SOURCE_DELAY", cloudtrail.DELAY_NOTE)
_STILL_BILLED = ReasonType(
    "STILL_BILLED",
    "Trail {trail} logs the data events of bucket {bucket} although the trigger is disabled, and"
    " AWS bills them.",
    describes_state=True,
)
_DELIVERY_FAILS = ReasonType(
    "TRAIL_DELIVERY_FAILS",
    "CloudTrail cannot write the log files of trail {trail}: {error} (last written: {last})."
    " It retries for 30 days.",
    "check that the trail's log bucket exists and that its policy lets CloudTrail write; a deploy"
    " repairs those of sfnctl's own trail",
    describes_state=True,
)


@dataclass(frozen=True, kw_only=True)
class EventSelector(Resource):
    """`name` is the pipeline's: the slice stays the same when the config moves to another trail."""

    kind: ClassVar[str] = "event_selector"
    is_shared: ClassVar[bool] = True
    trail: str
    selector: JsonObject = field(metadata=SELECTOR)
    """The advanced form, even if the trail has the basic one."""
    old_trails: tuple[str, ...] = field(default=(), metadata=FLEETING)
    """The trails that keep our selector for a while after the config has moved to another one."""
    old_until: str | None = field(default=None, compare=False)
    """Until when they keep it."""
    also_on: tuple[str, ...] = ()
    """Further trails that have our selector, as after a move back. No deploy has announced that it
    goes from there, so that has to be reviewed."""
    is_logging: bool = True
    """Whether the trail is logging at all."""
    basic: JsonObject = field(compare=False)
    """The same for a trail that has basic selectors."""
    bucket: str = field(compare=False)
    """The watched bucket, which the trail must not write to."""
    relies_on_others: bool = field(default=False, compare=False)
    """Whether the config says that a trail of others logs the events already."""

    @property
    def essence(self) -> str:
        found = (each for each in self.selector["FieldSelectors"] if each["Field"] == _OBJECTS)
        watched = [
            f"s3://{arn.rpartition(':')[2]}" for each in found for arn in each.get("StartsWith", ())
        ]
        return f"trail {self.trail} logs {', '.join(watched)}"

    @property
    def owner(self) -> str:
        return self.name

    @property
    def is_slice(self) -> bool:
        return True

    @property
    def joins(self) -> bool:
        """Whether the trail belongs to somebody else."""
        return self.trail != OWN_TRAIL

    def outputs(self, aws: Aws) -> Mapping[str, str | None]:
        return {"trail_arn": arns.trail(aws.place, self.trail)}


@dataclass(frozen=True)
class FoundSelector(Found[EventSelector]):
    trails: tuple[str, ...] = ()
    """The trails that have our selector: two after a move to another trail."""
    left: tuple[str, ...] = ()
    """Those of them that the config has left, as the events role notes."""
    left_until: str = ""
    """Until when they keep the selector, as the events role notes."""
    fingerprints: tuple[str, ...] = ()
    """Of the basic forms that we put on trails of others, as the events role notes them."""
    delivery: Reason | None = None
    """Why the trail cannot write its log files."""


def observe(reads: Reads, desired: EventSelector, *, wanted: bool) -> Observation[EventSelector]:
    """Looks on the config's trail, on sfnctl's own, and on those that the events role notes."""
    client = reads.aws.cloudtrail
    for trail in (OWN_TRAIL, desired.trail):  # asked before the first answer is awaited
        reads.ask(client.get_event_selectors, TrailName=trail)
        reads.ask(client.get_trail_status, Name=trail)
    if wanted and (reason := find_obstacle(reads, desired)):
        return Refused(reason)
    notes = role_notes.read(reads, desired.pipeline)
    fingerprints = tuple(notes.get(role_notes.SELECTOR, "").split())
    if wanted and (excess := find_excess(reads, desired, fingerprints)):
        return Refused(excess)
    noted_trails = notes.get(role_notes.TRAIL, "").split()
    carriers = {
        trail: selector
        for trail in dict.fromkeys([*noted_trails, OWN_TRAIL, desired.trail])
        if (selector := _read_ours(reads, trail, desired, fingerprints))
    }
    if carriers:
        return _describe(reads, desired, carriers, notes)
    if not wanted and fingerprints:
        return FoundSelector(desired, owner=desired.name, fingerprints=fingerprints)
    if desired.joins and selector_forms.has_basic(
        trail_selectors.read(reads, desired.trail), desired.basic
    ):
        return FoundSelector(desired, owner=None, fingerprints=fingerprints)
    return Missing()


def _read_ours(
    reads: Reads, trail: str, desired: EventSelector, fingerprints: Collection[str]
) -> JsonObject | None:
    selectors = trail_selectors.read(reads, trail)
    return selector_forms.find(selectors, desired.selector, desired.basic, fingerprints)


def _describe(
    reads: Reads,
    desired: EventSelector,
    carriers: Mapping[str, JsonObject],
    notes: Mapping[str, str],
) -> FoundSelector:
    """What AWS has, given our selector by trail and the tags of the events role."""
    until, *left = notes.get(role_notes.CUTOVER, "").split() or [""]
    trail = desired.trail if desired.trail in carriers else min({*carriers} - {*left} or carriers)
    others = {*carriers} - {trail}
    status = reads.ask(reads.aws.cloudtrail.get_trail_status, Name=trail).result()
    found = replace(
        desired,
        trail=trail,
        selector=carriers[trail],
        old_trails=tuple(sorted(others & {*left})),
        also_on=tuple(sorted(others - {*left})),
        is_logging=status["IsLogging"],
    )
    noted = {key: notes[key] for key in _NOTES if key in notes}
    is_in_place = (found.trail, found.selector) == (desired.trail, desired.selector)
    wanted_notes = noted if others or not is_in_place else _final_notes(desired)
    return FoundSelector(
        found,
        owner=desired.name,
        role_tags=RoleTags(noted, wanted_notes),
        trails=(*carriers,),
        left=tuple(left),
        left_until=until,
        fingerprints=tuple(notes.get(role_notes.SELECTOR, "").split()),
        delivery=_read_delivery(trail, status),
    )


def _read_delivery(trail: str, status: GetTrailStatusResponseTypeDef) -> Reason | None:
    """https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html"""
    error, last = status.get("LatestDeliveryError"), status.get("LatestDeliveryTime")
    if not error:
        return None
    written = f"{last.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if last else "never"
    return _DELIVERY_FAILS(trail=trail, error=error, last=written)


def create(aws: Aws, desired: EventSelector) -> None:
    if desired.joins:
        role_notes.write(aws, desired.pipeline, _final_notes(desired))
    _put(aws, desired.trail, desired, ())
    if not desired.joins:
        _start(aws, desired)


def update(aws: Aws, observed: FoundSelector, desired: EventSelector) -> None:
    """If the config moved to another trail, that one logs before ours leaves the old one."""
    before, staying = observed.resource, {*desired.old_trails}
    left = {*observed.trails} - {desired.trail} - staying
    is_new = (before.trail, before.selector) != (desired.trail, desired.selector)
    if left or is_new:
        known = {*observed.fingerprints, fingerprint(desired.basic)}
        _note(aws, observed, desired, _notes_of({*left, *staying, desired.trail}, known, desired))
        if is_new:
            _put(aws, desired.trail, desired, observed.fingerprints)
        if not desired.joins and (is_new or not before.is_logging):
            _start(aws, desired)
        for trail in sorted(left):
            _remove(aws, trail, desired, observed.fingerprints)
        if not staying:
            _note(aws, observed, desired, _final_notes(desired))
        return
    if staying and desired.old_until != observed.left_until:
        known = {*observed.fingerprints, fingerprint(desired.basic)}
        _note(aws, observed, desired, _notes_of({*staying, desired.trail}, known, desired))
    elif observed.role_tags.before != observed.role_tags.after:  # a run was cut off
        _note(aws, observed, desired, _final_notes(desired))
    if not before.is_logging and not desired.joins:
        _start(aws, desired)


def delete(aws: Aws, observed: FoundSelector, removal: Removal) -> None:  # noqa: ARG001
    ours = observed.resource
    for trail in observed.trails:
        _remove(aws, trail, ours, observed.fingerprints)
    if observed.fingerprints or observed.left:
        role_notes.remove(aws, ours.pipeline, *_NOTES)


def _put(aws: Aws, trail: str, ours: EventSelector, fingerprints: Collection[str]) -> None:
    _rewrite(aws, trail, ours, fingerprints, add=True)


def _remove(aws: Aws, trail: str, ours: EventSelector, fingerprints: Collection[str]) -> None:
    if _rewrite(aws, trail, ours, fingerprints, add=False) == {}:
        # The trail itself is deleted next; a trail cannot be without selectors.
        retry_while(aws, lambda: aws.cloudtrail.stop_logging(Name=trail), LOADING)


def _rewrite(
    aws: Aws, trail: str, ours: EventSelector, fingerprints: Collection[str], *, add: bool
) -> object:
    """Puts our selector in or takes it out, among those of others; returns what was merged."""
    merge = partial(
        selector_forms.merge,
        ours=ours.selector,
        basic=ours.basic,
        fingerprints=fingerprints,
        is_own_trail=trail == OWN_TRAIL,
        add=add,
    )
    return trail_selectors.rewrite(aws, trail, merge, must_exist=add)


def _start(aws: Aws, desired: EventSelector) -> None:
    """A new trail is off. It is started when it logs our selector's events and nothing else."""
    start = partial(aws.cloudtrail.start_logging, Name=desired.trail)
    retry_while(aws, start, LOADING, YOUNG)


def _note(aws: Aws, observed: FoundSelector, desired: EventSelector, notes: dict[str, str]) -> None:
    if notes:
        role_notes.write(aws, desired.pipeline, notes)
    if obsolete := {*observed.role_tags.before} - {*notes}:
        role_notes.remove(aws, desired.pipeline, *sorted(obsolete))


def _final_notes(desired: EventSelector) -> dict[str, str]:
    return _notes_of({desired.trail}, {fingerprint(desired.basic)}, desired)


def _notes_of(
    trails_: Collection[str], fingerprints: Collection[str], desired: EventSelector
) -> dict[str, str]:
    """Which trails of others have our selector, in which basic forms, and which are old ones."""
    notes = {}
    if joined := {*trails_} - {OWN_TRAIL}:
        notes[role_notes.TRAIL] = " ".join(sorted(joined))
        notes[role_notes.SELECTOR] = " ".join(sorted(fingerprints))
    if desired.old_until and desired.old_trails:
        notes[role_notes.CUTOVER] = " ".join((desired.old_until, *desired.old_trails))
    return notes


def permissions(desired: EventSelector, place: Place) -> Iterator[Permission]:
    own = Scope("Trail", (arns.trail(place, OWN_TRAIL),))
    role = Scope("EventsRole", (arns.role(place, Names(desired.pipeline, place).events_role),))
    put = "cloudtrail:PutEventSelectors"
    yield Permission(Verb.READ, own, "cloudtrail:GetEventSelectors cloudtrail:GetTrailStatus")
    yield Permission(Verb.READ, role, "iam:GetRole")
    yield Permission(Verb.REMOVE, own, f"{put} cloudtrail:StopLogging")
    yield Permission(Verb.MAKE, role, "iam:TagRole iam:UntagRole")
    yield Permission(Verb.REMOVE, role, "iam:UntagRole")
    if desired.relies_on_others:
        yield from other_trails.permissions(place)
    if not desired.joins:
        yield Permission(Verb.MAKE, own, f"{put} cloudtrail:StartLogging")
        return
    joined = Scope("JoinedTrail", (arns.trail(place, desired.trail),))
    read = "cloudtrail:GetEventSelectors cloudtrail:GetTrailStatus"
    yield Permission(Verb.READ, joined, read)
    yield Permission(Verb.READ_WANTED, joined, "cloudtrail:GetTrail")
    yield Permission(Verb.MAKE, joined, put)
    yield Permission(Verb.MAKE, own, f"{put} cloudtrail:StopLogging")
    yield Permission(Verb.REMOVE, joined, put)


def notes(change: Change, changes: Mapping[Address, Change]) -> Iterator[Reason]:
    match change:
        case Change(desired=EventSelector(trail=trail, bucket=bucket)):
            yield from note_disabled(changes, _STILL_BILLED, trail=trail, bucket=bucket)
    match change:
        case Change(desired=EventSelector(), observed=FoundSelector(delivery=Reason() as reason)):
            yield reason
    if change.action is Action.CREATE:
        yield _DELAY()
