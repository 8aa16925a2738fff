"""The switch that sends a bucket's events to EventBridge: our slice of its notifications."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from sfn_s3_cli.aws import buckets
from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import BUSY_BUCKET, TransientError, retry_while
from sfn_s3_cli.events import s3
from sfn_s3_cli.events.cutover import FIELD, Cutover, Side
from sfn_s3_cli.events.pattern import list_alternatives
from sfn_s3_cli.iam import arns
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.resources import role_notes
from sfn_s3_cli.resources.base import Address, Removal, Resource
from sfn_s3_cli.resources.change import Action
from sfn_s3_cli.resources.observation import Found, Missing, Observation, RoleTags
from sfn_s3_cli.resources.permissions import EVERYTHING, Permission, Scope, Verb
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.role_notes import NOTIFICATIONS
from sfn_s3_cli.resources.rule import MISSING as RULE_MISSING
from sfn_s3_cli.resources.rule import note_disabled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from concurrent.futures import Future

    from types_boto3_events.type_defs import DescribeRuleResponseTypeDef, RuleTypeDef

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.resources.change import Change
    from sfn_s3_cli.resources.reasons import Reason

EXISTS: tuple[str, ...] = ()
MISSING = buckets.MISSING
SWITCH = "EventBridgeConfiguration"

_OTHER_RULES = ReasonType("OTHER_RULES", "rules that read the bucket's events: {rules}")
_DELAY = ReasonType("SOURCE_DELAY", s3.DELAY_NOTE)
_STILL_BILLED = ReasonType(
    "STILL_BILLED",
    "Bucket {bucket} sends its events to EventBridge although the trigger is disabled, and AWS"
    " bills them.",
    describes_state=True,
)


@dataclass(frozen=True, kw_only=True)
class BucketNotification(Resource):
    """`name` is the pipeline's: the slice stays the same if the config moves to another bucket."""

    kind: ClassVar[str] = "bucket_notification"
    is_shared: ClassVar[bool] = True
    eventbridge_on: tuple[str, ...]
    """The buckets that are switched on: the config's, and any other that we switched on."""

    @property
    def essence(self) -> str:
        return f"EventBridge on for {', '.join(self.eventbridge_on)}"

    @property
    def owner(self) -> str:
        return self.name

    @property
    def is_slice(self) -> bool:
        return True


@dataclass(frozen=True)
class FoundNotification(Found[BucketNotification]):
    switched_on: tuple[str, ...] = ()
    """The buckets that we switched on, as the events role notes."""
    is_starting: bool = False
    """Whether another pipeline has switched one on so recently that events may still be missing."""


def observe(
    reads: Reads, desired: BucketNotification, *, wanted: bool
) -> Observation[BucketNotification]:
    answers = {bucket: _ask(reads, bucket) for bucket in desired.eventbridge_on}
    rule = _ask_rule(reads, desired) if wanted else None
    notes = role_notes.read(reads, desired.pipeline)
    noted = notes.get(NOTIFICATIONS, "").split()
    answers |= {bucket: _ask(reads, bucket) for bucket in noted}
    found = {bucket: call_or_none(answer.result, *MISSING) for bucket, answer in answers.items()}
    on = tuple(sorted(bucket for bucket, answer in found.items() if is_on(answer)))
    if not on and (wanted or NOTIFICATIONS not in notes):
        return Missing()
    switched_on = tuple(bucket for bucket in on if bucket in noted)
    wanted_note = switched_on if on == desired.eventbridge_on else noted
    return FoundNotification(
        BucketNotification(name=desired.name, pipeline=desired.pipeline, eventbridge_on=on),
        owner=desired.name if NOTIFICATIONS in notes else None,
        used_by=None if wanted else _find_strangers(reads.aws, switched_on, desired.pipeline),
        role_tags=RoleTags(_write_note(noted), _write_note(wanted_note)),
        switched_on=switched_on,
        is_starting=bool(
            rule
            and _has_to_take_over(rule)
            and _is_starting(reads.aws, {*on} - {*noted}, desired.pipeline)
        ),
    )


def _ask_rule(reads: Reads, desired: BucketNotification) -> Future[DescribeRuleResponseTypeDef]:
    name = Names(desired.pipeline, reads.aws.place).rule(s3.VIA)
    return reads.ask(reads.aws.events.describe_rule, Name=name)


def _has_to_take_over(rule: Future[DescribeRuleResponseTypeDef]) -> bool:
    """Whether our rule does not match all of the bucket's events yet."""
    found = call_or_none(rule.result, *RULE_MISSING)
    return found is None or FIELD in json.loads(found.get("EventPattern", "{}"))


def _is_starting(aws: Aws, buckets: Iterable[str], pipeline: str) -> bool:
    """Whether rules of others that read these buckets are waiting for the events to begin."""
    return any(
        each.cutover and each.cutover.side is not Side.BEFORE and each.cutover.moment > aws.now()
        for bucket in buckets
        for each in _list_readers(aws, bucket, pipeline)
    )


def _write_note(buckets: Iterable[str]) -> dict[str, str]:
    """The tag of the events role. A run that was cut off can leave a bucket too many in it."""
    return {NOTIFICATIONS: " ".join(sorted(buckets))}


def create(aws: Aws, desired: BucketNotification) -> None:
    role_notes.write(aws, desired.pipeline, _write_note(desired.eventbridge_on))
    for bucket in desired.eventbridge_on:
        _switch(aws, bucket, on=True)


def update(aws: Aws, observed: FoundNotification, desired: BucketNotification) -> None:
    """Switches the config's bucket on before it releases a bucket that the config has left."""
    wanted, was_on = set(desired.eventbridge_on), set(observed.resource.eventbridge_on)
    ours = set(observed.switched_on) | (wanted - was_on)
    role_notes.write(aws, desired.pipeline, _write_note(ours))
    for bucket in sorted(wanted - was_on):
        _switch(aws, bucket, on=True)
    for bucket in sorted(set(observed.switched_on) - wanted):
        _release(aws, bucket, desired.pipeline)
    role_notes.write(aws, desired.pipeline, _write_note(ours & wanted))


def delete(aws: Aws, observed: FoundNotification, removal: Removal) -> None:  # noqa: ARG001
    pipeline = observed.resource.pipeline
    for bucket in observed.switched_on:
        _release(aws, bucket, pipeline)
    role_notes.remove(aws, pipeline, NOTIFICATIONS)


def _ask(reads: Reads, bucket: str) -> Any:
    return reads.ask(reads.aws.s3.get_bucket_notification_configuration, Bucket=bucket)


def is_on(configuration: Any) -> bool:
    """The presence of the key is what counts; its value is empty."""
    return configuration is not None and SWITCH in configuration


def _switch(aws: Aws, bucket: str, *, on: bool) -> None:
    """Reads, changes the one key and writes back the rest: a write replaces everything."""

    def put() -> None:
        ask = partial(aws.s3.get_bucket_notification_configuration, Bucket=bucket)
        configuration: Any = ask() if on else call_or_none(ask, *MISSING)
        if configuration is None or is_on(configuration) == on:
            return
        others: Any = {
            key: value
            for key, value in configuration.items()
            if key not in {"ResponseMetadata", SWITCH}
        }
        aws.s3_without_retries.put_bucket_notification_configuration(
            Bucket=bucket,
            NotificationConfiguration=others | {SWITCH: {}} if on else others,
            SkipDestinationValidation=True,  # else one stale queue of others would fail the call
        )

    # A new bucket may not be known everywhere yet.
    transient = (BUSY_BUCKET, TransientError("NoSuchBucket")) if on else (BUSY_BUCKET,)
    retry_while(aws, put, *transient, within=60, all_transient=True)


def _release(aws: Aws, bucket: str, pipeline: str) -> None:
    """Switches a bucket off, unless other rules read its events.

    If one of them belongs to a pipeline, that pipeline inherits the bucket and will switch it off.
    """
    gone: set[str] = set()
    while readers := [
        each for each in _list_readers(aws, bucket, pipeline) if each.pipeline not in gone
    ]:
        heir = _find_pipeline(readers)
        if heir is None or _hand_over(aws, bucket, pipeline, heir):
            return
        gone.add(heir)
    _switch(aws, bucket, on=False)


def _hand_over(aws: Aws, bucket: str, pipeline: str, heir: str) -> bool:
    """Records on the heir's role that it must switch the bucket off; False if the heir leaves.

    The heir may be tearing down as well. If its rule still exists after our note, it will see the
    note: a teardown deletes the rule before it reads the role for the last time.
    """
    return role_notes.append(aws, heir, NOTIFICATIONS, bucket) and any(
        each.pipeline == heir for each in _list_readers(aws, bucket, pipeline)
    )


def _find_strangers(aws: Aws, buckets: Iterable[str], pipeline: str) -> Reason | None:
    """The rules that keep a switch on when no other pipeline could inherit it."""
    strangers: list[str] = []
    for bucket in buckets:
        readers = _list_readers(aws, bucket, pipeline)
        if not _find_pipeline(readers):
            strangers += [each.rule for each in readers]
    return _OTHER_RULES(rules=tuple(dict.fromkeys(strangers))) if strangers else None


class _Reader(NamedTuple):
    """A rule that reads a bucket's events, the pipeline that its tags name, and its cutover."""

    rule: str
    pipeline: str | None
    cutover: Cutover | None


def _find_pipeline(readers: Iterable[_Reader]) -> str | None:
    return next((each.pipeline for each in readers if each.pipeline), None)


def _list_readers(aws: Aws, bucket: str, pipeline: str) -> list[_Reader]:
    """The rules, but the pipeline's own, that match the bucket's own events."""
    readers = []
    for page in aws.events.get_paginator("list_rules").paginate():
        for rule in page["Rules"]:
            pattern = json.loads(rule.get("EventPattern", "{}"))
            if can_match(pattern, bucket) and (reader := _describe(aws, rule, pattern)):
                readers.append(reader)
    return [each for each in readers if each.pipeline != pipeline]


def _describe(aws: Aws, rule: RuleTypeDef, pattern: JsonObject) -> _Reader | None:
    """Reads whose a rule is from its tags; None if the rule does not exist any more."""
    list_tags = partial(aws.events.list_tags_for_resource, ResourceARN=rule["Arn"])
    answer = call_or_none(list_tags, *RULE_MISSING)
    if answer is None:
        return None
    tags = ownership.from_list(answer["Tags"])
    owner = ownership.read_owner(tags)
    cutover = Cutover.read(tags.get(ownership.CUTOVER, ""), pattern)
    return _Reader(rule["Name"], None if owner == ownership.SHARED else owner, cutover)


def can_match(pattern: JsonObject, bucket: str) -> bool:
    """Whether an event pattern can match S3's own events of that bucket."""
    return any(_can_match(each, bucket) for each in list_alternatives(pattern))


def _can_match(pattern: JsonObject, bucket: str) -> bool:
    if not pattern or not _allows(lambda value: value == "aws.s3", pattern.get("source")):
        return False
    if not _allows(lambda value: value.startswith("Object "), pattern.get("detail-type")):
        return False
    match pattern:
        case {"detail": {"bucket": {"name": list(names)}}}:
            return _allows(lambda value: value == bucket, names)
    return True


def _allows(fits: Callable[[str], bool], values: Iterable[object] | None) -> bool:
    """Whether a pattern's list allows a value; an operator such as a prefix may allow any."""
    return values is None or any(not isinstance(value, str) or fits(value) for value in values)


def permissions(desired: BucketNotification, place: Place) -> Iterator[Permission]:
    names = Names(desired.pipeline, place)
    buckets = Scope("Bucket", tuple(arns.bucket(place, each) for each in desired.eventbridge_on))
    own_role = Scope("EventsRole", (arns.role(place, names.events_role),))
    other_roles = Scope(
        "OtherPipelines",
        tuple(arns.role(place, f"{path}sfnctl-*") for path in ("", "*/")),
        ("ForAllValues:StringEquals", "aws:TagKeys", NOTIFICATIONS),
    )
    yield Permission(Verb.READ, buckets, "s3:GetBucketNotification")
    yield Permission(Verb.READ, own_role, "iam:GetRole")
    yield Permission(Verb.MAKE, own_role, "iam:TagRole")
    rules = Scope("Rules", (arns.rule(place, "*"),))
    for verb in (Verb.READ, Verb.MAKE, Verb.REMOVE):
        yield Permission(verb, rules, "events:ListTagsForResource")
    yield Permission(Verb.READ, EVERYTHING, "events:ListRules")
    for verb in (Verb.MAKE, Verb.REMOVE):
        yield Permission(verb, buckets, "s3:PutBucketNotification")
        yield Permission(verb, EVERYTHING, "events:ListRules")
        yield Permission(verb, other_roles, "iam:GetRole iam:TagRole")
    yield Permission(Verb.REMOVE, own_role, "iam:UntagRole")


def notes(change: Change, changes: Mapping[Address, Change]) -> Iterator[Reason]:
    if isinstance(change.desired, BucketNotification):
        buckets = ", ".join(change.desired.eventbridge_on)
        yield from note_disabled(changes, _STILL_BILLED, bucket=buckets)
    if change.action in {Action.CREATE, Action.UPDATE}:
        yield _DELAY()
